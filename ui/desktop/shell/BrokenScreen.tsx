/** A screen that could not show, and an address that leads nowhere. */
import { useNavigate } from "@tanstack/react-router";
import { useWords } from "../../i18n/i18n";
import { Button } from "../../kit/Button";
import { EmptyState } from "../../kit/EmptyState";
import { isFailure } from "../../platform/platform";

export function BrokenScreen({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { m, failureText } = useWords();
  const navigate = useNavigate();
  return (
    <EmptyState
      icon="alert"
      title={m.shell.brokenTitle}
      text={isFailure(error) ? failureText(error) : m.shell.brokenText}
      action={
        <>
          <Button onPress={onRetry}>{m.common.retry}</Button>{" "}
          <Button tone="primary" onPress={() => void navigate({ to: "/clients" })}>
            {m.shell.backToClients}
          </Button>
        </>
      }
    />
  );
}

export function UnknownPlace() {
  const { m } = useWords();
  const navigate = useNavigate();
  return (
    <EmptyState
      icon="search"
      title={m.shell.notFoundTitle}
      text={m.shell.notFoundText}
      action={
        <Button tone="primary" onPress={() => void navigate({ to: "/clients" })}>
          {m.shell.backToClients}
        </Button>
      }
    />
  );
}
