import type { JSX } from "preact";
import { Markdown } from "./Markdown.tsx";
import { t } from "./text.ts";

/** A note and its tags, to be read. */
export function Written({
  note,
  tags,
}: {
  readonly note: string;
  readonly tags: readonly string[];
}): JSX.Element {
  return (
    <>
      {note.trim() !== "" && (
        <div class="note" dir="auto">
          <Markdown note={note} />
        </div>
      )}
      {tags.length > 0 && (
        <ul class="tags" aria-label={t("panel_tags_label")}>
          {tags.map((tag) => (
            <li class="tag" key={tag} dir="auto">
              {tag}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
