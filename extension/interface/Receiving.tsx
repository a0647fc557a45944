import type { JSX } from "preact";
import { useId } from "preact/hooks";
import type { Connection } from "../model.ts";
import { counted } from "./text.ts";

/** How far a long feed has come, as after signing in for the first time; nothing where all is here. */
export function Receiving({ connection }: { readonly connection: Connection }): JSX.Element | null {
  const name = useId();
  const receiving = connection.kind === "signed_in" ? connection.receiving : undefined;
  if (receiving === undefined) return null;
  return (
    <div class="receiving">
      <p id={name}>{counted("panel_receiving_one", "panel_receiving_other", receiving.rows)}</p>
      <progress aria-labelledby={name} max={1} value={receiving.share} />
    </div>
  );
}
