import { act, createEvent, fireEvent, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { FakePlatform } from "../e2e/fake/platform";
import { renderPiece } from "../e2e/fake/render";
import { DropZone, dropTarget, type DropPlace } from "./drop";
import type { DropSource, NativeDrag } from "./platform";

const place: DropPlace = { target: "n1", label: "Déposer dans Achats › mars 2026", name: "Achats › mars 2026" };

/** A page with one target, the pointer always over it while `over`. */
function show(platform = new FakePlatform()) {
  const onDrop = vi.fn<(place: DropPlace, sources: Promise<DropSource[]>) => void>();
  renderPiece(
    <>
      <DropZone onDrop={onDrop} />
      <div data-testid="target" {...dropTarget(place)}>
        <span>Achats</span>
      </div>
    </>,
    platform,
  );
  const state = { over: true };
  document.elementFromPoint = () => (state.over ? screen.getByText("Achats") : document.body);
  return { onDrop, state };
}

const files = { types: ["Files"], items: [], files: [] };

/** Drags over the window; `false` where the page keeps the drag for itself. happy-dom forgets where the pointer is. */
function dragOver(): boolean {
  const event = createEvent.dragOver(window, { dataTransfer: files });
  Object.defineProperties(event, { clientX: { value: 5 }, clientY: { value: 5 } });
  return fireEvent(window, event);
}

test("while files are dragged, the target under the pointer lights up and says what will happen", async () => {
  const { state } = show();
  await screen.findByText("Achats");
  const event = dragOver();
  expect(event, "the page itself is never left for a file").toBe(false);
  expect(document.documentElement.hasAttribute("data-dragging")).toBe(true);
  expect(screen.getByTestId("target").hasAttribute("data-drop-over")).toBe(true);
  expect(screen.getByText(place.label)).toBeTruthy();
  state.over = false;
  dragOver();
  expect(screen.getByTestId("target").hasAttribute("data-drop-over")).toBe(false);
  expect(screen.queryByText(place.label)).toBeNull();
  fireEvent.dragLeave(window, { relatedTarget: null });
  expect(document.documentElement.hasAttribute("data-dragging")).toBe(false);
});

test("a drop gives the place and what was dropped; beside every target it gives nothing", async () => {
  const { onDrop, state } = show();
  await screen.findByText("Achats");
  const file = new File(["x"], "Facture.pdf");
  const item = { kind: "file", webkitGetAsEntry: () => null, getAsFile: () => file };
  fireEvent.drop(window, { dataTransfer: { ...files, items: [item] } });
  expect(onDrop.mock.calls[0]?.[0]).toEqual(place);
  await expect(onDrop.mock.calls[0]?.[1]).resolves.toEqual([{ kind: "file", file, relativePath: "Facture.pdf" }]);
  state.over = false;
  fireEvent.drop(window, { dataTransfer: files });
  expect(onDrop).toHaveBeenCalledTimes(1);
});

test("a folder is read to its depths, without what systems leave behind", async () => {
  const { onDrop } = show();
  await screen.findByText("Achats");
  const leaf = (name: string, fullPath: string) => ({
    isFile: true,
    name,
    fullPath,
    file: (done: (file: File) => void) => done(new File(["x"], name)),
  });
  const folder = (name: string, children: unknown[]) => ({
    isFile: false,
    name,
    createReader: () => {
      // A reader answers by batches, and an empty one ends.
      const batches = [children.slice(0, 1), children.slice(1), []];
      return { readEntries: (done: (entries: unknown[]) => void) => done(batches.shift() ?? []) };
    },
  });
  const root = folder("2026", [leaf("a.pdf", "/2026/a.pdf"), folder("Mars", [leaf("b.pdf", "/2026/Mars/b.pdf"), leaf(".DS_Store", "/2026/Mars/.DS_Store")])]);
  const item = { kind: "file", webkitGetAsEntry: () => root, getAsFile: () => null };
  fireEvent.drop(window, { dataTransfer: { ...files, items: [item] } });
  const sources = await onDrop.mock.calls[0]?.[1];
  expect(sources?.map((source) => source.kind === "file" && source.relativePath)).toEqual(["2026/a.pdf", "2026/Mars/b.pdf"]);
});

test("drags the system tells of, with paths, end in the same place", async () => {
  const platform = new FakePlatform();
  let tell: (drag: NativeDrag) => void = () => undefined;
  platform.onNativeDrag = (listener) => {
    tell = listener;
    return () => undefined;
  };
  const { onDrop } = show(platform);
  await screen.findByText("Achats");
  act(() => tell({ phase: "over", x: 5, y: 5 }));
  expect(screen.getByText(place.label)).toBeTruthy();
  act(() => tell({ phase: "drop", x: 5, y: 5, paths: ["/home/claire/Relevé.pdf"] }));
  expect(onDrop.mock.calls[0]?.[0]).toEqual(place);
  await expect(onDrop.mock.calls[0]?.[1]).resolves.toEqual([{ kind: "path", path: "/home/claire/Relevé.pdf" }]);
});
