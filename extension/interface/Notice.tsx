import type { ComponentChildren, JSX } from "preact";

/** A state in words, and what to do about it. */
export function Notice({
  title,
  text,
  children,
}: {
  title: string;
  text: string;
  children?: ComponentChildren;
}): JSX.Element {
  return (
    <section class="notice">
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
    </section>
  );
}
