/**
 * What the interface asks of its host: typed calls, bytes in, bytes out, live events, and the few things only a desktop
 * can do. Nothing outside this folder knows whether the host is the desktop window or a browser; screens read
 * `capabilities`, never the name of the host.
 */
import type { AppEvent, Failure, FailureCode, LocalCalls, NodeId, Queries, VersionId } from "../protocol/protocol";

/** Every call, with its request and its response. */
export type Calls = Queries & LocalCalls;
/** Name of a call. */
export type CallName = keyof Calls;
/** What a call takes. */
export type RequestOf<N extends CallName> = Calls[N]["request"];
/** What a call answers. */
export type ResponseOf<N extends CallName> = Calls[N]["response"];

/** What this host can do beyond calls. */
export interface Capabilities {
  /** Open a document with the user's own program. */
  openWithProgram: boolean;
  /** Show a document in the system's file manager. */
  reveal: boolean;
  /** Ask for a folder of this disk. */
  chooseFolder: boolean;
  /** Drag documents out of the window. */
  dragOut: boolean;
  /** Dropped files arrive as paths from the system rather than as bytes from the page. */
  nativeDrop: boolean;
}

/** Something dropped on the window: bytes with their path below what was dropped, or a path of this disk. */
export type DropSource = { kind: "file"; file: File; relativePath: string } | { kind: "path"; path: string };

/** A drag that comes from outside the page, in the page's own pixels. */
export type NativeDrag =
  | { phase: "over"; x: number; y: number }
  | { phase: "drop"; x: number; y: number; paths: string[] }
  | { phase: "leave" };

/** Actions of the desktop's shell. Each rejects with a `Failure`. */
export interface Shell {
  openDocument(document: NodeId): Promise<void>;
  reveal(document: NodeId): Promise<void>;
  /** The folder chosen, or `null` where the question was dismissed. */
  chooseFolder(): Promise<string | null>;
  startDragOut(documents: NodeId[]): Promise<void>;
  openMirrorFolder(): Promise<void>;
  /** Opens the folder of what was kept of refused changes. */
  openKeptFolder(): Promise<void>;
  /** Says once that the first screen shows its data. */
  ready(): Promise<void>;
}

/** The host. Every rejection is a `Failure`. */
export interface Platform {
  readonly capabilities: Capabilities;
  readonly shell: Shell;
  call<N extends CallName>(name: N, payload: RequestOf<N>): Promise<ResponseOf<N>>;
  /** The bytes of a version. */
  fetchContent(document: NodeId, version: VersionId): Promise<ArrayBuffer>;
  /** Bytes of the file numbered `index` of an import, from `offset`; `end` says they are the last ones. */
  upload(importNumber: number, index: number, offset: number, bytes: Uint8Array, end: boolean): Promise<void>;
  /** Live events, until the function returned is called. */
  subscribe(onEvent: (event: AppEvent) => void): () => void;
  /** Drags from outside the page where `capabilities.nativeDrop`; else never called. */
  onNativeDrag(onDrag: (drag: NativeDrag) => void): () => void;
}

/** Whether a thrown value is a `Failure`. */
export function isFailure(value: unknown): value is Failure {
  return typeof value === "object" && value !== null && "code" in value && typeof value.code === "string";
}

/** A thrown value as a `Failure`: what is not one already is a fault of ours, kept for the logs. */
export function asFailure(value: unknown): Failure {
  if (isFailure(value)) return value;
  return failure("internal", value instanceof Error ? value.message : String(value));
}

/** Makes a failure. */
export function failure(code: FailureCode, message: string, details?: Record<string, string>): Failure {
  return details ? { code, message, details } : { code, message };
}
