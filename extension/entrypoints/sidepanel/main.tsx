import { openPage } from "../../interface/open-page.tsx";
import { Panel } from "../../interface/Panel.tsx";

openPage("panel_title", <Panel address={location.href} />);
