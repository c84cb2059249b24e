import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isTauri, tauriPlatform } from "./tauri";

interface Asked {
  command: string;
  payload: unknown;
}

let asked: Asked[];
let answer: (asked: Asked) => unknown;

beforeEach(() => {
  asked = [];
  answer = () => ({});
  mockIPC((command, payload) => {
    const call = { command, payload };
    asked.push(call);
    return answer(call);
  });
});
afterEach(() => clearMocks());

test("every call is one command with its name and payload", async () => {
  expect(isTauri()).toBe(true);
  answer = () => ({ hits: [] });
  await expect(tauriPlatform().call("search", { text: "a", client_file: null, limit: 1 })).resolves.toEqual({ hits: [] });
  expect(asked).toEqual([{ command: "rpc", payload: { name: "search", payload: { text: "a", client_file: null, limit: 1 } } }]);
});

test("the shell's actions are calls too", async () => {
  const { shell } = tauriPlatform();
  await shell.openDocument("d1");
  await shell.startDragOut(["d1", "d2"]);
  expect(asked.map(({ payload }) => payload)).toEqual([
    { name: "shell_open_document", payload: { document: "d1" } },
    { name: "shell_drag_out", payload: { documents: ["d1", "d2"] } },
  ]);
});

test("a refusal is the engine's failure; anything else is a fault", async () => {
  answer = () => Promise.reject({ code: "denied", message: "no" });
  await expect(tauriPlatform().call("get_settings", {})).rejects.toEqual({ code: "denied", message: "no" });
  answer = () => Promise.reject("boom");
  await expect(tauriPlatform().call("get_settings", {})).rejects.toEqual({ code: "internal", message: "boom" });
});

test("events come by a channel until unsubscribed", () => {
  const heard = vi.fn<(event: unknown) => void>();
  const stop = tauriPlatform().subscribe(heard);
  const payload = asked[0]?.payload as { channel: { onmessage: (event: unknown) => void } } | undefined;
  if (!payload) throw new Error("nothing was asked");
  const { channel } = payload;
  channel.onmessage({ event: "changed", tags: ["sync"] });
  expect(heard).toHaveBeenCalledExactlyOnceWith({ event: "changed", tags: ["sync"] });
  stop();
  channel.onmessage({ event: "changed", tags: ["sync"] });
  expect(heard).toHaveBeenCalledTimes(1);
});
