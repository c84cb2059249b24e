/**
 * Opens a document with the user's program. One that is not in the mirror opens as a copy whose changes go nowhere:
 * whoever is about to edit is asked first, with the way to a file that can be saved; whoever reads is told.
 */
import { createContext, type ReactNode, useCallback, useContext, useState } from "react";
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { Dialog } from "../../kit/Dialog";
import { useToasts } from "../../kit/Toast";
import { asFailure, type Platform } from "../../platform/platform";
import { usePlatform } from "../../platform/PlatformContext";
import type { ClientFileRow, NodeId } from "../../protocol/protocol";
import { useSetOffline } from "../data/offline";
import { type FileFamily, fileFamily } from "./kind";

/** What people open to look at; the rest they may open to change. */
const READ: ReadonlySet<FileFamily> = new Set(["pdf", "image", "mail", "archive", "video"]);
/** How often it is looked whether a document has arrived, and for how long, in milliseconds. */
const LOOK = 500;
const PATIENCE = 60_000;

interface Copy {
  document: NodeId;
  name: string;
  client: ClientFileRow;
}

const Context = createContext<(document: NodeId) => Promise<void>>(() => Promise.resolve());

/** Opens a document, after a question where its file could not be saved. */
export function useOpening(): (document: NodeId) => Promise<void> {
  return useContext(Context);
}

export function OpeningProvider({ children }: { children: ReactNode }) {
  const platform = usePlatform();
  const toasts = useToasts();
  const { m, failureText } = useWords();
  const setOffline = useSetOffline();
  const [asked, setAsked] = useState<Copy | null>(null);
  const words = m.documents.opening;

  const saying = useCallback(
    async (action: () => Promise<void>) => {
      try {
        await action();
      } catch (cause) {
        toasts.show({ tone: "problem", text: failureText(asFailure(cause)) });
      }
    },
    [toasts, failureText],
  );

  const open = useCallback(
    (document: NodeId) =>
      saying(async () => {
        const { editable } = await platform.call("file_of", { document, version: null });
        if (editable) return platform.shell.openDocument(document);
        const { row, client_file, trashed } = await platform.call("get_document", { document });
        const client = (await platform.call("get_client_file", { client_file })).row;
        if (!trashed && !READ.has(fileFamily(row.name))) return setAsked({ document, name: row.name, client });
        await platform.shell.openDocument(document);
        const keeps = trashed || client.offline;
        toasts.show({
          tone: "plain",
          text: trashed ? words.openedTrashed : client.offline ? words.openedArriving : words.opened(client.name),
          ...(!keeps && { action: { label: m.clients.makeOffline, run: () => void setOffline(client, true) } }),
        });
      }),
    [platform, toasts, saying, setOffline, words, m],
  );

  const openOnceHere = ({ document, name, client }: Copy) =>
    saying(async () => {
      if (!client.offline) await setOffline(client, true);
      toasts.show({ tone: "plain", text: words.comes(name) });
      if (await arrives(platform, document)) await platform.shell.openDocument(document);
      else toasts.show({ tone: "plain", text: words.late(name, client.name) });
    });

  return (
    <Context value={open}>
      {children}
      {asked && (
        <Question
          copy={asked}
          onClose={() => setAsked(null)}
          onRead={() => void saying(() => platform.shell.openDocument(asked.document))}
          onKeep={() => void openOnceHere(asked)}
        />
      )}
    </Context>
  );
}

function Question({ copy, onClose, onRead, onKeep }: { copy: Copy; onClose: () => void; onRead: () => void; onKeep: () => void }) {
  const { m } = useWords();
  const words = m.documents.opening;
  const { name, client } = copy;
  const choose = (choice: () => void) => () => {
    onClose();
    choice();
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={words.title}
      foot={
        <>
          <Button onPress={choose(onRead)}>{words.read}</Button>
          <Button tone="primary" onPress={choose(onKeep)} autoFocus>
            {client.offline ? words.wait : words.keep}
          </Button>
        </>
      }
    >
      <p>{words.copy(name)}</p>
      <p>{client.offline ? words.arriving : words.offer(client.name, m.common.documents(client.documents))}</p>
    </Dialog>
  );
}

/** Waits until a document is a file of the mirror; whether it became one in time. */
async function arrives(platform: Platform, document: NodeId): Promise<boolean> {
  for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
    const { editable } = await platform.call("file_of", { document, version: null });
    if (editable) return true;
    await new Promise((wake) => setTimeout(wake, LOOK));
  }
  return false;
}
