import type { JSX } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { ask, onAnnouncement } from "../messaging.ts";
import type { AnnotationView, Library } from "../model.ts";
import { allWritten } from "./draft.ts";
import { libraryName } from "./LibraryChooser.tsx";
import { NoteField } from "./NoteField.tsx";
import { Notice } from "./Notice.tsx";
import { TagField } from "./TagField.tsx";
import { COLOR_NAMES, t } from "./text.ts";
import { Written } from "./Written.tsx";

const RETRY = 500;
/** Milliseconds to wait for the last words to be kept; a window that has more to wait for stays open and says why. */
const LAST_WORDS = 2000;

interface Properties {
  readonly id: string;
  /** Closes the window; called once all that was typed is kept. */
  readonly close: () => void;
}

/** The small window where one note is typed. A background that is just restarting is asked until it answers. */
export function NoteWindow({ id, close }: Properties): JSX.Element {
  const { annotation, library, waiting } = useAnnotation(id);
  const [said, say] = useState("");
  const finish = useCallback(async () => {
    // Leaving a field takes its half-typed tag along.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    if (await allWritten(LAST_WORDS)) close();
  }, [close]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const done = event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey));
      if (!done || event.isComposing) return;
      event.preventDefault();
      void finish();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [finish]);

  return (
    <main class="note-window">
      <h1 class="unseen">{t("note_title")}</h1>
      <p role="status" class="waiting">
        {waiting ? t("note_waiting") : annotation === undefined ? t("note_loading") : said}
      </p>
      {annotation === null && <Notice title={t("note_missing_title")} text={t("note_missing_text")} />}
      {annotation && (
        <>
          <Quoted annotation={annotation} />
          {library !== null && (
            <p class="hint" dir="auto">
              {t("note_library", libraryName(library))}
            </p>
          )}
          {annotation.mine ? (
            <>
              <NoteField id={annotation.id} note={annotation.note} focus={1} />
              <TagField id={annotation.id} tags={annotation.tags} say={say} />
            </>
          ) : (
            <>
              <p dir="auto">{t("panel_author", annotation.author)}</p>
              <Written note={annotation.note} tags={annotation.tags} />
            </>
          )}
        </>
      )}
      <div class="deeds">
        <button type="button" onClick={finish}>
          {t("note_close")}
        </button>
        {annotation?.mine && <p class="hint">{t("note_keys")}</p>}
      </div>
    </main>
  );
}

function Quoted({ annotation }: { readonly annotation: AnnotationView }): JSX.Element | null {
  if (annotation.quote === "") return null;
  return (
    <figure class={`card ${annotation.color}`}>
      <figcaption class="facts">
        <span class={`swatch ${annotation.color}`} aria-hidden="true" />
        {t("note_quote")} · {t(COLOR_NAMES[annotation.color])}
      </figcaption>
      <blockquote class="quote" dir="auto" tabIndex={-1}>
        {annotation.quote}
      </blockquote>
    </figure>
  );
}

interface Asked {
  /** undefined until there is an answer, null where no such annotation exists. */
  readonly annotation: AnnotationView | null | undefined;
  /** The one that it is in. */
  readonly library: Library | null;
  readonly waiting: boolean;
}

function useAnnotation(id: string): Asked {
  const [asked, setAsked] = useState<Asked>({ annotation: undefined, library: null, waiting: false });
  useEffect(() => {
    let timer = 0;
    let gone = false;
    const look = () =>
      void ask("annotation.get", { id }).then(
        (answer) => gone || setAsked({ ...answer, waiting: false }),
        () => {
          if (gone) return;
          setAsked((before) => ({ ...before, waiting: true }));
          timer = window.setTimeout(look, RETRY);
        },
      );
    look();
    const stop = onAnnouncement({ changed: ({ what }) => what === "annotations" && look() });
    return () => {
      gone = true;
      clearTimeout(timer);
      stop();
    };
  }, [id]);
  return asked;
}
