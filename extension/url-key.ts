/**
 * One key for one page: which addresses count as the same page. The rules stand in `docs/same-page.md`.
 * Twin of `annotator/url_key.py`; both parse by the WHATWG URL standard and run `tests/vectors/url_key/`.
 * A key is a local index and never leaves the machine that made it.
 */

import tracking from "../annotator/shared/tracking-parameters.json" with { type: "json" };
import { codePointLength, sha256 } from "./paragraphs.ts";

/** Code points; the longest address that a document may have. */
export const MAX_ADDRESS_LENGTH = 8192;

const TRACKING_NAMES = new Set(tracking.names);
const AMP_PARAMETERS = new Set(["amp=", "amp=1", "amp=true", "outputtype=amp"]);
const AMP_FILE = /(?<=.)\.amp(\.html?)?$/i;
const WEB_ADDRESS = /^https?:\/\/([^/?#\\]+)/i;
// Narrower than the standard: on other marks in a host Chromium, Firefox and ada each go their own way.
const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const SPACE_OR_CONTROL = /[\s\x00-\x20\x7f-\xa0\u180e\u200b\ufeff]/;
const LONE_SURROGATE = /\p{Surrogate}/u;
const UNRESERVED = /[A-Za-z0-9\-._~]/;
const TO_ESCAPE = /[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%#]/gu;
// Rules open the way for each other: "%2%65" is ".", found in two turns.
const MAX_TURNS = 16;

/** SHA-256, in hex, over UTF-8 of `normalise(url)`. Background only: `crypto.subtle` is absent on plain-http pages. */
export async function urlKey(url: string): Promise<string> {
  return sha256(normalise(url));
}

/**
 * The one spelling of a page's address. Never throws, and is idempotent.
 * What is no http, https or file address, is longer than MAX_ADDRESS_LENGTH, or is so knotted that it does not
 * settle, comes back as it is; only half surrogate pairs become U+FFFD.
 */
export function normalise(url: string): string {
  const raw = url.toWellFormed();
  if (codePointLength(raw) > MAX_ADDRESS_LENGTH) return raw;
  let address = raw;
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    const simpler = simplify(address);
    if (simpler === address) return address;
    address = simpler;
  }
  return raw;
}

/**
 * Whether the text can be a document's address: absolute http or https with a host and nothing to hide.
 * Refused are other schemes, user names and passwords, white space and control characters, half surrogate
 * pairs, and more than MAX_ADDRESS_LENGTH code points.
 */
export function isWebAddress(url: string): boolean {
  if (codePointLength(url) > MAX_ADDRESS_LENGTH || SPACE_OR_CONTROL.test(url) || LONE_SURROGATE.test(url))
    return false;
  const authority = WEB_ADDRESS.exec(url)?.[1];
  if (authority === undefined || authority.includes("@") || !URL.canParse(url)) return false;
  return HOST.test(new URL(url).hostname);
}

function simplify(address: string): string {
  if (!URL.canParse(address)) return address;
  const parsed = new URL(address);
  if (!["http:", "https:", "file:"].includes(parsed.protocol)) return address;
  if (!HOST.test(parsed.hostname) && (parsed.protocol !== "file:" || parsed.hostname !== "")) return address;
  const path = canonicalEscapes(parsed.pathname);
  const query = queryOf(canonicalEscapes(parsed.search.replace(/^\?/, "")));
  const route = routeOf(canonicalEscapes(parsed.hash));
  if (parsed.protocol === "file:") {
    const host = parsed.hostname === "localhost" ? "" : parsed.hostname;
    return `file://${host}/${path.replace(/^\/+/, "")}${query}${route}`;
  }
  const port = ["", "80", "443"].includes(parsed.port) ? "" : `:${parsed.port}`;
  return `https://${hostOf(parsed.hostname)}${port}${webPath(path)}${query}${route}`;
}

function hostOf(hostname: string): string {
  let host = withoutTrailing(hostname, ".") || hostname;
  while (host.startsWith("www.") && /[^.]\.+[^.]/.test(host.slice(4))) host = host.slice(4);
  return host;
}

/** Without slashes at the end, and without "/amp" and ".amp" there unless nothing else is left. */
function webPath(path: string): string {
  const segments = path.split("/");
  while (segments.length > 2 && /^(?:amp)?$/i.test(segments.at(-1) ?? "")) segments.pop();
  const last = (segments.pop() ?? "").replace(AMP_FILE, "$1");
  return [...segments, last].join("/");
}

function queryOf(query: string): string {
  const kept = query.split("&").filter((parameter) => parameter !== "" && !saysNothing(parameter));
  return kept.length > 0 ? `?${kept.join("&")}` : "";
}

function saysNothing(parameter: string): boolean {
  const [name = "", ...rest] = parameter.toLowerCase().split("=");
  if (AMP_PARAMETERS.has(`${name}=${rest.join("=")}`)) return true;
  return TRACKING_NAMES.has(name) || tracking.prefixes.some((prefix) => name.startsWith(prefix));
}

function routeOf(fragment: string): string {
  if (!/^#[/!]/.test(fragment)) return "";
  const route = withoutTrailing(fragment.split(":~:")[0] ?? "", "/");
  return route === "#" || route === "#!" ? "" : route;
}

/**
 * One spelling for each byte: unreserved ones bare, escapes in capitals, what a URL may not hold escaped.
 * Parsers differ in which of `^ | [ ] { }` they escape, and the standard itself has changed its mind.
 */
function canonicalEscapes(text: string): string {
  return text
    .replace(/%([0-9A-Fa-f]{2})/g, (escaped, hex: string) => {
      const character = String.fromCharCode(Number.parseInt(hex, 16));
      return UNRESERVED.test(character) ? character : escaped.toUpperCase();
    })
    .replace(TO_ESCAPE, escapeBytes);
}

function escapeBytes(character: string): string {
  const bytes = Array.from(new TextEncoder().encode(character));
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}

function withoutTrailing(text: string, mark: string): string {
  // Not a pattern: `/+$` walks again from every slash of a long run.
  let end = text.length;
  while (end > 0 && text[end - 1] === mark) end--;
  return text.slice(0, end);
}
