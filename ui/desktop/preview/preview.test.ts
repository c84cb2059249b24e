import { describe, expect, it } from "vitest";
import { extensionOf, fileFamily, previewKind } from "./kind";
import { readMail } from "./mail";
import { cells, decoded, isNumber, separatorOf } from "./text";

const utf8 = (text: string) => new TextEncoder().encode(text);
const latin = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

describe("what a document is", () => {
  it.each([
    ["Facture.PDF", "pdf", "pdf"],
    ["scan.jpeg", "image", "image"],
    ["IMG_0001.HEIC", "none", "image"],
    ["archive.zip", "none", "archive"],
    ["message.eml", "mail", "mail"],
    ["balance.xlsx", "none", "sheet"],
    ["export.csv", "table", "sheet"],
    ["sans extension", "none", "other"],
  ])("%s is shown as %s", (name, kind, family) => {
    expect(previewKind(name)).toBe(kind);
    expect(fileFamily(name)).toBe(family);
  });

  it("does not take a hidden file's name for an extension", () => {
    expect(extensionOf(".pdf")).toBe("");
  });
});

describe("text of accounting programs", () => {
  it("is read in its own encoding", () => {
    expect(decoded(utf8("Libellé"))).toBe("Libellé");
    expect(decoded(latin("Libell\xe9"))).toBe("Libellé");
    expect(decoded(Uint8Array.from([0xff, 0xfe, 0xe9, 0x00]))).toBe("é");
  });

  it("finds the separator outside quotes", () => {
    expect(separatorOf('"a,b,c";d\n1;2')).toBe(";");
    expect(separatorOf("a\tb\tc")).toBe("\t");
  });

  it("cuts cells, quotes and broken lines resolved", () => {
    expect(cells('a;"b;""c"""\r\n\r\n"x\ny";z', ";", 10)).toEqual([["a", 'b;"c"'], ["x\ny", "z"]]);
    expect(cells("1\n2\n3\n", ";", 2), "stops at the limit").toEqual([["1"], ["2"]]);
  });

  it("aligns amounts and leaves accounts of letters", () => {
    expect(isNumber("1 240,50")).toBe(true);
    expect(isNumber("-12.5 €")).toBe(true);
    expect(isNumber("401DUPONT")).toBe(false);
  });
});

describe("a message", () => {
  it("shows its headers and text, decoded", () => {
    const mail = readMail(
      utf8(
        "From: =?utf-8?Q?Ren=C3=A9e?= <renee@example.fr>\r\nSubject: =?UTF-8?B?UmVsZXbDqXM=?=\r\n =?UTF-8?Q?_de_mars?=\r\nTo: a@b.fr,\r\n c@d.fr\r\n" +
          "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nPay=E9 le 3,=\r\n merci.\r\n",
      ),
    );
    expect(mail.from).toBe("Renée <renee@example.fr>");
    expect(mail.subject).toBe("Relevés de mars");
    expect(mail.to).toBe("a@b.fr, c@d.fr");
    expect(mail.text).toBe("Payé le 3, merci.");
  });

  it("prefers the plain part and lists the attachments", () => {
    const mail = readMail(
      utf8(
        'Content-Type: multipart/mixed; boundary="out"\n\n--out\nContent-Type: multipart/alternative; boundary=in\n\n--in\nContent-Type: text/plain\n\nBonjour\n--in\nContent-Type: text/html\n\n<p>Bonjour</p>\n--in--\n' +
          "--out\nContent-Type: application/pdf; name=\"x.pdf\"\nContent-Disposition: attachment; filename*=utf-8''Relev%C3%A9.pdf\nContent-Transfer-Encoding: base64\n\nAAECAw==\n--out--\n",
      ),
    );
    expect(mail.text).toBe("Bonjour");
    expect(mail.attachments).toEqual([{ name: "Relevé.pdf", size: 4 }]);
  });

  it("reduces a page to its words, and runs nothing of it", () => {
    const mail = readMail(
      utf8('Content-Type: text/html\n\n<style>p{}</style><p>Bonjour&nbsp;Marie</p><script>window.ran = true</script><img src="http://tracker/x.gif"><p>Merci</p>'),
    );
    expect(mail.text.replace(/\s+/g, " ")).toBe("Bonjour Marie Merci");
    expect("ran" in globalThis).toBe(false);
  });

  it("shows what it cannot understand rather than refuse it", () => {
    expect(readMail(utf8("no headers at all")).text).toBe("no headers at all");
    expect(readMail(utf8("Content-Type: text/plain; charset=x-unknown\n\ntexte")).text).toBe("texte");
  });
});
