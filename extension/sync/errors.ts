/** What can become of a request, with names, so that callers can tell "try again" from "give up". */

import type { Refusal } from "../store/rows.ts";

/** `trouble` is a message key of `_locales`; `retryAfter` milliseconds that the server asked to wait, null if it did not. */
export abstract class ExchangeFailed extends Error {
  abstract readonly trouble: string;
  readonly retryAfter: number | null = null;
}

/** No answer: no network, no server, time out, a certificate that is not trusted. */
export class Offline extends ExchangeFailed {
  override readonly name = "Offline";
  readonly trouble = "trouble_offline";
}

/** The user has taken back, or the browser has lost, the permission for the server's address. */
export class NotPermitted extends ExchangeFailed {
  override readonly name = "NotPermitted";
  readonly trouble = "trouble_no_permission";
}

/** Its address sends on to another one, which would cost every request its token. */
export class Moved extends ExchangeFailed {
  override readonly name = "Moved";
  readonly trouble = "trouble_moved";
}

/** 401: the token opens nothing any more. */
export class Unauthorized extends ExchangeFailed {
  override readonly name = "Unauthorized";
  readonly trouble = "trouble_signed_out";
}

/** 412: the row is not as was believed. `revision` is the row's, as its ETag tells; null without one. */
export class Conflict extends ExchangeFailed {
  override readonly name = "Conflict";
  readonly trouble = "trouble_refused";
  readonly revision: number | null;
  constructor(revision: number | null) {
    super("the row has changed on the server");
    this.revision = revision;
  }
}

/** 404 and 410: not there; of the feed, the place is lost. */
export class NotThere extends ExchangeFailed {
  override readonly name = "NotThere";
  readonly trouble = "trouble_refused";
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** Any other 4xx: sent again as it is, it would be refused again. */
export class Refused extends ExchangeFailed {
  override readonly name = "Refused";
  readonly trouble = "trouble_refused";
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** 429 or 503: the server as a whole asks for patience. */
export class Busy extends ExchangeFailed {
  override readonly name = "Busy";
  readonly trouble = "trouble_busy";
  override readonly retryAfter: number | null;
  constructor(retryAfter: number | null) {
    super("the server asks to wait");
    this.retryAfter = retryAfter;
  }
}

/** Another 5xx, or an answer that is none of this API: a proxy's page, a login page of a network. */
export class ServerFault extends ExchangeFailed {
  override readonly name = "ServerFault";
  readonly trouble = "trouble_server_error";
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
