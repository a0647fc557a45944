import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { FoundAnnotation } from "../model.ts";
import { FilterFields } from "./FilterFields.tsx";
import { FoundCard } from "./FoundCard.tsx";
import { Notice } from "./Notice.tsx";
import { NothingFound } from "./PageList.tsx";
import { counted, failureText, number, t } from "./text.ts";
import type { Deeds } from "./use-deeds.ts";
import { ANYTHING, useEverything } from "./use-everything.ts";
import { useVisibleRows } from "./use-visible-rows.ts";

/** All annotations of this browser's copy, the newest first, however many: only what is seen is drawn. */
export function EverythingList({ deeds }: { readonly deeds: Deeds }): JSX.Element {
  const { sought, seek, found, row, want, failure } = useEverything();
  const total = found?.total ?? 0;
  const { list, probe, height, rows } = useVisibleRows(total);
  const [first = 0, last = 0] = [rows[0], rows.at(-1)];
  useEffect(() => want(first, last), [want, first, last, found]);
  const refocus = useRefocus(list, found);

  const remove = async (annotation: FoundAnnotation, index: number) => {
    if (await deeds.remove(annotation)) refocus(Math.min(index, total - 2));
  };
  return (
    <>
      {failure !== null && <p class="bad">{failureText(failure)}</p>}
      {found === null && failure === null && <p class="waiting">{t("panel_loading_everything")}</p>}
      {found !== null && (found.all > 0 || isNarrowed(sought)) && (
        <>
          <FilterFields sought={sought} seek={seek} sites={found.sites} tags={found.tags} />
          <div class="found-line">
            <p role="status">{countText(found.total, found.all)}</p>
            {found.total > 0 && (
              <button type="button" class="quiet" onClick={() => deeds.copyFound(sought)}>
                {t("panel_copy_all")}
              </button>
            )}
          </div>
        </>
      )}
      {found?.all === 0 && !isNarrowed(sought) && (
        <Notice title={t("panel_nothing_title")} text={t("panel_nothing_text")} />
      )}
      {found !== null && found.all > 0 && found.total === 0 && <NothingFound clear={() => seek(ANYTHING)} />}
      <div class="found">
        <div ref={probe} class="found-row probe" aria-hidden="true" />
        <ol
          ref={list}
          class="found-rows"
          tabIndex={-1}
          aria-label={t("panel_tab_everything")}
          hidden={total === 0}
          style={{ blockSize: `${total * height}px` }}
        >
          {height > 0 &&
            rows.map((index) => (
              <li
                key={index}
                class="found-row"
                data-index={index}
                aria-setsize={total}
                aria-posinset={index + 1}
                style={{ insetBlockStart: `${index * height}px` }}
              >
                <FoundCard annotation={row(index)} deeds={deeds} remove={(one) => remove(one, index)} />
              </li>
            ))}
        </ol>
      </div>
    </>
  );
}

/** After a row is gone, the focus goes to the one that took its place; to the list when none is left. */
function useRefocus(
  list: { readonly current: HTMLOListElement | null },
  found: unknown,
): (index: number) => void {
  const wanted = useRef<number | null>(null);
  useEffect(() => {
    const index = wanted.current;
    if (index === null || found === null) return;
    wanted.current = null;
    const row = list.current?.querySelector<HTMLElement>(`[data-index="${index}"] button`);
    (row ?? list.current)?.focus();
  }, [found, list]);
  return (index) => {
    wanted.current = index;
  };
}

function isNarrowed(sought: typeof ANYTHING): boolean {
  return Object.values(sought).some((part) => part !== "");
}

function countText(total: number, all: number): string {
  return total === all
    ? counted("panel_everything_one", "panel_everything_other", all)
    : t("panel_some_of", number(total), number(all));
}
