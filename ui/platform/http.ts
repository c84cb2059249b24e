/**
 * The host over HTTP: the engine's local door, at the origin the page came from. The bearer token comes once in the
 * page's fragment (`#token=…`), which never leaves the machine, and lives in the tab's session storage after that.
 */
import type { AppEvent } from "../protocol/protocol";
import { asFailure, failure, isFailure, type Platform } from "./platform";

const TOKEN_KEY = "gedeon.token";

function takeToken(): string {
  const given = /[#&]token=([^&]+)/.exec(window.location.hash)?.[1];
  if (given) {
    sessionStorage.setItem(TOKEN_KEY, decodeURIComponent(given));
    // The address bar and the history must not keep the token.
    window.history.replaceState(null, "", window.location.pathname);
  }
  return sessionStorage.getItem(TOKEN_KEY) ?? "";
}

async function answered(request: Promise<Response>): Promise<Response> {
  let response: Response;
  try {
    response = await request;
  } catch (cause) {
    throw failure("offline", `the engine does not answer: ${String(cause)}`);
  }
  if (response.ok) return response;
  // The door does not know this page's token: the engine was started again.
  if (response.status === 401) throw failure("signed_out", "unknown token");
  const body: unknown = await response.json().catch(() => null);
  throw isFailure(body) ? body : failure("internal", `unexpected answer ${response.status}`);
}

/** The host of a page served by the engine's local door. */
export function httpPlatform(): Platform {
  const token = takeToken();
  const headers = { Authorization: `Bearer ${token}` };
  const unavailable = () => Promise.reject(failure("bad_request", "not possible in a browser"));
  return {
    capabilities: { openWithProgram: false, reveal: false, chooseFolder: false, dragOut: false, nativeDrop: false },
    shell: {
      openDocument: unavailable,
      reveal: unavailable,
      chooseFolder: unavailable,
      startDragOut: unavailable,
      openMirrorFolder: unavailable,
      openKeptFolder: unavailable,
      ready: () => Promise.resolve(),
    },
    async call(name, payload) {
      const response = await answered(
        fetch(`/rpc/${name}`, {
          method: "POST",
          headers: { ...headers, "Content-Type": "application/json" },
          body: JSON.stringify(payload),
        }),
      );
      return response.json();
    },
    async fetchContent(document, version) {
      const response = await answered(fetch(`/content/${document}/${version}`, { headers }));
      return response.arrayBuffer();
    },
    async upload(importNumber, index, offset, bytes, end) {
      await answered(
        fetch(`/upload/${importNumber}/${index}?offset=${offset}&end=${end}`, {
          method: "PUT",
          headers: { ...headers, "Content-Type": "application/octet-stream" },
          body: bytes as BodyInit,
        }),
      );
    },
    subscribe(onEvent) {
      const source = new EventSource(`/events?token=${encodeURIComponent(token)}`);
      let lost = false;
      source.addEventListener("message", (message: MessageEvent<string>) => {
        try {
          onEvent(JSON.parse(message.data) as AppEvent);
        } catch (cause) {
          console.error(asFailure(cause).message);
        }
      });
      source.addEventListener("error", () => {
        lost = true;
      });
      source.addEventListener("open", () => {
        // What happened while the stream was down was not heard: read everything again.
        if (lost) onEvent({ event: "changed", tags: ["people", "client_files", "documents", "sync", "settings"] });
        lost = false;
      });
      return () => source.close();
    },
    onNativeDrag: () => () => undefined,
  };
}
