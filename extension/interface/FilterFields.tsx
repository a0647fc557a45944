import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { COLORS, type Color, type Everything, type Sought } from "../model.ts";
import { SearchField } from "./SearchField.tsx";
import { COLOR_NAMES, number, t } from "./text.ts";
import { ANYTHING } from "./use-everything.ts";

interface Properties {
  readonly sought: Sought;
  readonly seek: (sought: Sought) => void;
  readonly sites: Everything["sites"];
  readonly tags: Everything["tags"];
}

interface Choice {
  readonly value: string;
  readonly name: string;
}

/** Search by words, site, tag, colour and days. Each change is answered at once. */
export function FilterFields({ sought, seek, sites, tags }: Properties): JSX.Element {
  const { site, tag, color, from, to } = sought;
  const filters = [site, tag, color, from, to].filter((part) => part !== "").length;
  return (
    <search class="filters">
      <SearchField
        label={t("panel_search_label")}
        text={sought.text}
        change={(text) => seek({ ...sought, text })}
      />
      <details class="more-filters">
        <summary>{filters === 0 ? t("panel_filters") : t("panel_filters_active", number(filters))}</summary>
        <div class="filter-grid">
          <Select
            label={t("panel_filter_site")}
            any={t("panel_filter_any_site")}
            choices={sites.filter(({ name }) => name !== "").map(asChoice)}
            value={site}
            choose={(value) => seek({ ...sought, site: value })}
          />
          <Select
            label={t("panel_filter_tag")}
            any={t("panel_filter_any_tag")}
            choices={tags.map(asChoice)}
            value={tag}
            choose={(value) => seek({ ...sought, tag: value })}
          />
          <Select
            label={t("panel_color_group")}
            any={t("panel_filter_any_color")}
            choices={COLORS.map((each) => ({ value: each, name: t(COLOR_NAMES[each]) }))}
            value={color}
            choose={(value) => seek({ ...sought, color: value as Color | "" })}
          />
          <Day label={t("panel_filter_from")} value={from} choose={(day) => seek({ ...sought, from: day })} />
          <Day label={t("panel_filter_to")} value={to} choose={(day) => seek({ ...sought, to: day })} />
          {filters > 0 && (
            <button type="button" class="quiet" onClick={() => seek({ ...ANYTHING, text: sought.text })}>
              {t("panel_clear_filters")}
            </button>
          )}
        </div>
      </details>
    </search>
  );
}

interface SelectProperties {
  readonly label: string;
  readonly any: string;
  readonly choices: readonly Choice[];
  readonly value: string;
  readonly choose: (value: string) => void;
}

function Select({ label, any, choices, value, choose }: SelectProperties): JSX.Element {
  const name = useId();
  // What was chosen and has meanwhile gone from the library stays in sight, or nobody could see why nothing is found.
  const gone = value !== "" && !choices.some((choice) => choice.value === value);
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <select id={name} value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{any}</option>
        {gone && <option value={value}>{value}</option>}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.name}
          </option>
        ))}
      </select>
    </div>
  );
}

interface DayProperties {
  readonly label: string;
  readonly value: string;
  readonly choose: (day: string) => void;
}

function Day({ label, value, choose }: DayProperties): JSX.Element {
  const name = useId();
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input id={name} type="date" value={value} onInput={(event) => choose(event.currentTarget.value)} />
    </div>
  );
}

function asChoice({ name, count }: { readonly name: string; readonly count: number }): Choice {
  return { value: name, name: `${name} (${number(count)})` };
}
