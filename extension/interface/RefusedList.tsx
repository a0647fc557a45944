import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ask } from "../messaging.ts";
import type { AnnotationView } from "../model.ts";
import { isWebAddress } from "../url-key.ts";
import { counted, failureText, t } from "./text.ts";

interface Properties {
  readonly refused: number;
  readonly say: (text: string) => void;
}

/** What the server did not take, on whatever page it is, with its reason. To give it up there is the panel, which can undo that. */
export function RefusedList({ refused, say }: Properties): JSX.Element | null {
  const [annotations, setAnnotations] = useState<readonly AnnotationView[]>([]);
  useEffect(() => {
    if (refused === 0) return setAnnotations([]);
    ask("refused.all", {}).then(
      (answer) => setAnnotations(answer.annotations),
      (error: unknown) => say(failureText(error)),
    );
  }, [refused, say]);
  if (refused === 0) return null;
  const retry = (id: string) =>
    void ask("refused.settle", { id, deed: "retry" }).then(
      () => setAnnotations((list) => list.filter((one) => one.id !== id)),
      (error: unknown) => say(failureText(error)),
    );
  return (
    <div class="refused-all">
      <p class="bad">{counted("panel_refused_one", "panel_refused_other", refused)}</p>
      <ul class="refused-list">
        {annotations.map((annotation) => (
          <RefusedRow key={annotation.id} annotation={annotation} retry={retry} />
        ))}
      </ul>
    </div>
  );
}

/** A link only where it leads to a page: another program may have written any address. */
function Address({ url }: { readonly url: string }): JSX.Element {
  if (!isWebAddress(url)) return <span dir="ltr">{url}</span>;
  return (
    <a href={url} target="_blank" rel="noreferrer" dir="ltr">
      {url}
    </a>
  );
}

interface RowProperties {
  readonly annotation: AnnotationView;
  readonly retry: (id: string) => void;
}

function RefusedRow({ annotation: { id, url, quote, note, send }, retry }: RowProperties): JSX.Element {
  return (
    <li>
      {quote !== "" && <blockquote dir="auto">{quote}</blockquote>}
      {note !== "" && <p dir="auto">{note}</p>}
      <p class="hint">
        <Address url={url} />
      </p>
      <div class="refused">
        {send.kind === "refused" && <p>{t("panel_refused", send.reason)}</p>}
        <div class="deeds">
          <button type="button" onClick={() => retry(id)}>
            {t("panel_retry")}
          </button>
        </div>
      </div>
    </li>
  );
}
