/** Asks before a move that changes who sees something, with the people's names. */
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { fullName } from "../../kit/Chip";
import { Dialog } from "../../kit/Dialog";
import type { PersonView } from "../../protocol/protocol";
import type { AudienceChange } from "./audience";

export interface AudienceDialogProps {
  change: AudienceChange;
  count: number;
  place: string;
  onConfirm: () => void;
  onClose: () => void;
}

export function AudienceDialog({ change, count, place, onConfirm, onClose }: AudienceDialogProps) {
  const { m, language } = useWords();
  const words = m.documents.audience;
  const names = (people: readonly PersonView[]) => new Intl.ListFormat(language, { type: "conjunction" }).format(people.map(fullName));
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={words.title}
      foot={
        <>
          <Button onPress={onClose} autoFocus>
            {m.common.cancel}
          </Button>
          <Button
            tone="primary"
            onPress={() => {
              onClose();
              onConfirm();
            }}
          >
            {words.confirm}
          </Button>
        </>
      }
    >
      <p>{words.text(count, place)}</p>
      {change.gain.length > 0 && <p>{words.gain(names(change.gain), change.gain.length)}</p>}
      {change.lose.length > 0 && <p>{words.lose(names(change.lose), change.lose.length)}</p>}
    </Dialog>
  );
}
