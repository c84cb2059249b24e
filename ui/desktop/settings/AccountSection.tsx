/** Server and session, and the workstations signed in to this account. */
import { useState } from "react";
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { Confirm } from "../../kit/Dialog";
import { Icon } from "../../kit/icons";
import type { SessionView } from "../../protocol/protocol";
import { useCall, useRun } from "../data/calls";
import { useNow } from "../data/now";
import screen from "../shell/screen.module.css";
import styles from "./settings.module.css";

export function AccountSection() {
  const { m } = useWords();
  const run = useRun();
  const settings = useCall("get_settings", {}).data;
  const overview = useCall("get_overview", {}).data;
  const online = useCall("get_sync_status", {}).data?.connection === "online";
  if (!settings) return null;
  const facts: [string, string][] = [
    [m.settings.firm, overview?.firm_name ?? ""],
    [m.settings.server, settings.server ?? ""],
    [m.settings.email, settings.email ?? ""],
    [m.settings.workstation, settings.workstation_name],
    [m.settings.version, settings.version],
  ];
  return (
    <section className={screen.section}>
      <h2 className={screen.sectionTitle}>{m.settings.sections.account}</h2>
      <dl className={screen.card}>
        {facts.map(([label, value]) => (
          <div key={label} className={screen.row}>
            <dt className={styles.fact}>{label}</dt>
            <dd className={`${styles.value} selectable`}>{value}</dd>
          </div>
        ))}
      </dl>
      <Sessions online={online} />
      <div className={styles.line}>
        <Button onPress={() => void run("sign_out", {})}>{m.settings.signOut}</Button>
        <span className={screen.hint}>{m.settings.signOutHint}</span>
      </div>
    </section>
  );
}

function Sessions({ online }: { online: boolean }) {
  const { m, f } = useWords();
  const run = useRun();
  const now = useNow();
  const [leaving, setLeaving] = useState<SessionView | null>(null);
  // The list is the server's: asked again when the connection is back.
  const { data, error, refetch } = useCall("list_sessions", {}, { enabled: online });
  const revoke = async (session: SessionView) => {
    const said = m.settings.revoked(session.workstation_name);
    await run("revoke_session", { workstation: session.workstation }, { said });
    await refetch();
  };
  return (
    <>
      <h3 className={styles.subtitle}>{m.settings.sessions}</h3>
      {error || (!online && !data) ? (
        <p className={screen.hint}>{m.settings.sessionsOffline}</p>
      ) : (
        <ul className={screen.card}>
          {data?.sessions.map((session) => (
            <li key={session.workstation} className={screen.row}>
              <Icon name="laptop" />
              <span className={screen.rowMain}>
                <span className={screen.rowTitle}>{session.workstation_name}</span>
                <span className={screen.rowText}>
                  {session.current ? m.settings.thisWorkstation : m.settings.lastSeen(f.ago(session.last_seen, now))}
                </span>
              </span>
              {!session.current && (
                <Button size="small" isDisabled={!online} onPress={() => setLeaving(session)}>
                  {m.settings.revoke}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <Confirm
        isOpen={leaving !== null}
        onClose={() => setLeaving(null)}
        title={leaving ? m.settings.revokeTitle(leaving.workstation_name) : ""}
        text={m.settings.revokeText}
        confirm={m.settings.revoke}
        onConfirm={() => leaving && void revoke(leaving)}
      />
    </>
  );
}
