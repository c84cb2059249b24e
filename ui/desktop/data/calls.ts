/**
 * Reading and writing through the host. A read is a cached query keyed by [call, payload]; the host says by tags what
 * changed. A write goes through `useExecute` (a command, undoable) or `useRun` (a call of this workstation); its failure
 * is said in a toast unless the screen asks to say it itself.
 */
import {
  keepPreviousData,
  QueryClient,
  queryOptions,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from "@tanstack/react-query";
import { useCallback } from "react";
import { useWords, type ActionCode } from "../../i18n/i18n";
import { type ToastContent, useToasts } from "../../kit/Toast";
import { asFailure, type CallName, type Platform, type RequestOf, type ResponseOf } from "../../platform/platform";
import { usePlatform } from "../../platform/PlatformContext";
import { TAGS, type Command, type ExecuteReply, type Failure, type Tag } from "../../protocol/protocol";

declare module "@tanstack/react-query" {
  interface Register {
    defaultError: Failure;
  }
}

/** Data changes only when the host says so; the browser's own idea of being online is of no account. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Infinity,
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: "always",
      },
    },
  });
}

/** A call as a key and a function: what lists read by windows are made of. */
export function callQuery<N extends CallName>(platform: Platform, name: N, payload: RequestOf<N>) {
  return { queryKey: [name, payload], queryFn: () => platform.call(name, payload) };
}

/** The query of a call, for route loaders and for `useQueries`. */
export function callOptions<N extends CallName>(platform: Platform, name: N, payload: RequestOf<N>) {
  return queryOptions<ResponseOf<N>, Failure>(callQuery(platform, name, payload));
}

/** Reads. While the payload changes, what was shown stays; `enabled: false` waits. */
export function useCall<N extends CallName>(
  name: N,
  payload: RequestOf<N>,
  options: { enabled?: boolean; refetchInterval?: number | false } = {},
): UseQueryResult<ResponseOf<N>, Failure> {
  const platform = usePlatform();
  return useQuery({ ...callOptions(platform, name, payload), placeholderData: keepPreviousData, ...options });
}

/** Reads again every query that shows data of one of these groups. */
export function invalidateTags(client: QueryClient, tags: readonly Tag[]): Promise<void> {
  return client.invalidateQueries({
    predicate: ({ queryKey }) => {
      const shown: Tag[] | undefined = TAGS[queryKey[0] as CallName];
      return shown !== undefined && shown.some((tag) => tags.includes(tag));
    },
  });
}

/** How a write ended. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Failure };

/** What the user is told of a write. */
export interface Told<T> {
  /** The toast's sentence, of the answer where it depends on it; the action's own where absent. */
  said?: string | ((value: T) => string);
  /** What can be done next, beside undoing. */
  next?: (value: T) => ToastContent["action"];
  /** No toast on success (a read mark, a form that shows its own result). */
  quiet?: boolean;
  /** The screen says the failure itself. */
  ownFailure?: boolean;
}

function sentence<T>(said: string | ((value: T) => string), value: T): string {
  return typeof said === "function" ? said(value) : said;
}

/** Calls of this workstation that change something, with the groups they change. */
const WRITES: Partial<Record<CallName, Tag[]>> = {
  sign_in: ["people", "client_files", "documents", "sync", "settings"],
  sign_out: ["people", "client_files", "documents", "sync", "settings"],
  change_settings: ["settings"],
  set_offline: ["settings", "sync", "client_files"],
  set_paused: ["sync"],
  retry_now: ["sync"],
  repair_name: ["sync", "documents"],
  decide_held: ["sync", "documents"],
  dismiss_refused: ["sync", "settings"],
  save_refused: ["settings"],
  undo: ["people", "client_files", "documents", "sync"],
  redo: ["people", "client_files", "documents", "sync"],
};

/** Makes a call that changes something. */
export function useRun() {
  const platform = usePlatform();
  const client = useQueryClient();
  const toasts = useToasts();
  const { failureText } = useWords();
  return useCallback(
    async <N extends CallName>(name: N, payload: RequestOf<N>, told: Told<ResponseOf<N>> = {}): Promise<Outcome<ResponseOf<N>>> => {
      try {
        const value = await platform.call(name, payload);
        const tags = WRITES[name];
        if (tags) void invalidateTags(client, tags);
        if (told.said && !told.quiet) {
          const action = told.next?.(value);
          toasts.show({ tone: "done", text: sentence(told.said, value), ...(action && { action }) });
        }
        return { ok: true, value };
      } catch (cause) {
        const failed = asFailure(cause);
        if (!told.ownFailure) toasts.show({ tone: "problem", text: failureText(failed) });
        return { ok: false, failure: failed };
      }
    },
    [platform, client, toasts, failureText],
  );
}

/** Executes commands as one action, and offers to undo it. */
export function useExecute() {
  const platform = usePlatform();
  const client = useQueryClient();
  const toasts = useToasts();
  const { m, failureText } = useWords();
  const undo = useUndo();
  return useCallback(
    async (action: ActionCode, commands: Command[], told: Told<ExecuteReply> = {}): Promise<Outcome<ExecuteReply>> => {
      try {
        const value = await platform.call("execute", { commands, action });
        void invalidateTags(client, ["people", "client_files", "documents", "sync"]);
        if (!told.quiet) {
          const undoable = value.executed.some((executed) => executed.inverse !== null);
          const also = told.next?.(value);
          toasts.show({
            tone: "done",
            text: sentence(told.said ?? m.actions[action].done, value),
            ...(also && { also }),
            ...(undoable && { action: { label: m.common.undo, run: () => void undo("undo") } }),
          });
        }
        return { ok: true, value };
      } catch (cause) {
        const failed = asFailure(cause);
        if (!told.ownFailure) toasts.show({ tone: "problem", text: failureText(failed) });
        return { ok: false, failure: failed };
      }
    },
    [platform, client, toasts, m, failureText, undo],
  );
}

/** Undoes the last action, or does it again, and says which it was. */
export function useUndo() {
  const run = useRun();
  const toasts = useToasts();
  const { m, actionNoun } = useWords();
  return useCallback(
    (direction: "undo" | "redo"): Promise<void> => {
      const perform = async (way: "undo" | "redo"): Promise<void> => {
        const outcome = await run(way, {});
        if (!outcome.ok) return;
        const { action } = outcome.value;
        if (action === null) {
          toasts.show({ tone: "plain", text: way === "undo" ? m.undo.nothing : m.undo.nothingAgain });
        } else if (way === "undo") {
          toasts.show({
            tone: "done",
            text: m.undo.undone(actionNoun(action)),
            action: { label: m.undo.redo, run: () => void perform("redo") },
          });
        } else {
          toasts.show({ tone: "done", text: m.undo.redone(actionNoun(action)) });
        }
      };
      return perform(direction);
    },
    [run, toasts, m, actionNoun],
  );
}
