/**
 * Stands in for WXT's class of this name in the built content script. That one sends an event and a message into the page
 * at every start, by which a page can tell that its reader has the extension; ours ends by an AbortSignal and needs no word.
 */
export class ContentScriptContext {}
