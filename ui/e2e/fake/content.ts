/** Bytes for the fake's documents: a small PDF, a PNG drawn by hand, a mail, text. */
import { NOW } from "./firm";

const encoder = new TextEncoder();

/** The bytes of a document of this name. */
export function fakeContent(name: string): ArrayBuffer {
  const extension = name.split(".").at(-1)?.toLowerCase() ?? "";
  switch (extension) {
    case "pdf":
      return pdf(name, 3);
    case "png":
    case "jpg":
      return png();
    case "eml":
      return bytes(
        `From: Marie Dupont <marie@dupont-maconnerie.fr>\r\nTo: cabinet@martel-associes.fr\r\nSubject: =?UTF-8?Q?Relev=C3=A9s_de_mars?=\r\nDate: ${new Date(NOW).toUTCString()}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nBonjour,\r\n\r\nVous trouverez ci-joint les relevés de mars.\r\n\r\nMarie Dupont\r\n`,
      );
    case "csv":
      return bytes("Journal;Date;Compte;Libellé;Débit;Crédit\nACH;2026-03-04;607000;Point P;1 240,50;\nACH;2026-03-04;401000;Point P;;1 240,50\n");
    case "xml":
      return bytes('<?xml version="1.0"?>\n<liasse>\n  <exercice cloture="2026-12-31"/>\n</liasse>\n');
    default:
      return bytes("PK\u0003\u0004");
  }
}

function bytes(text: string): ArrayBuffer {
  return encoder.encode(text).buffer as ArrayBuffer;
}

/** A PDF of a few pages of plain text. */
function pdf(title: string, pages: number): ArrayBuffer {
  const ascii = title.normalize("NFD").replace(/[^\x20-\x7e]/g, "").replace(/[()\\]/g, "");
  const objects: string[] = [];
  const kids = Array.from({ length: pages }, (_, page) => `${4 + page * 2} 0 R`).join(" ");
  objects.push("<< /Type /Catalog /Pages 2 0 R >>", `<< /Type /Pages /Kids [${kids}] /Count ${pages} >>`, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
  for (let page = 0; page < pages; page++) {
    const lines = Array.from({ length: 24 }, (_, line) => `0 -22 Td (Ligne ${line + 1} : prestation de services ${100 + line * 37},00 EUR) Tj`).join("\n");
    const stream = `BT /F1 18 Tf 60 770 Td (${ascii}) Tj /F1 11 Tf 0 -30 Td (Page ${page + 1} sur ${pages}) Tj\n${lines}\nET`;
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + page * 2} 0 R >>`,
      `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    );
  }
  let text = "%PDF-1.4\n";
  const offsets = objects.map((object, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const xref = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("")}`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`;
  return bytes(text);
}

/** A small PNG: a white sheet with a grey band. */
function png(): ArrayBuffer {
  const base64 =
    "iVBORw0KGgoAAAANSUhEUgAAABAAAAAWCAIAAACzY+a1AAAAP0lEQVR42mP8//8/AymAiYFEMKphVMMw0sBCjKLk5GQg+eDBA0ZGRuI1zJw5E0iqqKgQrwFo6cuXLxkYGIDmAwDnzw0sTg0qTQAAAABJRU5ErkJggg==";
  return Uint8Array.from(atob(base64), (character) => character.codePointAt(0) ?? 0).buffer;
}
