import { useCallback, useEffect, useState } from "preact/hooks";
import { ask, onAnnouncement } from "../messaging.ts";
import type { Answers } from "./answers.ts";

export interface Settings {
  readonly status: Answers["connection.get"] | null;
  readonly sites: Answers["sites.get"] | null;
  readonly failure: unknown;
  readonly reload: () => void;
}

/** Connection and sites, asked for again whenever they change. */
export function useSettings(): Settings {
  const [status, setStatus] = useState<Answers["connection.get"] | null>(null);
  const [sites, setSites] = useState<Answers["sites.get"] | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const reload = useCallback(() => {
    Promise.all([ask("connection.get", {}), ask("sites.get", {})]).then(([connection, permitted]) => {
      setStatus(connection);
      setSites(permitted);
      setFailure(null);
    }, setFailure);
  }, []);
  useEffect(() => {
    reload();
    return onAnnouncement({ changed: reload });
  }, [reload]);
  return { status, sites, failure, reload };
}
