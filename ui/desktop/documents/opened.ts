/** Who has which document open on another workstation, in words: a hint, in nobody's way. */
import { useMemo } from "react";
import { useWords } from "../../i18n/i18n";
import type { NodeId } from "../../protocol/protocol";
import { useCall } from "../data/calls";
import { usePeople } from "../data/people";

/** The sentence of each document that is open elsewhere: « ouvert par Marie, Excel ». */
export function useOpened(): ReadonlyMap<NodeId, string> {
  const { m } = useWords();
  const { person } = usePeople();
  const rows = useCall("list_opened", {}).data?.rows;
  return useMemo(() => {
    const said = new Map<NodeId, string[]>();
    for (const { document, person: id, program } of rows ?? []) {
      const who = person(id);
      if (who === undefined) continue;
      said.set(document, [...(said.get(document) ?? []), `${who.first_name}, ${program}`]);
    }
    return new Map([...said].map(([document, openings]) => [document, m.documents.list.opened(openings.join(" ; "))]));
  }, [m, person, rows]);
}
