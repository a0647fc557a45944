import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { ask } from "../messaging.ts";
import type { Libraries, Library } from "../model.ts";
import { failureText, t } from "./text.ts";

interface Properties {
  readonly libraries: Libraries;
  readonly tell: (text: string) => void;
}

/** Which library is shown and takes what is made, and who reads it. With more than one there is a choice. */
export function LibraryChooser({ libraries: { chosen, all }, tell }: Properties): JSX.Element {
  const name = useId();
  const [wanted, setWanted] = useState<string | null>(null);
  if (all.length < 2) return <p class="hint">{t("panel_library_own")}</p>;
  const choose = (id: string) => {
    setWanted(id);
    ask("library.choose", { id })
      .then(
        ({ libraries }) => tell(t("panel_library_chosen", libraryName(libraries.chosen))),
        (error: unknown) => tell(failureText(error)),
      )
      .finally(() => setWanted(null));
  };
  return (
    <div class={`library ${chosen.own ? "own" : "shared"}`}>
      <label for={name}>{t("panel_library_label")}</label>
      <select
        id={name}
        value={wanted ?? chosen.id}
        aria-describedby={`${name}-who`}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {all.map((library) => (
          <option key={library.id} value={library.id} dir="auto">
            {choiceOf(library)}
          </option>
        ))}
      </select>
      <p class="hint" id={`${name}-who`}>
        {whoReads(chosen)}
      </p>
    </div>
  );
}

/** What the reader knows it by: the own one has no other name than that. */
export function libraryName({ own, name, id }: Library): string {
  return own ? t("panel_library_mine") : name.trim() || id;
}

function choiceOf(library: Library): string {
  const name = libraryName(library);
  return library.role === "reader" ? t("panel_library_read_only", name) : name;
}

function whoReads({ own, role }: Library): string {
  if (own) return t("panel_library_own");
  return t(role === "reader" ? "panel_library_reader" : "panel_library_shared");
}
