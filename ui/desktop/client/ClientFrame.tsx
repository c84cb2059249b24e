/** The frame of a client file: who it is, its team, its fiscal year, whether it is kept offline; then its tabs. */
import { Link, Outlet, useMatch, useNavigate, useParams } from "@tanstack/react-router";
import { useWords } from "../../i18n/i18n";
import { Avatars } from "../../kit/Chip";
import { Switch } from "../../kit/Choice";
import { Select } from "../../kit/Field";
import { Icon } from "../../kit/icons";
import { tabClass, Tabs } from "../../kit/Tabs";
import type { ClientFileView } from "../../protocol/protocol";
import { useCall } from "../data/calls";
import { useSetOffline } from "../data/offline";
import { usePeople } from "../data/people";
import { BrokenScreen } from "../shell/BrokenScreen";
import { useTitle } from "../shell/Screen";
import screen from "../shell/screen.module.css";
import { FileMark } from "../sync/FileMark";
import styles from "./client.module.css";
import { OfflineYears } from "./OfflineYears";

export function ClientFrame() {
  const { m } = useWords();
  const { client } = useParams({ from: "/clients/$client" });
  const { data, error, refetch } = useCall("get_client_file", { client_file: client });
  useTitle(data?.row.name ?? m.clients.title);
  if (error) return <BrokenScreen error={error} onRetry={() => void refetch()} />;
  if (!data) return null;
  const words = m.client.tabs;
  const params = { client };
  return (
    <main className={screen.screen}>
      <Header view={data} />
      <Tabs label={data.row.name}>
        <Link to="/clients/$client/documents" params={params} className={tabClass}>
          {words.documents}
        </Link>
        <Link to="/clients/$client/informations" params={params} className={tabClass}>
          {words.informations}
        </Link>
        <Link to="/clients/$client/exercices" params={params} className={tabClass}>
          {words.years}
        </Link>
        <Link to="/clients/$client/equipe" params={params} className={tabClass}>
          {words.team}
        </Link>
      </Tabs>
      <Outlet />
    </main>
  );
}

function Header({ view }: { view: ClientFileView }) {
  const { m, f } = useWords();
  const { named } = usePeople();
  const setOffline = useSetOffline();
  const { row } = view;
  return (
    <header className={styles.head}>
      <Link to="/clients" className={styles.back} aria-label={m.client.back} title={m.client.back}>
        <Icon name="chevronLeft" />
      </Link>
      <h1 className={`${styles.name} selectable`}>{row.name}</h1>
      {row.siren !== null && <span className={`${styles.siren} selectable`}>{f.siren(row.siren)}</span>}
      <span className={styles.grow} />
      <span className={styles.people}>
        <Avatars people={named(row.people)} />
      </span>
      <FiscalYearSwitch view={view} />
      {row.offline && <FileMark mark={row.sync} />}
      <OfflineYears row={row} />
      <Switch label={m.client.offline} isSelected={row.offline} onChange={(offline) => void setOffline(row, offline)} />
    </header>
  );
}

const ALL = "all";

/** Narrows the tree to a fiscal year; only where there is a tree. */
function FiscalYearSwitch({ view }: { view: ClientFileView }) {
  const { m, f } = useWords();
  const navigate = useNavigate();
  const match = useMatch({ from: "/clients/$client/documents", shouldThrow: false });
  if (!match || view.fiscal_years.length === 0) return null;
  const chosen = match.search.year;
  const known = view.fiscal_years.some((year) => year.id === chosen);
  return (
    <Select
      label={m.client.fiscalYear}
      labelHidden
      quiet
      value={chosen !== undefined && known ? chosen : ALL}
      onChange={(year) =>
        void navigate({
          to: "/clients/$client/documents",
          params: { client: view.row.id },
          search: year === ALL ? {} : { year },
        })
      }
      options={[
        { id: ALL, label: m.client.allYears },
        ...view.fiscal_years.map((year) => ({ id: year.id, label: m.client.yearTo(f.shortDate(year.end)) })),
      ]}
    />
  );
}
