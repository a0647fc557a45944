import { Help } from "../../interface/Help.tsx";
import { openPage } from "../../interface/open-page.tsx";

openPage("help_title", <Help />);
