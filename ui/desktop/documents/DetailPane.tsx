/** The document chosen: what it looks like, and under it its versions, remarks and properties. */
import { useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { useWords } from "../../i18n/i18n";
import { Button, IconButton } from "../../kit/Button";
import { EmptyState } from "../../kit/EmptyState";
import type { DocumentRow, DocumentView, NodeId, VersionId } from "../../protocol/protocol";
import { useCall } from "../data/calls";
import { FileIcon } from "../preview/FileIcon";
import { Preview } from "../preview/Preview";
import { Comments } from "./Comments";
import styles from "./detail.module.css";
import { useOpened } from "./opened";
import { Properties } from "./Properties";
import { useReadMark } from "./useReadMark";
import { Versions } from "./Versions";
import { useWorkspace } from "./workspace";

const FOLDED_KEY = "gedeon.documents.detail-folded";

export interface DetailPaneProps {
  document: NodeId | null;
  /** How many are selected: more than one has no preview. */
  selected: number;
  onOpen: (row: DocumentRow) => void;
  onQuickLook: () => void;
}

export function DetailPane({ document, selected, onOpen, onQuickLook }: DetailPaneProps) {
  const { m } = useWords();
  const words = m.documents.empty;
  if (selected > 1) return <EmptyState icon="copy" title={words.several(selected)} />;
  if (document === null) return <EmptyState icon="eye" title={words.nothingSelected} />;
  return <Detail key={document} document={document} onOpen={onOpen} onQuickLook={onQuickLook} />;
}

function Detail({ document, onOpen, onQuickLook }: Pick<DetailPaneProps, "onOpen" | "onQuickLook"> & { document: NodeId }) {
  const { m, failureText } = useWords();
  const { actions } = useWorkspace();
  const { data, error } = useCall("get_document", { document });
  const view = data?.row.id === document ? data : undefined;
  useReadMark(view?.row, actions);
  if (view === undefined) {
    if (error === null) return null;
    const gone = error.code === "not_found";
    return <EmptyState icon="alert" title={gone ? m.documents.empty.gone : failureText(error)} />;
  }
  return <Known view={view} onOpen={onOpen} onQuickLook={onQuickLook} />;
}

function Known({ view, onOpen, onQuickLook }: Pick<DetailPaneProps, "onOpen" | "onQuickLook"> & { view: DocumentView }) {
  const opened = useOpened().get(view.row.id);
  const { m, f } = useWords();
  const words = m.documents.detail;
  const { row } = view;
  const [older, setOlder] = useState<VersionId | null>(null);
  const [folded, setFolded] = useState(() => localStorage.getItem(FOLDED_KEY) === "true");
  const [tab, setTab] = useState("versions");
  const shown = view.versions.find((version) => version.id === older);
  const fold = (next: boolean) => {
    setFolded(next);
    localStorage.setItem(FOLDED_KEY, String(next));
  };

  return (
    <section className={styles.detail} aria-label={words.label}>
      <header className={styles.detailHead}>
        <FileIcon name={row.name} />
        <h2 title={row.name}>{row.name}</h2>
        <IconButton icon="zoomIn" label={m.documents.menu.quickLook} shortcut="space" size="small" onPress={onQuickLook} />
        <IconButton icon="external" label={m.documents.menu.open} shortcut="enter" size="small" onPress={() => onOpen(row)} />
      </header>
      {opened !== undefined && (
        <p className={styles.showing} role="status">
          {opened}
        </p>
      )}
      {shown && (
        <p className={styles.showing} role="status">
          <span>{words.version.showing(f.fullInstant(shown.made_at))}</span>
          <Button tone="link" onPress={() => setOlder(null)}>
            {words.version.showHead}
          </Button>
        </p>
      )}
      <div className={styles.previewArea}>
        <Preview document={row.id} version={shown?.id ?? row.version} name={row.name} size={shown?.size ?? row.size} />
      </div>
      <Tabs
        className={styles.tabs}
        data-folded={folded}
        selectedKey={tab}
        onSelectionChange={(key) => {
          setTab(String(key));
          fold(false);
        }}
      >
        <div className={styles.tabBar}>
          <TabList aria-label={words.label} className={styles.tabList}>
            <Tab id="versions" className={styles.tab}>
              {words.versions}
              <small>{f.number(view.versions.length)}</small>
            </Tab>
            <Tab id="comments" className={styles.tab}>
              {words.comments}
              {view.comments.length > 0 && <small>{f.number(view.comments.length)}</small>}
            </Tab>
            <Tab id="properties" className={styles.tab}>
              {words.properties}
            </Tab>
          </TabList>
          <IconButton
            icon={folded ? "chevronUp" : "chevronDown"}
            size="small"
            label={folded ? words.unfold : words.fold}
            onPress={() => fold(!folded)}
          />
        </div>
        {!folded && (
          <>
            <TabPanel id="versions" className={styles.tabPanel}>
              <Versions view={view} shown={shown?.id ?? row.version} onShow={(version) => setOlder(version === row.version ? null : version)} />
            </TabPanel>
            <TabPanel id="comments" className={styles.tabPanel}>
              <Comments view={view} />
            </TabPanel>
            <TabPanel id="properties" className={styles.tabPanel}>
              <Properties view={view} />
            </TabPanel>
          </>
        )}
      </Tabs>
    </section>
  );
}
