/** The action that helps an entry: rename it, see it, decide, try again. At most one, the most useful first. */
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { usePlatform } from "../../platform/PlatformContext";
import type { SyncItem } from "../../protocol/protocol";
import { useRun } from "../data/calls";

/** Where an action leads. */
export type Place =
  | { to: "/clients/$client/documents"; params: { client: string }; search: { document?: string } }
  | { to: "/a-verifier" };

/** The place of an entry's document, where it has one. */
export function documentPlace(item: SyncItem): Place | null {
  if (item.node === null || item.client_file === null) return null;
  return { to: "/clients/$client/documents", params: { client: item.client_file }, search: { document: item.node } };
}

/** The place of an entry's client, where it is known. */
export function clientPlace(item: SyncItem): Place | null {
  if (item.client_file === null) return null;
  return { to: "/clients/$client/documents", params: { client: item.client_file }, search: {} };
}

/** Reasons that go away by themselves, or with an answer given for all at once: no button would help. */
const PATIENT = new Set<SyncItem["reason"]>(["queued", "offline", "changing", "removal_held", "edit_held", "sight_lost"]);

/** Reasons that somebody mends where the file lies. */
const ON_DISK = new Set<SyncItem["reason"]>(["name_taken", "path_too_long", "not_a_file", "refused"]);

export function ItemAction({ item, tone = "link", onGo }: {
  item: SyncItem;
  tone?: "link" | "secondary";
  onGo: (place: Place) => void;
}) {
  const { m } = useWords();
  const platform = usePlatform();
  const run = useRun();
  const { proposal, node } = item;
  if ((item.reason === "refused" && item.command !== null) || item.mark === "conflict") {
    return (
      <Button tone={tone} onPress={() => onGo({ to: "/a-verifier" })}>
        {m.sync.decide}
      </Button>
    );
  }
  if (proposal !== null) {
    return (
      <Button tone={tone} onPress={() => void run("repair_name", { key: item.key }, { said: m.toCheck.renamed(proposal) })}>
        {m.sync.renameTo(proposal)}
      </Button>
    );
  }
  if (PATIENT.has(item.reason)) return null;
  if (platform.capabilities.reveal && ON_DISK.has(item.reason)) {
    // What was refused is a file of the disk that the GED does not know.
    const unknown = node === null || item.reason === "refused";
    const show = () => void (unknown ? platform.shell.openMirrorFolder() : platform.shell.reveal(node));
    return (
      <Button tone={tone} onPress={show}>
        {m.sync.reveal}
      </Button>
    );
  }
  return (
    <Button tone={tone} onPress={() => void run("retry_now", {})}>
      {m.common.retry}
    </Button>
  );
}
