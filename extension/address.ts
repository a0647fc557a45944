/**
 * The address of a server as its owner types it, made into an origin. Pure.
 * Without a scheme, machines at home get `http://` (they have no certificate), everything else `https://`.
 */

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const LOCAL_NAME = /(^|\.)(localhost|local|home\.arpa|internal)$/;
const LOCAL_NUMBER = /^(127|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./;

/** `127.0.0.1:8000` → `http://127.0.0.1:8000`; null where it is no address of a web server. */
export function serverOrigin(typed: string): string | null {
  const text = typed.trim();
  if (text === "" || /\s/.test(text)) return null;
  const given = SCHEME.test(text) ? text : `https://${text}`;
  const url = parse(given);
  if (url === null) return null;
  if (!SCHEME.test(text) && isLocal(url.hostname)) return parse(`http://${text}`)?.origin ?? null;
  return url.origin;
}

/** The permission that reaches an origin: match patterns know no port, so it covers all ports of that host. */
export function permissionPattern(address: string): string | null {
  const url = parse(address);
  return url === null ? null : `${url.protocol}//${url.hostname}/*`;
}

/** `https://example.org/*` as a reader would say it. */
export function siteName(pattern: string): string {
  return pattern.replace(/\/\*$/, "").replace(/^https:\/\//, "");
}

/** `https://notes.example.org` as one would say it. */
export function hostOf(server: string): string {
  return server.replace(/^https?:\/\//, "").replace(/\/$/, "");
}

function parse(address: string): URL | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const isWeb = url.protocol === "http:" || url.protocol === "https:";
  return isWeb && url.hostname !== "" && url.username === "" && url.password === "" ? url : null;
}

function isLocal(hostname: string): boolean {
  return hostname === "[::1]" || LOCAL_NAME.test(hostname) || LOCAL_NUMBER.test(hostname);
}
