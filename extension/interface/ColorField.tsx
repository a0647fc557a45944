import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { COLORS, type Color } from "../model.ts";
import { COLOR_NAMES, t } from "./text.ts";

interface Properties {
  readonly color: Color;
  readonly choose: (color: Color) => void;
}

/** Six named colours as radio buttons: arrows move, names are spoken and shown on hover. */
export function ColorField({ color, choose }: Properties): JSX.Element {
  const group = useId();
  return (
    <fieldset class="field colors">
      <legend>{t("panel_color_group")}</legend>
      <div class="swatches">
        {COLORS.map((each) => (
          <label class="swatch-choice" title={t(COLOR_NAMES[each])}>
            <input
              type="radio"
              name={group}
              value={each}
              checked={each === color}
              onChange={() => choose(each)}
            />
            <span class={`swatch ${each}`} aria-hidden="true" />
            <span class="unseen">{t(COLOR_NAMES[each])}</span>
          </label>
        ))}
        <span class="hint" aria-hidden="true">
          {t(COLOR_NAMES[color])}
        </span>
      </div>
    </fieldset>
  );
}
