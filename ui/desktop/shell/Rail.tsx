/** The left rail: places, and at its foot the truth about synchronisation and the person. */
import { Link, type LinkProps } from "@tanstack/react-router";
import { Button as AriaButton } from "react-aria-components";
import { useWords } from "../../i18n/i18n";
import { Avatar, Badge, fullName } from "../../kit/Chip";
import { Icon, type IconName } from "../../kit/icons";
import { shortcutLabel } from "../../kit/keys";
import { MenuButton, MenuItem, MenuSeparator } from "../../kit/Menu";
import { StatusMark } from "../../kit/SyncMark";
import { Tooltip } from "../../kit/Tooltip";
import { usePlatform } from "../../platform/PlatformContext";
import { useCall, useRun } from "../data/calls";
import { summarise } from "../sync/summary";
import { useToCheck } from "../tocheck/useToCheck";
import styles from "./Frame.module.css";
import { useOpenings } from "./openings";

export function Rail() {
  const { m, language } = useWords();
  const openings = useOpenings();
  const overview = useCall("get_overview", {}).data;
  const toCheck = useToCheck();
  return (
    <nav className={styles.rail} aria-label={m.shell.rail}>
      <p className={styles.firm} title={overview?.firm_name}>
        <span className={styles.logo} aria-hidden="true">
          G
        </span>
        <span className={styles.firmName}>{overview?.firm_name ?? "Gédéon"}</span>
      </p>
      <AriaButton className={styles.search} onPress={openings.palette}>
        <Icon name="search" />
        <span className={styles.label}>{m.common.search}</span>
        <kbd className={styles.key} aria-hidden="true">{shortcutLabel("mod+k", language)}</kbd>
      </AriaButton>
      <ul className={styles.links}>
        <Place to="/clients" icon="clients" label={m.shell.clients} />
        <Place to="/a-verifier" icon="toCheck" label={m.shell.toCheck} count={toCheck.count} countLabel={m.sync.toCheck(toCheck.count)} />
        <Place to="/corbeille" icon="trash" label={m.shell.trash} />
        <Place to="/parametres" icon="settings" label={m.shell.settings} />
      </ul>
      <div className={styles.bottom}>
        <SyncFoot toCheck={toCheck.count} />
        <Person />
      </div>
    </nav>
  );
}

function Place({ to, icon, label, count = 0, countLabel = "" }: {
  to: LinkProps["to"];
  icon: IconName;
  label: string;
  count?: number;
  countLabel?: string;
}) {
  return (
    <li>
      <Link to={to} className={styles.link} title={label}>
        <Icon name={icon} />
        <span className={styles.label}>{label}</span>
        <Badge count={count} label={countLabel} tone="attention" />
      </Link>
    </li>
  );
}

function SyncFoot({ toCheck }: { toCheck: number }) {
  const { m } = useWords();
  const openings = useOpenings();
  const status = useCall("get_sync_status", {}).data;
  const { icon, tone, word } = summarise(status, toCheck, m.sync);
  return (
    <Tooltip text={`${word} · ${m.sync.open}`} placement="right">
      <AriaButton className={styles.foot} onPress={openings.sync} aria-label={`${m.sync.title} : ${word}`}>
        <StatusMark icon={icon} tone={tone} word={word} />
      </AriaButton>
    </Tooltip>
  );
}

function Person() {
  const { m } = useWords();
  const platform = usePlatform();
  const run = useRun();
  const me = useCall("get_overview", {}).data?.me;
  if (!me) return null;
  const name = fullName(me);
  return (
    <MenuButton
      label={m.shell.account(name)}
      placement="top start"
      button={
        <AriaButton className={styles.person}>
          <Avatar person={me} decorative />
          <span className={styles.label}>{name}</span>
        </AriaButton>
      }
    >
      {platform.capabilities.reveal && (
        <MenuItem icon="folderOpen" onAction={() => void platform.shell.openMirrorFolder()}>
          {m.shell.openMirror}
        </MenuItem>
      )}
      {platform.capabilities.reveal && <MenuSeparator />}
      <MenuItem icon="lock" onAction={() => void run("sign_out", {})}>
        {m.shell.signOut}
      </MenuItem>
    </MenuButton>
  );
}
