import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { ask } from "../messaging.ts";
import type { AnnotationView } from "../model.ts";
import { SaveState } from "./NoteField.tsx";
import { asTag, suggestions, TAG_LENGTH, withTag } from "./tags.ts";
import { t } from "./text.ts";
import { useDraft } from "./use-draft.ts";

interface Properties {
  readonly id: string;
  readonly tags: readonly string[];
  /** Says something to a screen reader. */
  readonly say: (text: string) => void;
  /** Hears of every write that was kept. */
  readonly wrote?: (annotation: AnnotationView) => void;
}

/** Tags as chips, and a combobox to add one, completed from the tags that are in use. */
export function TagField({ id, tags, say, wrote }: Properties): JSX.Element {
  const write = async (text: string) => {
    const { annotation } = await ask("annotation.write", { id, tags: tagsOf(text) });
    wrote?.(annotation);
  };
  const draft = useDraft(JSON.stringify(tags), write);
  const shown = tagsOf(draft.text);
  const input = useRef<HTMLInputElement>(null);
  const name = useId();

  const set = (next: readonly string[], message: string) => {
    draft.input(JSON.stringify(next));
    say(message);
  };
  const add = (typed: readonly string[]) => {
    const next = typed.map(asTag).reduce(withTag, shown);
    if (next !== shown) set(next, t("panel_tag_added", next.slice(shown.length).join(", ")));
  };
  const remove = (tag: string) => {
    set(
      shown.filter((other) => other !== tag),
      t("panel_tag_removed", tag),
    );
    input.current?.focus();
  };

  return (
    <div class="field">
      <label for={name}>{t("panel_tags_label")}</label>
      <div class="tags-edited">
        {shown.map((tag) => (
          <span class="tag" key={tag}>
            <span dir="auto">{tag}</span>
            <button
              type="button"
              class="tag-remove"
              aria-label={t("panel_tag_remove", tag)}
              title={t("panel_tag_remove", tag)}
              onClick={() => remove(tag)}
            >
              <span aria-hidden="true">×</span>
            </button>
          </span>
        ))}
        <TagInput
          name={name}
          input={input}
          taken={shown}
          add={add}
          removeLast={() => remove(shown.at(-1) ?? "")}
        />
      </div>
      <p class="hint" id={`${name}-hint`}>
        {t("panel_tag_hint")}
      </p>
      <SaveState state={draft.state} />
    </div>
  );
}

interface InputProperties {
  readonly name: string;
  readonly input: { current: HTMLInputElement | null };
  readonly taken: readonly string[];
  readonly add: (typed: readonly string[]) => void;
  readonly removeLast: () => void;
}

function TagInput({ name, input, taken, add, removeLast }: InputProperties): JSX.Element {
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState(-1);
  const known = useKnownTags();
  const offered = suggestions(known, taken, typed);
  const list = `${name}-list`;

  const take = (text: string) => {
    add([text]);
    setTyped("");
    setChosen(-1);
  };
  const type = (text: string) => {
    const parts = text.split(",");
    if (parts.length > 1) add(parts.slice(0, -1));
    setTyped((parts.at(-1) ?? "").trimStart());
    setChosen(-1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move !== undefined && offered.length > 0) {
      // From the last one on comes the typed word itself (-1), then the first.
      setChosen(((chosen + 1 + move + offered.length + 1) % (offered.length + 1)) - 1);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      take(offered[chosen] ?? typed);
    } else if (event.key === "Escape" && typed !== "") {
      // Kept from whatever lies around, which would close: the first Escape only empties the field.
      event.stopPropagation();
      setTyped("");
    } else if (event.key === "Backspace" && typed === "" && taken.length > 0) {
      removeLast();
    } else {
      return;
    }
    event.preventDefault();
  };

  return (
    <span class="combobox">
      <input
        ref={input}
        id={name}
        type="text"
        role="combobox"
        dir="auto"
        autocomplete="off"
        maxLength={TAG_LENGTH}
        placeholder={t("panel_tag_add")}
        aria-describedby={`${name}-hint`}
        aria-autocomplete="list"
        aria-expanded={offered.length > 0}
        aria-controls={list}
        {...(chosen >= 0 ? { "aria-activedescendant": `${list}-${chosen}` } : {})}
        value={typed}
        onInput={(event) => type(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={() => take(typed)}
      />
      <div
        class="suggestions"
        role="listbox"
        id={list}
        aria-label={t("panel_tags_label")}
        hidden={offered.length === 0}
      >
        {offered.map((tag, index) => (
          <div
            key={tag}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            dir="auto"
            aria-selected={index === chosen}
            // Before the field loses the focus, and with it the list.
            onPointerDown={(event) => {
              event.preventDefault();
              take(tag);
            }}
          >
            {tag}
          </div>
        ))}
      </div>
    </span>
  );
}

function useKnownTags(): readonly string[] {
  const [known, setKnown] = useState<readonly string[]>([]);
  useEffect(() => {
    // Completion is a comfort: without an answer the field works all the same.
    ask("tags.all", {}).then(
      ({ tags }) => setKnown(tags),
      () => undefined,
    );
  }, []);
  return known;
}

function tagsOf(text: string): readonly string[] {
  return JSON.parse(text) as readonly string[];
}
