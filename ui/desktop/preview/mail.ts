/**
 * A message as its headers, its text and the names of its attachments.
 *
 * Deliberately small: no HTML is ever rendered and nothing remote is read. A body that exists only as HTML is reduced
 * to its words. What cannot be understood is shown as it is rather than refused.
 */
import { decoded } from "./text";

export interface Attachment {
  name: string;
  /** Bytes, as encoded in the message where they are not decoded. */
  size: number;
}

export interface Mail {
  from: string;
  to: string;
  cc: string;
  subject: string;
  date: string;
  text: string;
  attachments: Attachment[];
}

interface Part {
  headers: Map<string, string>;
  body: string;
}

/** Parts inside parts are followed this deep: real mail has three or four, a bomb has thousands. */
const DEPTH = 12;

export function readMail(bytes: Uint8Array): Mail {
  // One character a byte, so that each part can be decoded by its own charset.
  const raw = binary(bytes);
  const top = split(raw);
  const found: { plain: string | null; html: string | null; attachments: Attachment[] } = { plain: null, html: null, attachments: [] };
  walk(top, found, 0);
  const header = (name: string) => words(top.headers.get(name) ?? "");
  return {
    from: header("from"),
    to: header("to"),
    cc: header("cc"),
    subject: header("subject"),
    date: header("date"),
    text: (found.plain ?? (found.html === null ? "" : wordsOfHtml(found.html))).trim(),
    attachments: found.attachments,
  };
}

function walk(part: Part, found: { plain: string | null; html: string | null; attachments: Attachment[] }, depth: number) {
  const type = part.headers.get("content-type") ?? "text/plain";
  const kind = type.split(";")[0]?.trim().toLowerCase() ?? "";
  const boundary = parameter(type, "boundary");
  if (kind.startsWith("multipart/") && boundary !== null && depth < DEPTH) {
    for (const piece of pieces(part.body, boundary)) walk(split(piece), found, depth + 1);
    return;
  }
  const disposition = part.headers.get("content-disposition") ?? "";
  const name = parameter(disposition, "filename") ?? parameter(type, "name");
  const attached = disposition.toLowerCase().startsWith("attachment") || (name !== null && !kind.startsWith("text/"));
  if (attached || !kind.startsWith("text/")) {
    if (name !== null) found.attachments.push({ name: words(name), size: bytesOf(part).length });
    return;
  }
  const text = inCharset(bytesOf(part), parameter(type, "charset"));
  if (kind === "text/html") found.html ??= text;
  else found.plain ??= text;
}

function split(raw: string): Part {
  const end = /\r?\n\r?\n/.exec(raw);
  const head = end ? raw.slice(0, end.index) : raw;
  const headers = new Map<string, string>();
  // A header goes on on the lines that begin with a space.
  for (const line of head.replace(/\r?\n[ \t]+/g, " ").split(/\r?\n/)) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  // Without a single header it is not a message: all of it is its text.
  if (headers.size === 0) return { headers, body: raw };
  return { headers, body: end ? raw.slice(end.index + end[0].length) : "" };
}

function pieces(body: string, boundary: string): string[] {
  const found: string[] = [];
  let piece: string[] | null = null;
  for (const line of body.split(/\r?\n/)) {
    const bare = line.trimEnd();
    if (bare === `--${boundary}` || bare === `--${boundary}--`) {
      if (piece) found.push(piece.join("\n"));
      piece = bare.endsWith("--") && bare !== `--${boundary}` ? null : [];
    } else piece?.push(line);
  }
  if (piece && piece.length > 0) found.push(piece.join("\n"));
  return found;
}

/** A parameter of a structured header, in its plain or its RFC 2231 form. */
function parameter(header: string, name: string): string | null {
  const extended = new RegExp(`;\\s*${name}\\*=([^;]+)`, "i").exec(header)?.[1];
  if (extended !== undefined) {
    const [charset = "utf-8", , value = ""] = extended.trim().split("'");
    const raw = value.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    return inCharset(fromBinary(raw), charset);
  }
  const plain = new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^;\\s]+))`, "i").exec(header);
  return plain ? (plain[1] ?? plain[2] ?? null) : null;
}

function bytesOf(part: Part): Uint8Array {
  const encoding = (part.headers.get("content-transfer-encoding") ?? "").toLowerCase();
  if (encoding === "base64") return fromBase64(part.body);
  if (encoding === "quoted-printable") return fromBinary(fromQuotedPrintable(part.body));
  return fromBinary(part.body);
}

/** Encoded words of RFC 2047 (`=?utf-8?Q?Relev=C3=A9?=`) as text; bytes written in the open are decoded too. */
function words(header: string): string {
  const joined = header.replace(/(\?=)\s+(=\?)/g, "$1$2");
  const encoded = /=\?([^?*]+)(?:\*[^?]*)?\?([bq])\?([^?]*)\?=/gi;
  let last = 0;
  let text = "";
  for (const word of joined.matchAll(encoded)) {
    text += decoded(fromBinary(joined.slice(last, word.index)));
    const [whole, charset = "utf-8", how = "", value = ""] = word;
    const bytes = how.toLowerCase() === "b" ? fromBase64(value) : fromBinary(fromQuotedPrintable(value.replaceAll("_", " ")));
    text += inCharset(bytes, charset);
    last = word.index + whole.length;
  }
  return text + (/[^\0-\xff]/.test(joined) ? joined.slice(last) : decoded(fromBinary(joined.slice(last))));
}

function inCharset(bytes: Uint8Array, charset: string | null): string {
  if (charset === null || charset.toLowerCase() === "us-ascii") return decoded(bytes);
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return decoded(bytes);
  }
}

/** The words of a page, without rendering it: what runs or paints is dropped with its content. */
function wordsOfHtml(html: string): string {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const element of page.querySelectorAll("script, style, head, template")) element.remove();
  for (const element of page.querySelectorAll("br")) element.replaceWith("\n");
  for (const element of page.querySelectorAll("p, div, tr, li, h1, h2, h3, h4, blockquote")) element.append("\n");
  return (page.body.textContent ?? "").replace(/[ \t]+/g, " ").replace(/\s*\n\s*\n\s*/g, "\n\n");
}

function fromQuotedPrintable(text: string): string {
  return text
    .replace(/=\r?\n/g, "")
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function fromBase64(text: string): Uint8Array {
  try {
    return fromBinary(atob(text.replace(/[^a-z0-9+/=]/gi, "")));
  } catch {
    return new Uint8Array();
  }
}

function fromBinary(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0) & 0xff);
}

function binary(bytes: Uint8Array): string {
  let text = "";
  // In slices: a function takes some tens of thousands of arguments at most.
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return text;
}
