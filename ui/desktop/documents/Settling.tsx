/** The three ways to settle two versions of a document, in the words of who made each. */
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import type { ExecuteReply, NodeId, VersionChoice, VersionView } from "../../protocol/protocol";
import { useExecute } from "../data/calls";
import { newId } from "../data/id";
import { useMe, usePeople } from "../data/people";
import styles from "./settling.module.css";

export interface SettlingProps {
  document: NodeId;
  /** The version that waits for a decision. */
  concurrent: VersionView;
  /** The one shown. */
  head: VersionView;
  /** Among other lines, where buttons of the full size would shout. */
  quiet?: boolean;
}

/**
 * Whose a version is: a colleague's name, the workstation's where one person made both (with the time, where both have the
 * same name), `null` for the reader's own.
 */
export function useWhose({ concurrent, head }: Pick<SettlingProps, "concurrent" | "head">): (version: VersionView) => string | null {
  const me = useMe();
  const { person } = usePeople();
  const { f } = useWords();
  return (version) => {
    if (concurrent.author === head.author) {
      const { workstation, made_at } = version;
      return concurrent.workstation === head.workstation ? `${workstation}, ${f.fullInstant(made_at)}` : workstation;
    }
    if (version.author === me?.id) return null;
    return person(version.author)?.first_name ?? version.workstation;
  };
}

export function Settling({ document, concurrent, head, quiet }: SettlingProps) {
  const { m } = useWords();
  const words = m.documents.settling;
  const execute = useExecute();
  const whose = useWhose({ concurrent, head });

  const settle = (choice: VersionChoice, said: (reply: ExecuteReply) => string) =>
    void execute("settle_version", [{ kind: "settle_version", node: document, version: concurrent.id, choice }], { said });
  const take = () => settle({ kind: "take", version: newId(), base: head.id }, () => words.taken(whose(concurrent)));
  const leave = () => settle({ kind: "leave" }, () => words.left(whose(head)));
  const both = () =>
    settle({ kind: "both", node: newId(), version: newId() }, ({ executed }) => words.both(executed[0]?.renamed_to ?? null));

  const size = quiet ? "small" : "normal";
  return (
    <div className={styles.settling} data-quiet={quiet || undefined}>
      {/* In the order in which the versions are shown. */}
      <Button size={size} onPress={leave}>
        {words.leave(whose(head))}
      </Button>
      <Button size={size} onPress={take}>
        {words.take(whose(concurrent))}
      </Button>
      <Button size={size} onPress={both}>
        {words.keepBoth}
      </Button>
    </div>
  );
}
