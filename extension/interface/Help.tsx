import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type Browser, browser } from "../browser.ts";
import { optional } from "../optional-browser.ts";
import { type MessageKey, t } from "./text.ts";

/** What a key does, where: `keys` are the caps to press. */
interface Line {
  readonly keys: readonly string[];
  readonly deed: MessageKey;
}

const TOOLBAR: readonly Line[] = [
  { keys: ["Shift+←", "Shift+→"], deed: "help_select" },
  { keys: ["←", "→", "Tab"], deed: "help_toolbar_move" },
  { keys: ["Enter", "Space"], deed: "help_toolbar_press" },
  { keys: ["1", "2", "3", "4", "5", "6"], deed: "help_toolbar_color" },
  { keys: ["N"], deed: "help_toolbar_note" },
  { keys: ["D", "Delete"], deed: "help_toolbar_delete" },
  { keys: ["O"], deed: "help_toolbar_next" },
  { keys: ["Z"], deed: "help_toolbar_undo" },
  { keys: ["Esc"], deed: "help_toolbar_close" },
];
const PANEL: readonly Line[] = [
  { keys: ["Ctrl+Z", "⌘Z"], deed: "help_undo" },
  { keys: ["←", "→"], deed: "help_tabs" },
  { keys: ["Enter"], deed: "help_show" },
  { keys: ["Esc"], deed: "help_escape" },
];
const NOTE: readonly Line[] = [
  { keys: ["Esc", "Ctrl+Enter"], deed: "help_note_close" },
  { keys: ["Enter", ","], deed: "help_tag_add" },
  { keys: ["↓", "↑"], deed: "help_tag_choose" },
  { keys: ["Backspace"], deed: "help_tag_remove" },
];

/** Every key there is, those that the browser lets one change first, and what to do when something does not work. */
export function Help(): JSX.Element {
  const commands = useCommands();
  return (
    <div class="options help">
      <header>
        <h1>{t("help_title")}</h1>
      </header>
      <main>
        {optional().commands !== undefined && (
          <Part heading="help_anywhere">
            <Keys
              lines={commands.map(({ name, description, shortcut }) => ({
                name: name ?? "",
                keys: shortcut ? [shortcut] : [],
                text: description ?? "",
              }))}
            />
            <ChangeKeys />
          </Part>
        )}
        <Part heading="help_on_page">
          <Keys lines={TOOLBAR.map(told)} />
          <p class="hint">{t("help_toolbar_letters")}</p>
        </Part>
        <Part heading="help_in_panel">
          <Keys lines={PANEL.map(told)} />
        </Part>
        <Part heading="help_in_note">
          <Keys lines={NOTE.map(told)} />
        </Part>
        <Part heading="help_troubles">
          <dl class="troubles">
            <dt>{t("help_updated")}</dt>
            <dd>{t("help_updated_text")}</dd>
            <dt>{t("help_nothing_painted")}</dt>
            <dd>{t("help_nothing_painted_text")}</dd>
            <dt>{t("help_print")}</dt>
            <dd>{t("help_print_text")}</dd>
            <dt>{t("help_private")}</dt>
            <dd>{t("help_private_text")}</dd>
          </dl>
        </Part>
      </main>
    </div>
  );
}

function Part({ heading, children }: { heading: MessageKey; children: ComponentChildren }): JSX.Element {
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading}>{t(heading)}</h2>
      {children}
    </section>
  );
}

interface Told {
  readonly name: string;
  readonly keys: readonly string[];
  readonly text: string;
}

function told({ keys, deed }: Line): Told {
  return { name: deed, keys, text: t(deed) };
}

function Keys({ lines }: { readonly lines: readonly Told[] }): JSX.Element {
  return (
    <table class="keys">
      <thead>
        <tr>
          <th scope="col">{t("help_keys")}</th>
          <th scope="col">{t("help_deed")}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ name, keys, text }) => (
          <tr key={name}>
            <td>
              {keys.length === 0 && <span class="hint">{t("help_no_key")}</span>}
              {keys.map((key) => (
                <kbd key={key} dir="ltr">
                  {key}
                </kbd>
              ))}
            </td>
            <td>{text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Firefox has a call for it, Chromium an address. */
function ChangeKeys(): JSX.Element {
  const change = () => {
    const { openShortcutSettings } = browser.commands as unknown as {
      openShortcutSettings?: () => Promise<void>;
    };
    if (openShortcutSettings !== undefined) void openShortcutSettings();
    else void browser.tabs.create({ url: "chrome://extensions/shortcuts" });
  };
  return (
    <div class="deeds">
      <button type="button" onClick={change}>
        {t("help_change_keys")}
      </button>
    </div>
  );
}

function useCommands(): readonly Browser.commands.Command[] {
  const [commands, setCommands] = useState<readonly Browser.commands.Command[]>([]);
  useEffect(() => {
    void optional()
      .commands?.getAll()
      .then((all) => setCommands(all.filter(isOurs)));
  }, []);
  return commands;
}

/** Those that begin so are the browser's own, such as a click on the icon. */
function isOurs({ name }: Browser.commands.Command): boolean {
  return !name?.startsWith("_");
}
