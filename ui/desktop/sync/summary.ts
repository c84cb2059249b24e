/**
 * The one word at the foot of the rail. Pure, and never «à jour» unless the engine computed it from the trees: a status
 * that is neither up to date nor explained says that work goes on.
 */
import type { Messages } from "../../i18n/i18n";
import type { IconName } from "../../kit/icons";
import type { Tone } from "../../kit/SyncMark";
import type { SyncStatus } from "../../protocol/protocol";

export interface Summary {
  icon: IconName;
  tone: Tone;
  word: string;
}

/** `toCheck` is the count of decisions waiting, as the «À vérifier» screen lists them. */
export function summarise(status: SyncStatus | undefined, toCheck: number, m: Messages["sync"]): Summary {
  if (!status) return { icon: "dot", tone: "plain", word: m.unknown };
  const pending = Math.max(status.pending_commands, status.sending.files);
  switch (status.connection) {
    case "signed_out":
      return { icon: "cloudOff", tone: "plain", word: m.connection.signed_out };
    case "session_expired":
      return { icon: "lock", tone: "warn", word: m.connection.session_expired };
    case "update_needed":
      return { icon: "alert", tone: "warn", word: m.connection.update_needed };
    case "offline":
      return { icon: "cloudOff", tone: "plain", word: pending > 0 ? m.offlinePending(pending) : m.offline };
    case "paused":
      return { icon: "pause", tone: "plain", word: pending > 0 ? m.pausedPending(pending) : m.paused };
    case "online":
      break;
  }
  // Held before all that moves: it may be a whole client file, and only a person can say.
  if (status.held_removals > 0) return { icon: "alert", tone: "warn", word: m.held.removal.count(status.held_removals) };
  if (status.held_edits > 0) return { icon: "alert", tone: "warn", word: m.held.edit.count(status.held_edits) };
  const { sending, receiving } = status;
  if (sending.files > 0 && receiving.files > 0) {
    return { icon: "sync", tone: "info", word: m.exchanging(sending.files + receiving.files) };
  }
  if (sending.files > 0) return { icon: "arrowUp", tone: "info", word: m.sending(sending.files) };
  if (receiving.files > 0) return { icon: "arrowDown", tone: "info", word: m.receiving(receiving.files) };
  const decisions = Math.max(toCheck, status.to_check);
  if (decisions > 0) return { icon: "toCheck", tone: "warn", word: m.toCheck(decisions) };
  if (status.blocked > 0) return { icon: "block", tone: "warn", word: m.blocked(status.blocked) };
  // What waits goes on by itself: nobody is called for it, and it is not up to date either. Its changes wait with it.
  if (status.waiting > 0) return { icon: "clock", tone: "plain", word: m.waiting(status.waiting) };
  if (status.pending_commands > 0) return { icon: "arrowUp", tone: "info", word: m.pending(status.pending_commands) };
  if (status.scanning) return { icon: "sync", tone: "info", word: m.scanning };
  if (status.up_to_date) return { icon: "checkCircle", tone: "good", word: m.upToDate };
  return { icon: "sync", tone: "info", word: m.working };
}
