/**
 * What a document is, from its name alone: enough to choose its icon and who shows it. The bytes decide at the end; a
 * picture that is not one is shown as unreadable.
 */

/** How the preview shows a document; `none` where only the user's own program can. */
export type PreviewKind = "pdf" | "image" | "text" | "table" | "mail" | "none";

/** Families that have an icon of their own. */
export type FileFamily = "pdf" | "image" | "sheet" | "word" | "slides" | "text" | "mail" | "archive" | "video" | "other";

const PREVIEWS: Record<string, PreviewKind> = {
  pdf: "pdf",
  png: "image",
  jpg: "image",
  jpeg: "image",
  gif: "image",
  webp: "image",
  bmp: "image",
  txt: "text",
  log: "text",
  md: "text",
  json: "text",
  xml: "text",
  csv: "table",
  tsv: "table",
  eml: "mail",
};

const FAMILIES: Record<string, FileFamily> = {
  pdf: "pdf",
  png: "image",
  jpg: "image",
  jpeg: "image",
  gif: "image",
  webp: "image",
  bmp: "image",
  heic: "image",
  heif: "image",
  tif: "image",
  tiff: "image",
  xls: "sheet",
  xlsx: "sheet",
  xlsm: "sheet",
  ods: "sheet",
  csv: "sheet",
  tsv: "sheet",
  doc: "word",
  docx: "word",
  odt: "word",
  rtf: "word",
  ppt: "slides",
  pptx: "slides",
  odp: "slides",
  txt: "text",
  log: "text",
  md: "text",
  json: "text",
  xml: "text",
  eml: "mail",
  msg: "mail",
  zip: "archive",
  "7z": "archive",
  rar: "archive",
  gz: "archive",
  mp4: "video",
  mov: "video",
  avi: "video",
};

/** The extension of a name, lower case and without its dot; empty where there is none. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : "";
}

export function previewKind(name: string): PreviewKind {
  return PREVIEWS[extensionOf(name)] ?? "none";
}

export function fileFamily(name: string): FileFamily {
  return FAMILIES[extensionOf(name)] ?? "other";
}

const IMAGE_TYPES: Record<string, string> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  bmp: "image/bmp",
};

/** The media type of a picture. */
export function imageType(name: string): string {
  return IMAGE_TYPES[extensionOf(name)] ?? "application/octet-stream";
}
