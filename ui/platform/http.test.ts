import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { httpPlatform } from "./http";

const answers = vi.fn<typeof fetch>();

beforeEach(() => {
  sessionStorage.clear();
  answers.mockReset();
  vi.stubGlobal("fetch", answers);
  window.location.hash = "#token=s3cret%2F1";
});
afterEach(() => {
  vi.unstubAllGlobals();
  window.location.hash = "";
});

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });

test("the token is taken from the address, which forgets it, and sent with each call", async () => {
  answers.mockResolvedValue(json({ hits: [] }));
  const platform = httpPlatform();
  expect(window.location.hash).toBe("");
  await platform.call("search", { text: "bail", client_file: null, limit: 5 });
  const [url, request] = answers.mock.calls[0] ?? [];
  expect(url).toBe("/rpc/search");
  expect(request?.body).toBe(JSON.stringify({ text: "bail", client_file: null, limit: 5 }));
  expect(new Headers(request?.headers).get("authorization")).toBe("Bearer s3cret/1");
  expect(httpPlatform(), "a reload keeps it").toBeTruthy();
  expect(sessionStorage.getItem("gedeon.token")).toBe("s3cret/1");
});

test("a refusal comes as the engine's failure", async () => {
  answers.mockResolvedValue(json({ code: "name_taken", message: "taken", details: { proposal: "a (2).pdf" } }, 409));
  await expect(httpPlatform().call("get_settings", {})).rejects.toEqual({
    code: "name_taken",
    message: "taken",
    details: { proposal: "a (2).pdf" },
  });
});

test("an engine that is gone is «offline», a page it did not write is a fault", async () => {
  answers.mockRejectedValueOnce(new TypeError("Failed to fetch"));
  await expect(httpPlatform().call("get_settings", {})).rejects.toMatchObject({ code: "offline" });
  answers.mockResolvedValueOnce(new Response("<html>", { status: 502 }));
  await expect(httpPlatform().call("get_settings", {})).rejects.toMatchObject({ code: "internal" });
});

test("bytes go up with their place and come down whole", async () => {
  const platform = httpPlatform();
  answers.mockResolvedValueOnce(new Response(null, { status: 200 }));
  await platform.upload(3, 7, 4096, new Uint8Array([1, 2, 3]), true);
  expect(answers.mock.calls[0]?.[0]).toBe("/upload/3/7?offset=4096&end=true");
  expect(answers.mock.calls[0]?.[1]?.method).toBe("PUT");
  answers.mockResolvedValueOnce(new Response(new Uint8Array([9, 8])));
  expect(new Uint8Array(await platform.fetchContent("doc", "v1"))).toEqual(new Uint8Array([9, 8]));
  expect(answers.mock.calls[1]?.[0]).toBe("/content/doc/v1");
});

test("a stream that comes back has everything read again", () => {
  const sources: EventTarget[] = [];
  class FakeSource extends EventTarget {
    readonly url: string;
    constructor(url: string) {
      super();
      this.url = url;
      sources.push(this);
    }
    close() {
      this.dispatchEvent(new Event("closed"));
    }
  }
  vi.stubGlobal("EventSource", FakeSource);
  const heard = vi.fn<(event: unknown) => void>();
  const stop = httpPlatform().subscribe(heard);
  const [source] = sources;
  source?.dispatchEvent(new Event("open"));
  expect(heard, "the first opening missed nothing").not.toHaveBeenCalled();
  source?.dispatchEvent(new MessageEvent("message", { data: '{"event":"changed","tags":["sync"]}' }));
  expect(heard).toHaveBeenLastCalledWith({ event: "changed", tags: ["sync"] });
  source?.dispatchEvent(new Event("error"));
  source?.dispatchEvent(new Event("open"));
  expect(heard.mock.lastCall?.[0]).toMatchObject({ event: "changed", tags: expect.arrayContaining(["documents", "people"]) });
  stop();
});
