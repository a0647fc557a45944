import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { t } from "./text.ts";

interface Properties {
  readonly label: string;
  readonly text: string;
  readonly change: (text: string) => void;
}

/** Filters as one types; Escape empties it. */
export function SearchField({ label, text, change }: Properties): JSX.Element {
  const name = useId();
  return (
    <div class="field search-field">
      <label for={name}>{label}</label>
      <input
        id={name}
        type="search"
        dir="auto"
        autocomplete="off"
        spellcheck={false}
        placeholder={t("panel_filter_placeholder")}
        value={text}
        onInput={(event) => change(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || text === "") return;
          // Kept from the browser, which would close a small window or leave full screen.
          event.preventDefault();
          change("");
        }}
      />
    </div>
  );
}
