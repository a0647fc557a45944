/** One line of the filter's input, checked. */

import {
  type AnchorTarget,
  PARAGRAPH_KINDS,
  type Paragraph,
  type ParagraphKind,
  type Position,
} from "../../extension/anchoring/types.ts";

export interface CaseLine {
  readonly id: string | number;
  readonly before: readonly Paragraph[] | null;
  readonly after: readonly Paragraph[];
  readonly targets: readonly AnchorTarget[];
}

/** The line is not a case; the message says which part of it and why. */
export class NotACase extends Error {}

type Fields = Readonly<Record<string, unknown>>;

/** Raises NotACase. */
export function readCase(line: string): CaseLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new NotACase(`not JSON: ${error instanceof Error ? error.message : error}`);
  }
  const fields = object(value, "the line");
  const { id } = fields;
  if (typeof id !== "string" && typeof id !== "number")
    throw new NotACase("id is neither a string nor a number");
  if (fields["before"] === undefined) throw new NotACase("before is missing; null says that it is not known");
  return {
    id,
    before: fields["before"] === null ? null : list(fields["before"], "before", paragraph),
    after: list(fields["after"], "after", paragraph),
    targets: list(fields["targets"], "targets", target),
  };
}

function object(value: unknown, name: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new NotACase(`${name} is not an object`);
  return value as Fields;
}

function list<T>(value: unknown, name: string, read: (item: unknown, name: string) => T): T[] {
  if (!Array.isArray(value)) throw new NotACase(`${name} is not a list`);
  return value.map((item, at) => read(item, `${name}[${at}]`));
}

function string(value: unknown, name: string): string {
  if (typeof value !== "string") throw new NotACase(`${name} is not a string`);
  return value;
}

function paragraph(value: unknown, name: string): Paragraph {
  const { kind, text } = object(value, name);
  if (!PARAGRAPH_KINDS.includes(kind as ParagraphKind))
    throw new NotACase(`${name}.kind is not one of ${PARAGRAPH_KINDS.join(" ")}`);
  return { kind: kind as ParagraphKind, text: string(text, `${name}.text`) };
}

function target(value: unknown, name: string): AnchorTarget {
  const fields = object(value, name);
  const quote = object(fields["quote"], `${name}.quote`);
  return {
    start: position(fields["start"], `${name}.start`),
    end: position(fields["end"], `${name}.end`),
    quote: {
      exact: string(quote["exact"], `${name}.quote.exact`),
      prefix: string(quote["prefix"], `${name}.quote.prefix`),
      suffix: string(quote["suffix"], `${name}.quote.suffix`),
    },
  };
}

function position(value: unknown, name: string): Position {
  const fields = object(value, name);
  return {
    paragraph: whole(fields["paragraph"], `${name}.paragraph`),
    offset: whole(fields["offset"], `${name}.offset`),
  };
}

function whole(value: unknown, name: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    throw new NotACase(`${name} is not a whole number from 0 on`);
  return value as number;
}
