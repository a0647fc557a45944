/** "Test connection": asks the server what it is, and names what is wrong. */

import { permissionPattern, serverOrigin } from "../address.ts";
import { browser } from "../browser.ts";
import type { ConnectionTest } from "../model.ts";
import type { About } from "./api.ts";
import { aboutFrom } from "./api.ts";
import { Busy, Offline, ServerFault } from "./errors.ts";
import { exchange } from "./http.ts";

/** The API that this extension speaks; a server of the same first number understands it. */
const API_MAJOR = 1;
const PROBE_TIMEOUT = 5_000;

type Wrong = Exclude<ConnectionTest, { kind: "ok" }>;
export type Probed = { readonly kind: "ok"; readonly server: string; readonly about: About } | Wrong;

/** Works before signing in; needs the permission for the server's origin, and says so where it is lacking. */
export async function probe(typed: string): Promise<Probed> {
  const server = serverOrigin(typed);
  if (server === null) return wrong("bad_address", typed);
  if (!(await browser.permissions.contains({ origins: [permissionPattern(server) ?? ""] })))
    return wrong("no_permission", server);
  let body: unknown;
  let answered: string;
  try {
    const answer = await exchange({ method: "GET", url: `${server}/api/v1/` });
    [body, answered] = [answer.body, new URL(answer.url).origin];
  } catch (error) {
    if (error instanceof Busy || (error instanceof ServerFault && error.status >= 500)) {
      return wrong("no_answer", `${server}: ${error.message}`);
    }
    if (!(error instanceof Offline)) return wrong("not_annotator", server);
    if (await sendsOn(server)) return wrong("moved", server);
    return (await hasUntrustedCertificate(server))
      ? wrong("certificate", server)
      : wrong("no_answer", server);
  }
  const about = aboutFrom(body);
  if (about === null) return wrong("not_annotator", server);
  // A redirect would cost every later request its token.
  if (answered !== server) return wrong("moved", answered);
  return judged(server, about);
}

function judged(server: string, about: About): Probed {
  if (Number(about.api_version.split(".")[0]) < API_MAJOR) return wrong("server_too_old", about.version);
  const own = browser.runtime.getManifest().version;
  if (
    Number(about.api_version.split(".")[0]) > API_MAJOR ||
    compareVersions(own, about.oldest_extension) < 0
  ) {
    return wrong("extension_too_old", about.oldest_extension);
  }
  return { kind: "ok", server, about };
}

/** Negative, zero or positive as `a` is older than, the same as, or newer than `b`; "1.10" is newer than "1.9". */
export function compareVersions(a: string, b: string): number {
  const [ours, theirs] = [a, b].map((version) =>
    version.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0),
  );
  for (let index = 0; index < Math.max(ours?.length ?? 0, theirs?.length ?? 0); index++) {
    const difference = (ours?.[index] ?? 0) - (theirs?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * `fetch` does not say why it failed. But a port that answers plain http and cannot be reached by https is there, so
 * what is missing is the trust; servers with TLS answer plain http with a 400 in most cases.
 */
async function hasUntrustedCertificate(server: string): Promise<boolean> {
  const { protocol, host, port } = new URL(server);
  if (protocol !== "https:") return false;
  try {
    const plain = `http://${host}${port === "" ? ":443" : ""}/`;
    await fetch(plain, { mode: "no-cors", credentials: "omit", signal: AbortSignal.timeout(PROBE_TIMEOUT) });
    return true;
  } catch {
    return false;
  }
}

/** Whether an address answers with nothing but another address. Which one, the browser does not tell. */
export async function sendsOn(server: string): Promise<boolean> {
  try {
    const answer = await fetch(`${server}/api/v1/`, {
      redirect: "manual",
      credentials: "omit",
      signal: AbortSignal.timeout(PROBE_TIMEOUT),
    });
    return answer.type === "opaqueredirect";
  } catch {
    return false;
  }
}

function wrong(kind: Wrong["kind"], detail: string): Wrong {
  return { kind, detail };
}
