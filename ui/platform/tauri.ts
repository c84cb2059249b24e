/**
 * The host in the desktop's window: three commands (`rpc`, `upload`, `subscribe`) and one scheme for content. The only
 * module that imports Tauri.
 */
import { Channel, convertFileSrc, invoke } from "@tauri-apps/api/core";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import type { AppEvent } from "../protocol/protocol";
import { asFailure, failure, isFailure, type NativeDrag, type Platform } from "./platform";

/** Whether the page runs in the desktop's window. */
export function isTauri(): boolean {
  return "__TAURI_INTERNALS__" in window;
}

async function rpc<T>(name: string, payload: unknown): Promise<T> {
  try {
    return await invoke<T>("rpc", { name, payload });
  } catch (cause) {
    throw asFailure(cause);
  }
}

/** The host of the desktop's window. */
export function tauriPlatform(): Platform {
  // Only Linux keeps the window's own drop handler; elsewhere the page's events carry the files.
  const linux = navigator.userAgent.includes("Linux");
  return {
    capabilities: { openWithProgram: true, reveal: true, chooseFolder: true, dragOut: true, nativeDrop: linux },
    shell: {
      openDocument: (document) => rpc("shell_open_document", { document }),
      reveal: (document) => rpc("shell_reveal_document", { document }),
      chooseFolder: () => rpc<string | null>("shell_choose_folder", {}),
      startDragOut: (documents) => rpc("shell_drag_out", { documents }),
      openMirrorFolder: () => rpc("shell_open_mirror", {}),
      openKeptFolder: () => rpc("shell_open_kept", {}),
      ready: () => rpc("shell_ready", {}),
    },
    call: (name, payload) => rpc(name, payload),
    async fetchContent(document, version) {
      let response: Response;
      try {
        response = await fetch(contentUrl(`${document}/${version}`));
      } catch (cause) {
        throw failure("offline", `the content cannot be read: ${String(cause)}`);
      }
      if (response.ok) return response.arrayBuffer();
      const body: unknown = await response.json().catch(() => null);
      throw isFailure(body) ? body : failure("internal", `unexpected answer ${response.status}`);
    },
    async upload(importNumber, index, offset, bytes, end) {
      try {
        await invoke("upload", bytes, {
          headers: {
            "x-import": String(importNumber),
            "x-index": String(index),
            "x-offset": String(offset),
            "x-end": String(end),
          },
        });
      } catch (cause) {
        throw asFailure(cause);
      }
    },
    subscribe(onEvent) {
      let open = true;
      const channel = new Channel<AppEvent>((event) => {
        if (open) onEvent(event);
      });
      invoke("subscribe", { channel }).catch((cause: unknown) => console.error(asFailure(cause).message));
      return () => {
        open = false;
      };
    },
    onNativeDrag: linux ? nativeDrags : () => () => undefined,
  };
}

/** `convertFileSrc` encodes the `/`, which separates the document from its version here. */
function contentUrl(path: string): string {
  return convertFileSrc(path, "gedeon").replaceAll("%2F", "/");
}

function nativeDrags(onDrag: (drag: NativeDrag) => void): () => void {
  let stop: (() => void) | null = null;
  let stopped = false;
  getCurrentWebview()
    .onDragDropEvent(({ payload }) => {
      switch (payload.type) {
        case "leave":
          onDrag({ phase: "leave" });
          break;
        case "drop":
          onDrag({ phase: "drop", x: payload.position.x, y: payload.position.y, paths: payload.paths });
          break;
        default:
          onDrag({ phase: "over", x: payload.position.x, y: payload.position.y });
      }
    })
    .then((unlisten) => {
      if (stopped) unlisten();
      else stop = unlisten;
    })
    .catch((cause: unknown) => console.error(asFailure(cause).message));
  return () => {
    stopped = true;
    stop?.();
  };
}
