import { expect, test, vi } from "vitest";
import { FakePlatform } from "../e2e/fake/platform";
import { startImport } from "./import";
import type { DropSource } from "./platform";

const file = (name: string, size: number): DropSource => ({
  kind: "file",
  file: new File([new Uint8Array(size)], name),
  relativePath: `Mars/${name}`,
});

test("bytes go in order, in parts, with one end for each file", async () => {
  const platform = new FakePlatform();
  const upload = vi.spyOn(platform, "upload");
  const [started] = await startImport(platform, "folder", [file("a.pdf", 9 * 1024 * 1024), file("empty.txt", 0)], new AbortController().signal);
  await expect(started?.sent).resolves.toEqual({ unreadable: [] });
  const calls = upload.mock.calls.map(([, index, offset, bytes, end]) => ({ index, offset, size: bytes.length, end }));
  const part = 4 * 1024 * 1024;
  expect(calls.filter((call) => call.index === 0)).toEqual([
    { index: 0, offset: 0, size: part, end: false },
    { index: 0, offset: part, size: part, end: false },
    { index: 0, offset: 2 * part, size: 1024 * 1024, end: true },
  ]);
  expect(calls.filter((call) => call.index === 1), "an empty file is a file").toEqual([{ index: 1, offset: 0, size: 0, end: true }]);
  expect(platform.asked[0]).toEqual({ name: "begin_drop", payload: { relative_paths: ["Mars/a.pdf", "Mars/empty.txt"], target: "folder" } });
});

test("a file that cannot be read is told, the rest goes on, and the engine is not left waiting", async () => {
  const platform = new FakePlatform();
  const bad = file("grows.xlsx", 10);
  if (bad.kind === "file") vi.spyOn(bad.file, "slice").mockReturnValue({ arrayBuffer: () => Promise.reject(new DOMException("changed")) } as Blob);
  const [started] = await startImport(platform, "folder", [bad, file("b.pdf", 10)], new AbortController().signal);
  await expect(started?.sent).resolves.toEqual({ unreadable: ["Mars/grows.xlsx"] });
  expect(platform.asked.map(({ name }) => name)).toEqual(["begin_drop", "cancel_import"]);
  await expect(platform.call("get_import", { import: 0 })).resolves.toMatchObject({ done: 1, ended: true });
});

test("stopping stops the bytes", async () => {
  const platform = new FakePlatform();
  const stop = new AbortController();
  const upload = vi.spyOn(platform, "upload").mockImplementation(async () => stop.abort());
  const sources = Array.from({ length: 50 }, (_, index) => file(`${index}.pdf`, 8));
  const [started] = await startImport(platform, "folder", sources, stop.signal);
  await started?.sent;
  expect(upload.mock.calls.length, "at most what was under way").toBeLessThanOrEqual(4);
});

test("an engine that takes no more bytes ends the import, and says why", async () => {
  const platform = new FakePlatform();
  vi.spyOn(platform, "upload").mockRejectedValue({ code: "disk_full", message: "no space left" });
  const [started] = await startImport(platform, "folder", [file("a.pdf", 8), file("b.pdf", 8)], new AbortController().signal);
  await expect(started?.sent).rejects.toMatchObject({ code: "disk_full" });
  expect(platform.asked.map(({ name }) => name)).toEqual(["begin_drop", "cancel_import"]);
});

test("paths of this disk are one call; a mixed drop is two imports", async () => {
  const platform = new FakePlatform();
  const started = await startImport(platform, "folder", [{ kind: "path", path: "/tmp/Mars" }, file("a.pdf", 1)], new AbortController().signal);
  expect(started).toHaveLength(2);
  expect(platform.asked.map(({ name }) => name)).toEqual(["import_paths", "begin_drop"]);
});
