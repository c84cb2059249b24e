/** A new folder: one name. A refused one says why, and offers the name it could have. */
import { useState } from "react";
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { Dialog } from "../../kit/Dialog";
import { TextField } from "../../kit/Field";
import type { Failure, NodeId } from "../../protocol/protocol";
import { useWorkspace } from "./workspace";

export function NewFolderDialog({ parent, onClose }: { parent: NodeId; onClose: () => void }) {
  const { m, failureText } = useWords();
  const words = m.documents.newFolder;
  const { actions, placeOf, openFolder } = useWorkspace();
  const [name, setName] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const proposal = failure?.details?.proposal;

  const make = async (wanted: string) => {
    if (wanted.trim() === "") return;
    const { node, outcome } = await actions.createFolder(parent, wanted.trim());
    if (outcome.ok) {
      onClose();
      openFolder(node);
    } else setFailure(outcome.failure);
  };

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={words.title(placeOf(parent))}
      onSubmit={() => void make(proposal ?? name)}
      foot={
        <>
          <Button onPress={onClose}>{m.common.cancel}</Button>
          <Button tone="primary" type="submit" isDisabled={name.trim() === ""}>
            {proposal === undefined ? words.make : words.accept(proposal)}
          </Button>
        </>
      }
    >
      <TextField
        label={words.name}
        value={name}
        autoFocus
        error={failure ? failureText(failure) : null}
        onChange={(value) => {
          setName(value);
          setFailure(null);
        }}
      />
    </Dialog>
  );
}
