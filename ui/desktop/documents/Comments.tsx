/** Remarks on a document: the thread, and a field that Ctrl Enter sends. */
import { type KeyboardEvent, useId, useState } from "react";
import { useWords } from "../../i18n/i18n";
import { Button, IconButton } from "../../kit/Button";
import { Avatar } from "../../kit/Chip";
import { isMod, shortcutLabel } from "../../kit/keys";
import type { DocumentView } from "../../protocol/protocol";
import { useNow } from "../data/now";
import styles from "./detail.module.css";
import shared from "./documents.module.css";
import { nameOf, useWorkspace } from "./workspace";

export function Comments({ view }: { view: DocumentView }) {
  const { m, f, language } = useWords();
  const words = m.documents.detail.comment;
  const { people, me, actions } = useWorkspace();
  const now = useNow();
  const [text, setText] = useState("");
  const [sending, setSending] = useState(false);
  const field = useId();

  const add = async () => {
    if (text.trim() === "" || sending) return;
    setSending(true);
    const outcome = await actions.comment(view.row.id, text.trim());
    setSending(false);
    // A refused remark stays in its field: nobody types it twice.
    if (outcome.ok) setText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !isMod(event)) return;
    event.preventDefault();
    void add();
  };

  return (
    <div className={styles.commentsTab}>
      {view.comments.length === 0 ? (
        <p className={shared.quiet}>{words.empty}</p>
      ) : (
        <ol className={styles.thread}>
          {view.comments.map((comment) => {
            const author = people.get(comment.author);
            const mine = comment.author === me;
            return (
              <li key={comment.id}>
                {author && <Avatar person={author} quiet />}
                <div>
                  <div className={styles.commentHead}>
                    <strong>{mine ? words.you : nameOf(people, comment.author)}</strong>
                    <time dateTime={new Date(comment.made_at).toISOString()} title={f.fullInstant(comment.made_at)}>
                      {f.ago(comment.made_at, now)}
                    </time>
                    {mine && (
                      <IconButton icon="trash" size="small" label={words.remove} onPress={() => void actions.removeComment(comment.id)} />
                    )}
                  </div>
                  <p className="selectable">{comment.text}</p>
                </div>
              </li>
            );
          })}
        </ol>
      )}
      <div className={styles.commentField}>
        <label htmlFor={field} className="visually-hidden">
          {words.field}
        </label>
        <textarea
          id={field}
          rows={2}
          value={text}
          placeholder={words.placeholder}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <Button size="small" isDisabled={text.trim() === "" || sending} onPress={() => void add()}>
          {words.add}
          <kbd>{shortcutLabel("mod+enter", language)}</kbd>
        </Button>
      </div>
    </div>
  );
}
