/** A document's file outside the window: opened with the user's program, shown in its folder, or saved as a copy. */
import { useMemo } from "react";
import { useWords } from "../../i18n/i18n";
import { useToasts } from "../../kit/Toast";
import { asFailure } from "../../platform/platform";
import { usePlatform } from "../../platform/PlatformContext";
import type { NodeId, VersionId } from "../../protocol/protocol";
import { useOpening } from "./Opening";

export interface DocumentFile {
  /** Opens with the user's program, after a question where it could not be saved; absent where the host cannot. */
  open: ((document: NodeId) => Promise<void>) | null;
  /** Shows in the system's file manager; absent where the host cannot. */
  reveal: ((document: NodeId) => Promise<void>) | null;
  /** Opens the folder that holds the mirror; absent where the host cannot. */
  openMirror: (() => Promise<void>) | null;
  /** Saves the bytes of a version where the browser saves; absent in the window, where the file itself is at hand. */
  saveCopy: ((document: NodeId, version: VersionId, name: string) => Promise<void>) | null;
}

export function useDocumentFile(): DocumentFile {
  const platform = usePlatform();
  const toasts = useToasts();
  const { failureText } = useWords();
  const opening = useOpening();
  return useMemo(() => {
    const said = async (action: () => Promise<void>) => {
      try {
        await action();
      } catch (cause) {
        toasts.show({ tone: "problem", text: failureText(asFailure(cause)) });
      }
    };
    const { capabilities, shell } = platform;
    return {
      open: capabilities.openWithProgram ? opening : null,
      reveal: capabilities.reveal ? (document) => said(() => shell.reveal(document)) : null,
      openMirror: capabilities.reveal ? () => said(() => shell.openMirrorFolder()) : null,
      saveCopy: capabilities.reveal
        ? null
        : (document, version, name) => said(async () => save(await platform.fetchContent(document, version), name)),
    };
  }, [platform, toasts, failureText, opening]);
}

function save(bytes: ArrayBuffer, name: string) {
  const url = URL.createObjectURL(new Blob([bytes]));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the address by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
