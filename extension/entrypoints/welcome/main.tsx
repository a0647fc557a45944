import { openPage } from "../../interface/open-page.tsx";
import { Welcome } from "../../interface/Welcome.tsx";

openPage("welcome_title", <Welcome address={location.href} />);
