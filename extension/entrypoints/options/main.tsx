import { Options } from "../../interface/Options.tsx";
import { openPage } from "../../interface/open-page.tsx";

openPage("options_title", <Options />);
