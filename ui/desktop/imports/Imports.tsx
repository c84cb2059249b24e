/**
 * Imports of the window: started by a drop or a file dialog, one line at the bottom while they run, a toast with the
 * result, and the list of what was left out.
 */
import { useQueries, useQueryClient } from "@tanstack/react-query";
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { useWords } from "../../i18n/i18n";
import { useToasts } from "../../kit/Toast";
import { DropZone, type DropPlace } from "../../platform/drop";
import { sourcesOf } from "../../platform/dropped";
import { startImport } from "../../platform/import";
import { asFailure, type DropSource } from "../../platform/platform";
import { usePlatform } from "../../platform/PlatformContext";
import type { ImportProblem, ImportRename, ImportView } from "../../protocol/protocol";
import { callOptions, invalidateTags, useRun, useUndo } from "../data/calls";
import { ImportLine } from "./ImportLine";
import { ImportReport } from "./ImportReport";

/** How often the count is read while an import runs, in milliseconds. */
const READ_EVERY = 300;

interface Running {
  number: number;
  name: string;
  stop: AbortController;
  cancelled: boolean;
  /** Files this page could not read, known once all bytes are handed over. */
  unreadable: string[];
  /** Whether this page still hands bytes over. */
  sending: boolean;
}

export interface Report {
  problems: ImportProblem[];
  renamed: ImportRename[];
}

export interface Imports {
  /** Imports into a place. */
  start: (place: Pick<DropPlace, "target" | "name">, sources: DropSource[] | Promise<DropSource[]>) => Promise<void>;
  /** Asks for files, then imports them. */
  pick: (place: Pick<DropPlace, "target" | "name">) => void;
}

const Context = createContext<Imports | null>(null);

export function useImports(): Imports {
  const imports = useContext(Context);
  if (!imports) throw new Error("BUG: no imports around this screen");
  return imports;
}

export function ImportsProvider({ children }: { children: ReactNode }) {
  const platform = usePlatform();
  const toasts = useToasts();
  const { m, failureText } = useWords();
  const run = useRun();
  const [running, setRunning] = useState<Running[]>([]);
  const [reading, setReading] = useState(0);
  const [report, setReport] = useState<Report | null>(null);

  const change = useCallback((number: number, values: Partial<Running>) => {
    setRunning((list) => list.map((each) => (each.number === number ? { ...each, ...values } : each)));
  }, []);

  const start = useCallback<Imports["start"]>(
    async (place, wanted) => {
      setReading((count) => count + 1);
      try {
        const sources = await wanted;
        if (sources.length === 0) {
          toasts.show({ tone: "plain", text: m.imports.emptyDrop });
          return;
        }
        const stop = new AbortController();
        const started = await startImport(platform, place.target, sources, stop.signal);
        for (const { number, sent } of started) {
          setRunning((list) => [...list, { number, name: place.name, stop, cancelled: false, unreadable: [], sending: true }]);
          sent
            .then(({ unreadable }) => change(number, { unreadable, sending: false }))
            .catch((cause: unknown) => {
              change(number, { sending: false });
              if (!stop.signal.aborted) toasts.show({ tone: "problem", text: failureText(asFailure(cause)) });
            });
        }
      } catch (cause) {
        toasts.show({ tone: "problem", text: failureText(asFailure(cause)) });
      } finally {
        setReading((count) => count - 1);
      }
    },
    [platform, toasts, m, failureText, change],
  );

  const pick = useCallback<Imports["pick"]>(
    (place) => {
      const input = document.createElement("input");
      input.type = "file";
      input.multiple = true;
      input.addEventListener("change", () => {
        if (input.files) void start(place, sourcesOf(input.files));
      });
      input.click();
    },
    [start],
  );

  const cancel = (each: Running) => {
    each.stop.abort();
    change(each.number, { cancelled: true, sending: false });
    void run("cancel_import", { import: each.number }, { quiet: true });
  };
  const ended = useCallback(
    (number: number) => setRunning((list) => list.filter((each) => each.number !== number)),
    [],
  );

  const imports = useMemo<Imports>(() => ({ start, pick }), [start, pick]);
  const views = useImportViews(running);
  useEndings(running, views, ended, setReport);

  return (
    <Context value={imports}>
      <DropZone onDrop={(place, sources) => void start(place, sources)} />
      {children}
      <ImportLine
        reading={reading > 0}
        lines={running.map((each, index) => ({ ...each, view: views[index], onCancel: () => cancel(each) }))}
      />
      <ImportReport report={report} onClose={() => setReport(null)} />
    </Context>
  );
}

function useImportViews(running: Running[]): (ImportView | undefined)[] {
  const platform = usePlatform();
  return useQueries({
    queries: running.map(({ number }) => ({
      ...callOptions(platform, "get_import", { import: number }),
      refetchInterval: READ_EVERY,
    })),
  }).map((query) => query.data);
}

/** Says how each import ended, once. */
function useEndings(
  running: Running[],
  views: (ImportView | undefined)[],
  ended: (number: number) => void,
  showReport: (report: Report) => void,
): void {
  const toasts = useToasts();
  const client = useQueryClient();
  const undo = useUndo();
  const { m } = useWords();
  const told = useRef(new Set<number>());
  useEffect(() => {
    running.forEach((each, index) => {
      const view = views[index];
      if (!view?.ended || each.sending || told.current.has(each.number)) return;
      told.current.add(each.number);
      ended(each.number);
      void invalidateTags(client, ["documents", "client_files", "sync"]);
      const unreadable = each.unreadable.map((path): ImportProblem => ({ path, reason: "changing" }));
      const problems = [...view.problems.filter(({ path }) => !each.unreadable.includes(path)), ...unreadable];
      const { renamed } = view;
      const text = each.cancelled
        ? m.imports.cancelled(view.done)
        : problems.length > 0
          ? m.imports.doneWithProblems(view.done, problems.length, each.name)
          : view.elsewhere
            ? m.imports.doneElsewhere(view.done, view.elsewhere.path.slice(-2).join(" › "))
            : m.imports.done(view.done, each.name);
      toasts.show({
        tone: problems.length > 0 ? "problem" : "done",
        text,
        ...(view.done > 0 && { action: { label: m.common.undo, run: () => void undo("undo") } }),
        ...((problems.length > 0 || renamed.length > 0) && {
          also: { label: m.imports.seeProblems, run: () => showReport({ problems, renamed }) },
        }),
      });
    });
  }, [running, views, ended, showReport, toasts, client, undo, m]);
}
