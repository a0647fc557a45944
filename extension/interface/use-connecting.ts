import { useEffect, useRef, useState } from "preact/hooks";
import { permissionPattern, serverOrigin } from "../address.ts";
import { ask } from "../messaging.ts";
import type { Connection, ConnectionTest } from "../model.ts";
import { requestOrigins } from "./permission.ts";
import { failureText, type MessageKey, t, troubleText } from "./text.ts";

/** What stands under the address field: how it went, and whether that is good. */
export interface Outcome {
  readonly good: boolean;
  readonly text: string;
  readonly detail: string;
}

const FAULTS: Readonly<Record<Exclude<ConnectionTest["kind"], "ok">, MessageKey>> = {
  bad_address: "options_test_bad_address",
  no_permission: "options_test_no_permission",
  no_answer: "options_test_no_answer",
  certificate: "options_test_certificate",
  not_annotator: "options_test_not_annotator",
  moved: "options_test_moved",
  server_too_old: "options_test_server_too_old",
  extension_too_old: "options_test_extension_too_old",
};

export interface Connecting {
  readonly typed: string;
  readonly setTyped: (typed: string) => void;
  readonly busy: "test" | "connect" | null;
  readonly outcome: Outcome | null;
  readonly test: () => void;
  readonly connect: () => void;
  readonly field: { readonly current: HTMLInputElement | null };
}

/** The address of a server, tried and connected to. */
export function useConnecting(connection: Connection, reload: () => void): Connecting {
  const server = connection.kind === "unset" ? "" : connection.server;
  const [typed, setTyped] = useState(server);
  const [busy, setBusy] = useState<Connecting["busy"]>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (server !== "") setTyped(server);
  }, [server]);

  /** Runs in the click: the permission is asked for before anything is awaited. */
  const reach = (deed: "test" | "connect", then: (origin: string) => Promise<Outcome | null>) => {
    if (busy !== null) return;
    const origin = serverOrigin(typed);
    const pattern = origin === null ? null : permissionPattern(origin);
    if (origin === null || pattern === null) {
      setOutcome({ good: false, text: t("options_test_bad_address"), detail: "" });
      field.current?.focus();
      return;
    }
    const asked = requestOrigins([pattern]);
    setTyped(origin);
    setBusy(deed);
    setOutcome(null);
    asked
      .then((granted) =>
        granted ? then(origin) : { good: false, text: t("options_test_no_permission"), detail: "" },
      )
      .catch((error: unknown) => ({ good: false, text: failureText(error), detail: "" }))
      .then((result) => {
        setBusy(null);
        setOutcome(result);
        reload();
      });
  };
  const test = () =>
    reach("test", async (origin) => outcomeOf(await ask("connection.test", { server: origin })));
  const connect = () =>
    reach("connect", async (origin) => {
      const { failure } = await ask("connection.sign_in", { server: origin });
      return failure === ""
        ? { good: true, text: t("options_connected"), detail: "" }
        : { good: false, text: troubleText(failure), detail: "" };
    });
  return { typed, setTyped, busy, outcome, test, connect, field };
}

function outcomeOf(found: ConnectionTest): Outcome {
  if (found.kind !== "ok") return { good: false, text: t(FAULTS[found.kind]), detail: found.detail };
  const text = t(found.signedIn ? "options_test_ok_signed_in" : "options_test_ok", found.version);
  return { good: true, text, detail: "" };
}
