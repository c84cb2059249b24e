/**
 * A document as it can be shown here. Whatever happens it ends on a sentence: not shown in this window, not on this
 * disk, damaged, protected, too large; and with what can be done about it.
 */
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useState } from "react";
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import type { Failure, NodeId, VersionId } from "../../protocol/protocol";
import { FileIcon } from "./FileIcon";
import { ImageView } from "./ImageView";
import { previewKind } from "./kind";
import { MailView } from "./MailView";
import styles from "./preview.module.css";
import { TableView, TextView } from "./TextView";
import { PREVIEW_LIMIT, useContent } from "./useContent";
import { useDocumentFile } from "./useDocumentFile";

// pdf.js is a third of the application: it is read when the first PDF is looked at.
const PdfView = lazy(() => import("./PdfView"));

/** Reading shorter than this, in milliseconds, is not worth a word: it would only flicker. */
const QUIET = 250;

export interface PreviewProps {
  document: NodeId;
  version: VersionId;
  name: string;
  /** Bytes of the version. */
  size: number;
}

export function Preview(props: PreviewProps) {
  // Another document is another preview: nothing of the former one may stay on screen under the new name.
  return <Shown key={`${props.document}/${props.version}`} {...props} />;
}

function Shown({ document, version, name, size }: PreviewProps) {
  const { m, failureText, f } = useWords();
  const words = m.documents.preview;
  const kind = previewKind(name);
  const readable = kind !== "none" && size > 0 && size <= PREVIEW_LIMIT;
  const content = useContent(document, version, readable);
  const [problem, setProblem] = useState<"password" | "damaged" | null>(null);
  const onProblem = useCallback((found: "password" | "damaged") => setProblem(found), []);
  const notice = (text: string, action?: ReactNode) => (
    <Notice document={document} version={version} name={name} text={text} action={action} />
  );

  if (size === 0) return notice(words.empty);
  if (kind === "none") return notice(words.notShown);
  if (size > PREVIEW_LIMIT) return notice(words.tooLarge(f.bytes(size)));
  if (problem !== null) return notice(problem === "password" ? words.password : words.damaged);
  if (content.isError) {
    return notice(
      unreachable(content.error) ? words.notOnDisk : failureText(content.error),
      <Button onPress={() => void content.refetch()}>{m.common.retry}</Button>,
    );
  }
  const bytes = content.data;
  if (bytes === undefined) return <Reading text={words.reading(f.bytes(size))} />;
  switch (kind) {
    case "pdf":
      return (
        <Suspense fallback={<Reading text={words.reading(f.bytes(size))} />}>
          <PdfView bytes={bytes} name={name} onProblem={onProblem} />
        </Suspense>
      );
    case "image":
      return <ImageView bytes={bytes} name={name} onProblem={onProblem} />;
    case "text":
      return <TextView bytes={bytes} name={name} />;
    case "table":
      return <TableView bytes={bytes} name={name} />;
    case "mail":
      return <MailView bytes={bytes} name={name} />;
  }
}

function unreachable(failure: Failure): boolean {
  return failure.code === "offline" || failure.code === "signed_out";
}

/** Says what is being waited for, once the wait is long enough to be noticed. */
function Reading({ text }: { text: string }) {
  const [noticed, setNoticed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setNoticed(true), QUIET);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={styles.notice} role="status">
      {noticed && <p>{text}</p>}
    </div>
  );
}

interface NoticeProps {
  document: NodeId;
  version: VersionId;
  name: string;
  text: string;
  action?: ReactNode;
}

function Notice({ document, version, name, text, action }: NoticeProps) {
  const words = useWords().m.documents.preview;
  const { open, reveal, saveCopy } = useDocumentFile();
  return (
    <div className={styles.notice}>
      <FileIcon name={name} size={40} />
      <p>{text}</p>
      <div className={styles.noticeActions}>
        {action}
        {open && <Button onPress={() => void open(document)}>{words.open}</Button>}
        {reveal && <Button onPress={() => void reveal(document)}>{words.reveal}</Button>}
        {saveCopy && <Button onPress={() => void saveCopy(document, version, name)}>{words.saveCopy}</Button>}
      </div>
    </div>
  );
}
