import type { RequestName, Requests } from "../messages.ts";

/** What comes back for each request, by its name. */
export type Answers = { readonly [Name in RequestName]: Requests[Name]["answer"] };
