/**
 * A firm in memory, for component tests and for looking at screens without the engine: believable names, the standard
 * tree, one folder of 10,000 documents. Deterministic: the same ids and dates each time.
 */
import type {
  AssignmentView,
  DocumentRow,
  FiscalYearView,
  FolderView,
  PersonView,
  SyncItem,
  SyncMark,
  ThemeView,
  TrashRow,
  VersionView,
  CommentView,
} from "../../protocol/protocol";
import { placeOf } from "./search";

/** The fake's own now: 21 November 2026, 10:30 in Paris. */
export const NOW = Date.UTC(2026, 10, 21, 9, 30);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let counter = 0;
/** The next id, in the shape of the real ones. */
export function fakeId(): string {
  counter += 1;
  return `0190a000-0000-7000-8000-${counter.toString(16).padStart(12, "0")}`;
}

export interface FakeDocument extends DocumentRow {
  trashed: boolean;
  history: VersionView[];
  remarks: CommentView[];
}

export interface FakeClient {
  id: string;
  name: string;
  siren: string | null;
  fiscalYears: FiscalYearView[];
  assignments: AssignmentView[];
  offline: boolean;
  offlineYears: string[] | null;
  sync: SyncMark;
  folders: FolderView[];
}

export interface FakeFirm {
  people: PersonView[];
  themes: ThemeView[];
  clients: FakeClient[];
  documents: Map<string, FakeDocument>;
  syncItems: SyncItem[];
  trashedFolders: TrashRow[];
}

const themes: ThemeView[] = [
  ["juridique", "Juridique"],
  ["mission", "Mission"],
  ["interne", "Interne"],
  ["social", "Social"],
  ["comptabilite", "Comptabilité"],
  ["achats", "Achats"],
  ["ventes", "Ventes"],
  ["banque", "Banque"],
  ["fiscal", "Fiscal"],
  ["comptes_annuels", "Comptes annuels"],
  ["factures_cabinet", "Factures du cabinet"],
  ["a_classer", "À classer"],
].map(([key, label]) => ({ key: key ?? "", label: label ?? "" }));

interface Spec {
  name: string;
  theme: string | null;
  monthly?: boolean;
  yearly?: boolean;
  children?: Spec[];
}

const tree: Spec[] = [
  {
    name: "01 Dossier permanent",
    theme: null,
    children: [
      { name: "Juridique", theme: "juridique" },
      { name: "Contrats et baux", theme: "juridique" },
      { name: "Lettre de mission", theme: "mission" },
      { name: "LAB - KYC", theme: "interne" },
      { name: "Social permanent", theme: "social" },
      { name: "Emprunts et immobilisations", theme: "comptabilite" },
    ],
  },
  {
    name: "02 Dossier annuel",
    theme: null,
    yearly: true,
    children: [
      { name: "Achats", theme: "achats", monthly: true },
      { name: "Ventes", theme: "ventes", monthly: true },
      { name: "Banque", theme: "banque", monthly: true },
      { name: "Notes de frais", theme: "achats", monthly: true },
      { name: "Fiscal", theme: "fiscal", children: [{ name: "TVA", theme: "fiscal", monthly: true }, { name: "Liasse", theme: "fiscal" }] },
      { name: "Social", theme: "social", children: [{ name: "Bulletins", theme: "social", monthly: true }, { name: "Charges", theme: "social" }] },
      { name: "Comptes annuels", theme: "comptes_annuels", children: [{ name: "Plaquette", theme: "comptes_annuels" }, { name: "FEC", theme: "comptes_annuels" }] },
      { name: "Révision", theme: "interne" },
    ],
  },
  { name: "03 Factures du cabinet", theme: "factures_cabinet" },
  { name: "04 À classer", theme: "a_classer" },
  { name: "05 À classer (cabinet)", theme: "interne" },
];

/** The folders of a client file with these fiscal years, parents first. */
export function fakeFolders(root: string, years: FiscalYearView[]): FolderView[] {
  const folders: FolderView[] = [];
  const add = (spec: Spec, parent: string, year: FiscalYearView | null) => {
    const push = (name: string, theme: string | null, month: string | null, under: string) => {
      const id = fakeId();
      folders.push({ id, parent: under, name, theme, month, fiscal_year: year?.id ?? null, fixed: true, unread: 0, documents: 0 });
      return id;
    };
    const id = push(spec.name, spec.theme, null, parent);
    if (spec.yearly) {
      for (const each of years) {
        const folder = fakeId();
        folders.push({ id: folder, parent: id, name: each.end.slice(0, 4), theme: null, month: null, fiscal_year: each.id, fixed: true, unread: 0, documents: 0 });
        for (const child of spec.children ?? []) add(child, folder, each);
      }
      return;
    }
    if (spec.monthly && year) for (const month of monthsOf(year)) push(month, spec.theme, month, id);
    for (const child of spec.children ?? []) add(child, id, year);
  };
  for (const spec of tree) add(spec, root, null);
  return folders;
}

function monthsOf(year: FiscalYearView): string[] {
  const months: string[] = [];
  for (let date = new Date(`${year.start.slice(0, 7)}-15T12:00:00Z`); date.toISOString().slice(0, 7) <= year.end.slice(0, 7); ) {
    months.push(date.toISOString().slice(0, 7));
    date.setUTCMonth(date.getUTCMonth() + 1);
  }
  return months;
}

const suppliers = ["Point P", "Orange", "EDF Entreprises", "Kiloutou", "Rexel", "Bureau Vallée", "Total Énergies", "Würth", "Loxam", "Axa"];

/** Names of documents a folder of this theme would hold. */
function nameFor(theme: string, index: number, month: string | null): string {
  const when = month ?? "2026-09";
  const supplier = suppliers[index % suppliers.length] ?? "Fournisseur";
  switch (theme) {
    case "achats":
      return index % 5 === 4 ? `Ticket ${when}-${10 + index}.jpg` : `Facture ${supplier} ${when}-${String((index * 7) % 28 + 1).padStart(2, "0")}.pdf`;
    case "ventes":
      return `FA-${when.replace("-", "")}-${String(index + 1).padStart(3, "0")}.pdf`;
    case "banque":
      return index === 0 ? `Relevé ${when}.pdf` : `Rapprochement ${when} (${index}).xlsx`;
    case "social":
      return `Bulletin ${["Martin", "Nguyen", "Roux", "Diallo"][index % 4]} ${when}.pdf`;
    case "juridique":
      return ["Kbis.pdf", "Statuts à jour.pdf", "PV AGO 2025.docx", "Bail commercial.pdf"][index % 4] ?? "Acte.pdf";
    case "a_classer":
      return index % 7 === 3 ? `RE_ Documents de mars (${index}).eml` : `Scan_${String(index + 1).padStart(5, "0")}.${index % 3 === 0 ? "png" : "pdf"}`;
    default:
      return ["Note de synthèse.docx", "Balance.xlsx", "Échéancier.pdf", "Export.csv", "liasse.xml", "archive.zip"][index % 6] ?? "Note.pdf";
  }
}

const marks: SyncMark[] = ["synced", "synced", "synced", "synced", "sending", "synced", "waiting", "synced", "receiving", "synced", "conflict", "synced"];

function addDocuments(firm: FakeFirm, client: FakeClient, folder: FolderView, count: number): void {
  const people = firm.people;
  for (let index = 0; index < count; index++) {
    const author = people[index % people.length]?.id ?? "";
    const id = fakeId();
    const made = NOW - (index % 90) * DAY - (index % 9) * HOUR;
    const mark: SyncMark = client.offline ? (marks[index % marks.length] ?? "synced") : "online_only";
    const versions = index % 6 === 1 || mark === "conflict" ? 3 : 1;
    const history = Array.from({ length: versions }, (_, age): VersionView => ({
      id: fakeId(),
      state: age === 0 ? "head" : mark === "conflict" && age === 1 ? "concurrent" : "older",
      content: `${(index * 7919 + age).toString(16).padStart(8, "0")}`.repeat(8),
      size: 24_000 + ((index * 7919) % 4_800_000) - age * 1_000,
      author: people[(index + age) % people.length]?.id ?? "",
      workstation: age === 1 ? "PC-ACCUEIL" : "PORTABLE-CLAIRE",
      made_at: made - age * 3 * DAY,
      restored_from: null,
    }));
    const head = history[0];
    if (!head) continue;
    const remarks: CommentView[] =
      index % 8 === 2
        ? [
            { id: fakeId(), author, made_at: made + HOUR, text: "Il manque le numéro de TVA intracommunautaire, je relance le fournisseur." },
            { id: fakeId(), author: people[1]?.id ?? "", made_at: made + 5 * HOUR, text: "Reçu, c’est la version 2." },
          ]
        : [];
    firm.documents.set(id, {
      id,
      parent: folder.id,
      name: nameFor(folder.theme ?? "interne", index, folder.month),
      size: head.size,
      modified_at: made,
      author,
      version: head.id,
      content: head.content,
      versions,
      concurrent: mark === "conflict",
      piece_number: folder.theme === "achats" && index % 3 === 0 ? `ACH${1000 + index}` : null,
      reviewed_by: index % 4 === 0 ? (people[0]?.id ?? null) : null,
      reviewed_at: index % 4 === 0 ? made + DAY : null,
      comments: remarks.length,
      unread: index % 5 === 0,
      sync: mark,
      trashed: false,
      history,
      remarks,
    });
  }
}

const names: [name: string, siren: string | null, closing: string, offline: boolean, mark: SyncMark][] = [
  ["Alter Ce", "732829320", "12-31", true, "sending"],
  ["Atelier Boréal", "552100554", "12-31", true, "synced"],
  ["Boulangerie Lemoine", "404833048", "09-30", false, "online_only"],
  ["Cabinet dentaire Okoye", "383474814", "12-31", false, "online_only"],
  ["Dupont Maçonnerie", "542065479", "06-30", true, "conflict"],
  ["Éditions du Canal", "433455086", "12-31", false, "online_only"],
  ["Garage Ferrand", "775670417", "03-31", true, "blocked"],
  ["Hôtel des Glycines", "380129866", "10-31", false, "online_only"],
  ["Menuiserie Kervella", null, "12-31", false, "online_only"],
  ["Pharmacie Saint-Roch", "301940219", "12-31", false, "online_only"],
  ["SCI Les Tilleuls", "328024377", "12-31", false, "online_only"],
  ["Transports Vasseur", "652014051", "12-31", true, "synced"],
];

function person(first: string, last: string, role: PersonView["role"]): PersonView {
  const email = `${first}.${last}@martel-associes.fr`.toLowerCase().normalize("NFD").replace(/[^a-z.@-]/g, "");
  return { id: fakeId(), first_name: first, last_name: last, email, role, suspended: false, joined: true };
}

/** Years that end on `closing` (month and day), the latest first. */
function yearsEnding(closing: string, count: number): FiscalYearView[] {
  const last = Number(`2026${closing}`.replaceAll("-", "")) < 20261121 ? 2027 : 2026;
  return Array.from({ length: count }, (_, age) => {
    const end = `${last - age}-${closing}`;
    const start = new Date(`${last - age - 1}-${closing}T12:00:00Z`);
    start.setUTCDate(start.getUTCDate() + 1);
    return { id: fakeId(), start: start.toISOString().slice(0, 10), end };
  });
}

/** A firm. `large` adds 3,000 client files. */
export function makeFirm({ large = false } = {}): FakeFirm {
  counter = 0;
  const firm: FakeFirm = {
    people: [
      person("Claire", "Martel", "administrator"),
      person("Hugo", "Berthier", "manager"),
      person("Inès", "Lacroix", "collaborator"),
    ],
    themes,
    clients: [],
    documents: new Map(),
    syncItems: [],
    trashedFolders: [],
  };
  names.forEach(([name, siren, closing, offline, sync], index) => {
    const fiscalYears = yearsEnding(closing, index < 2 ? 2 : 1);
    const id = fakeId();
    const assigned = firm.people.filter((_, position) => (index + position) % 3 !== 2);
    const client: FakeClient = {
      id,
      name,
      siren,
      fiscalYears,
      assignments: assigned.map((each) => ({
        person: each.id,
        themes: each.role === "collaborator" ? ["achats", "ventes", "banque"] : null,
      })),
      offline,
      offlineYears: null,
      sync,
      folders: fakeFolders(id, fiscalYears),
    };
    firm.clients.push(client);
    client.folders.forEach((folder, position) => {
      if (folder.theme === null) return;
      const huge = name === "Dupont Maçonnerie" && folder.theme === "a_classer";
      addDocuments(firm, client, folder, huge ? 10_000 : index < 2 ? (position * 5) % 14 : position % 6 === 0 ? 2 : 0);
    });
  });
  if (large) {
    for (let index = 0; index < 3_000; index++) {
      firm.clients.push({
        id: fakeId(),
        name: `Client ${String(index + 1).padStart(4, "0")}`,
        siren: null,
        fiscalYears: [],
        assignments: [],
        offline: false,
        offlineYears: null,
        sync: "online_only",
        folders: [],
      });
    }
  }
  const late = [...firm.documents.values()];
  firm.syncItems = syncItems(firm, late);
  late.slice(4, 7).forEach((document) => {
    document.trashed = true;
  });
  return firm;
}

function syncItems(firm: FakeFirm, documents: FakeDocument[]): SyncItem[] {
  const client = firm.clients[4];
  const base = {
    node: null,
    command: null,
    client_file: client?.id ?? null,
    proposal: null,
    program: null,
    failure: null,
    holds_content: false,
    conflict: null,
  };
  const conflict = documents.find((document) => document.history.some(({ state }) => state === "concurrent"));
  const [head] = conflict?.history ?? [];
  const concurrent = conflict?.history.find(({ state }) => state === "concurrent");
  const place = conflict && placeOf(firm, conflict.parent);
  return [
    {
      ...base,
      key: "refused-1",
      command: fakeId(),
      name: "Grand livre définitif.xlsx",
      path: "Dupont Maçonnerie › Révision",
      mark: "blocked",
      reason: "refused",
      failure: { code: "denied", message: "theme interne" },
      holds_content: true,
      since: NOW - 26 * HOUR,
    },
    {
      ...base,
      key: "conflict-1",
      node: conflict?.id ?? null,
      client_file: place?.client.id ?? null,
      name: conflict?.name ?? "Balance.xlsx",
      path: place ? [place.client.name, ...place.path].join("/") : "",
      mark: "conflict",
      reason: "queued",
      conflict: head && concurrent ? { head, concurrent } : null,
      since: NOW - 3 * HOUR,
    },
    {
      ...base,
      key: "name-1",
      name: "Relevé 10/2026 : solde.pdf",
      path: "Garage Ferrand/02 Dossier annuel/2027/Banque/2026-10",
      mark: "blocked",
      reason: "invalid_name",
      proposal: "Relevé 10-2026 - solde.pdf",
      since: NOW - 2 * HOUR,
    },
    {
      ...base,
      key: "open-1",
      name: "Tableau de bord.xlsx",
      path: "Alter Ce/02 Dossier annuel/2026/Révision",
      mark: "waiting",
      reason: "in_use",
      program: "EXCEL.EXE",
      since: NOW - 9 * 60_000,
    },
    {
      ...base,
      key: "queue-1",
      name: "Scan_00412.pdf",
      path: "Dupont Maçonnerie/04 À classer",
      mark: "sending",
      reason: "queued",
      since: NOW - 40_000,
    },
  ];
}
