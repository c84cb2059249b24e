/** The action that helps an entry: rename it, see it, decide, try again. At most one, the most useful first. */
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { usePlatform } from "../../platform/PlatformContext";
import type { SyncItem } from "../../protocol/protocol";
import { useRun } from "../data/calls";

/** Where an action leads. */
export type Place =
  | { to: "/clients/$client/documents"; params: { client: string }; search: { document: string } }
  | { to: "/a-verifier" };

/** The place of an entry's document, where it has one. */
export function documentPlace(item: SyncItem): Place | null {
  if (item.node === null || item.client_file === null) return null;
  return { to: "/clients/$client/documents", params: { client: item.client_file }, search: { document: item.node } };
}

/** Reasons that go away by themselves: no button would help. */
const PATIENT = new Set<SyncItem["reason"]>(["queued", "offline", "changing"]);

export function ItemAction({ item, tone = "link", onGo }: {
  item: SyncItem;
  tone?: "link" | "secondary";
  onGo: (place: Place) => void;
}) {
  const { m } = useWords();
  const platform = usePlatform();
  const run = useRun();
  const { proposal, node } = item;
  if (item.reason === "refused" || item.mark === "conflict") {
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
  if (platform.capabilities.reveal && (item.reason === "name_taken" || item.reason === "path_too_long" || item.reason === "not_a_file")) {
    const show = () => void (node === null ? platform.shell.openMirrorFolder() : platform.shell.reveal(node));
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
