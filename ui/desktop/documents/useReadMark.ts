/** A document looked at for a second is read: its badge goes, here and on every workstation of the reader. */
import { useEffect } from "react";
import type { DocumentRow } from "../../protocol/protocol";
import type { Actions } from "./useActions";

/** Passing over a line with the arrows is not reading it; a second on it is. In milliseconds. */
const LOOKED_AT = 1000;

export function useReadMark(row: DocumentRow | undefined, actions: Actions) {
  const unread = row?.unread === true;
  const id = row?.id;
  const version = row?.version;
  useEffect(() => {
    if (!unread || id === undefined || version === undefined) return undefined;
    const timer = setTimeout(() => void actions.markRead(id, version), LOOKED_AT);
    return () => clearTimeout(timer);
  }, [unread, id, version, actions]);
}
