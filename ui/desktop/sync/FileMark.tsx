/** The state of a file in a list. Without the server nothing is being sent or received: it waits, and the list says so. */
import { SyncMark } from "../../kit/SyncMark";
import type { SyncMark as Mark } from "../../protocol/protocol";
import { useCall } from "../data/calls";

interface FileMarkProps {
  mark: Mark;
  withWord?: boolean;
}

export function FileMark(props: FileMarkProps) {
  // Most lines are at rest: only those under way need to know of the connection.
  return props.mark === "sending" || props.mark === "receiving" ? <UnderWay {...props} /> : <SyncMark {...props} />;
}

function UnderWay({ mark, withWord }: FileMarkProps) {
  const offline = useCall("get_sync_status", {}).data?.connection === "offline";
  return <SyncMark mark={offline ? "waiting" : mark} withWord={withWord} />;
}
