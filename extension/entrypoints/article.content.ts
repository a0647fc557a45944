/** Loaded on request, beside the content script, in pages with highlights: finds out what belongs to the article. */

import { defineContentScript } from "wxt/utils/define-content-script";
import { findArticle } from "../page/find-article.ts";

export default defineContentScript({
  registration: "runtime",
  matches: [],
  main: () => {
    globalThis.annotatorFindsArticles = findArticle;
  },
});
