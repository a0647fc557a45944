/** What travels between the parts of the extension. Names as in the API; positions count code points. */

import type { AnchorState, Paragraph, Position, Quote } from "./anchoring/types.ts";

export const COLORS = ["yellow", "green", "blue", "pink", "purple", "orange"] as const;
export type Color = (typeof COLORS)[number];

export type Motivation = "highlighting" | "commenting" | "describing" | "replying";

/** A paragraph as a page shows it; `article` is false for navigation, advertisements, related stories. */
export interface PageParagraph extends Paragraph {
  readonly article: boolean;
}

/** What a page says of itself. */
export interface PageFacts {
  readonly url: string;
  readonly canonical: string;
  readonly title: string;
  readonly language: string;
  readonly site_name: string;
  readonly byline: string;
  readonly published: string;
}

/** A page as `page/text.ts` read it at one moment. */
export interface PageText {
  readonly facts: PageFacts;
  readonly extractor: string;
  readonly paragraphs: readonly PageParagraph[];
}

/** Where an annotation was made, as stored: never a live Range. */
export interface Target {
  readonly snapshot: string;
  readonly start?: Position;
  readonly end?: Position;
  readonly quote?: Quote;
}

/** What a selection gives before its snapshot has a digest (which only the background can compute). */
export interface DraftTarget {
  readonly start: Position;
  readonly end: Position;
  readonly quote: Quote;
}

/** Whether the server has it: `sent`, on its way, or refused with the server's reason. */
export type SendState =
  | { readonly kind: "sent" }
  | { readonly kind: "unsent" }
  | { readonly kind: "refused"; readonly reason: string };

/** All that a content script learns of an annotation: enough to paint it, nothing that its reader wrote. */
export interface Painted {
  readonly id: string;
  readonly color: Color;
  readonly hasNote: boolean;
  /** Whether its reader may change it; what others made in a shared library is to be looked at. */
  readonly mine: boolean;
  readonly state: AnchorState;
  /** null where the text does not stand on this page. */
  readonly start: Position | null;
  readonly end: Position | null;
}

/** What a highlight was made on, as the page itself said it. */
export interface PageQuote {
  readonly id: string;
  readonly color: Color;
  readonly quote: Quote;
}

/** The paragraphs that a highlight was made in, and in them its own words. */
export interface OldText {
  readonly before: string;
  readonly exact: string;
  readonly after: string;
}

/** An annotation as the extension's own pages show it. */
export interface AnnotationView {
  readonly id: string;
  readonly url: string;
  readonly motivation: Motivation;
  readonly color: Color;
  readonly note: string;
  readonly tags: readonly string[];
  readonly quote: string;
  readonly created: string;
  readonly updated: string;
  readonly author: string;
  readonly mine: boolean;
  /** State on the page in the tab that was asked about; null when no open page has been read. */
  readonly state: AnchorState | null;
  /** What stands there now, when the words differ. */
  readonly now: string;
  /** What it stood in, where it stands nowhere any more and this browser has the old page. */
  readonly origin: OldText | null;
  /** Order on the page; null for what is not found and for page notes. */
  readonly start: Position | null;
  /** How many answers it has. */
  readonly replies: number;
  readonly send: SendState;
}

/** What is looked for in the whole mirror. Empty parts ask for nothing; days are the reader's own, as 2026-11-23. */
export interface Sought {
  /** Words; all of them, in any order, case and accents aside. */
  readonly text: string;
  readonly site: string;
  readonly tag: string;
  readonly color: Color | "";
  /** The first day, and the last. */
  readonly from: string;
  readonly to: string;
}

/** An annotation in the list of everything. */
export interface FoundAnnotation extends AnnotationView {
  readonly title: string;
  readonly site: string;
}

/** A part of what was found in the whole mirror, the newest first. */
export interface Everything {
  /** How many annotations there are, and how many were found. */
  readonly all: number;
  readonly total: number;
  /** What there is to choose from, whatever is looked for. */
  readonly sites: readonly { readonly name: string; readonly count: number }[];
  readonly tags: readonly { readonly name: string; readonly count: number }[];
  /** Place of the first row. */
  readonly first: number;
  /** null: gone since it was counted. */
  readonly rows: readonly (FoundAnnotation | null)[];
}

/** What a member may do in a library; each may do all that the ones before it may. */
export const ROLES = ["reader", "editor", "reviewer", "owner"] as const;
export type Role = (typeof ROLES)[number];

export interface Library {
  readonly id: string;
  /** Somebody's words; of the own library it says nothing that a reader need see. */
  readonly name: string;
  readonly role: Role;
  /** The user's own, which nobody else sees. */
  readonly own: boolean;
}

/** A library that the user is no member of any more. */
export interface LeftLibrary {
  readonly id: string;
  readonly name: string;
  /** How many annotations were made here for it and never reached the server. */
  readonly unsent: number;
}

export interface Libraries {
  /** Where what is made goes, and what is shown. */
  readonly chosen: Library;
  /** The own one first. */
  readonly all: readonly Library[];
  /** Until the reader has put them away. */
  readonly left: readonly LeftLibrary[];
}

export type Connection =
  | { readonly kind: "unset" }
  | { readonly kind: "signed_out"; readonly server: string; readonly libraries: Libraries }
  | {
      readonly kind: "signed_in";
      readonly libraries: Libraries;
      readonly server: string;
      readonly user: string;
      readonly online: boolean;
      /** Why the last exchange failed, as a message key of `_locales`; "" when it did not. */
      readonly trouble: string;
      /** Only while a long feed is on its way here. */
      readonly receiving?: Receiving;
    };

/** A long feed on its way here, as after signing in for the first time. */
export interface Receiving {
  /** How many annotations have come. */
  readonly rows: number;
  /** From 0 to 1: how much of the feed has been read. */
  readonly share: number;
}

/** What "Test connection" found. `ok` also tells product and version. */
export type ConnectionTest =
  | { readonly kind: "ok"; readonly version: string; readonly signedIn: boolean }
  | {
      readonly kind:
        | "bad_address"
        | "no_permission"
        | "no_answer"
        | "certificate"
        | "not_annotator"
        | "moved"
        | "server_too_old"
        | "extension_too_old";
      readonly detail: string;
    };

/** What the panel shows for one tab. */
export interface PanelPage {
  readonly connection: Connection;
  readonly url: string;
  readonly title: string;
  /** `restricted`: a page where extensions may not run; `unpermitted`: the site has not been allowed yet. */
  readonly access: "ready" | "unpermitted" | "restricted";
  /** The reader has hidden all highlights in this tab. */
  readonly hidden: boolean;
  readonly annotations: readonly AnnotationView[];
  readonly unsent: number;
  readonly refused: number;
}
