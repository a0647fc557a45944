import { NoteWindow } from "../../interface/NoteWindow.tsx";
import { openPage } from "../../interface/open-page.tsx";

const id = new URL(location.href).searchParams.get("id") ?? "";
openPage("note_title", <NoteWindow id={id} close={() => window.close()} />);
