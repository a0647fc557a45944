/**
 * Takes every assignment to `innerHTML` out of the packages that are built in, at build time: stores warn of each, and
 * a build without any can be searched for one. A version that is not known here fails the build.
 */

import type { Plugin } from "vite";

interface Change {
  readonly file: RegExp;
  readonly from: string;
  readonly to: string;
}

const parsed = (html: string) =>
  `replaceChildren(...new DOMParser().parseFromString(${html}, "text/html").body.childNodes)`;

const CHANGES: readonly Change[] = [
  // `dangerouslySetInnerHTML`, which nothing of ours uses (and the linter forbids): without effect now.
  { file: /\/preact\/dist\/preact\.mjs$/, from: "(t.innerHTML=h.__html)", to: "void 0" },
  // A copy of the page, in a document that runs nothing; parsing gives the same nodes.
  {
    file: /\/@mozilla\/readability\/Readability\.js$/,
    from: "page.innerHTML = pageCacheHtml;",
    to: `page.${parsed("pageCacheHtml")};`,
  },
  {
    file: /\/@mozilla\/readability\/Readability\.js$/,
    from: "tmp.innerHTML = noscript.innerHTML;",
    to: `tmp.${parsed("noscript.innerHTML")};`,
  },
];

export function noInnerHtml(): Plugin {
  return {
    name: "no-inner-html",
    transform(code, id) {
      const file = id.split("?")[0] ?? "";
      const changes = CHANGES.filter((change) => change.file.test(file));
      if (changes.length === 0) return null;
      let changed = code;
      for (const { from, to } of changes) {
        if (!changed.includes(from)) throw new Error(`${file} no longer holds ${from}: look at it anew`);
        changed = changed.replace(from, () => to);
      }
      return { code: changed, map: null };
    },
  };
}
