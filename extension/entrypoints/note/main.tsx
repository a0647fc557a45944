import { NoteWindow } from "../../interface/NoteWindow.tsx";
import { openPage } from "../../interface/open-page.tsx";
import { closeOwn } from "../../interface/own-pages.ts";

const id = new URL(location.href).searchParams.get("id") ?? "";
openPage("note_title", <NoteWindow id={id} close={() => void closeOwn()} />);
