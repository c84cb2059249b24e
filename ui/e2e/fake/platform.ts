/** A host in memory that answers every call like the engine does, records what was asked, and can be told to fail. */
import type {
  AppEvent,
  ClientFileRow,
  Command,
  Connection,
  Executed,
  Failure,
  HeldKind,
  OpenedElsewhere,
  SettingsView,
  SyncStatus,
  Tag,
  TrashRow,
} from "../../protocol/protocol";
import { failure, type CallName, type NativeDrag, type Platform, type RequestOf, type ResponseOf } from "../../platform/platform";
import { folded } from "../../i18n/text";
import { fakeContent } from "./content";
import { execute } from "./execute";
import { fakeId, makeFirm, NOW, type FakeClient, type FakeDocument, type FakeFirm } from "./firm";
import { placeOf, searchFirm } from "./search";

const KEPT = "/home/claire/.local/share/gedeon/Gardés";

interface Done {
  action: string;
  undo: () => void;
  redo: () => void;
}

interface Count {
  unread: number;
  documents: number;
}

interface RunningImport {
  found: number;
  done: number;
  bytes: number;
  ended: boolean;
}

export class FakePlatform implements Platform {
  readonly firm: FakeFirm;
  /** Every call made, in order. */
  readonly asked: { name: CallName; payload: unknown }[] = [];
  readonly opened: string[] = [];
  /** How often the page said that it is ready. */
  readyCount = 0;
  capabilities = { openWithProgram: true, reveal: true, chooseFolder: true, dragOut: true, nativeDrop: false };
  connection: Connection = "online";
  upToDate = false;
  /** Entries of the panel that are counted and cannot be read. */
  unlisted = 0;
  openedElsewhere: OpenedElsewhere[] = [];
  me = 0;
  private failures = new Map<CallName, Failure>();
  private listeners = new Set<(event: AppEvent) => void>();
  private done: Done[] = [];
  private undone: Done[] = [];
  private imports: RunningImport[] = [];
  private settings: SettingsView = {
    server: "https://ged.martel-associes.fr",
    email: "claire.martel@martel-associes.fr",
    mirror_root: "/home/claire/Gédéon",
    proposed_mirror_root: "/home/claire/Gédéon",
    language: "fr",
    version: "0.1.0",
    workstation_name: "PORTABLE-CLAIRE",
    kept_folder: null,
    bandwidth: { up: null, down: null, hours: null },
  };
  /** Documents held until somebody answers. */
  readonly held: Record<HeldKind, number> = { removal: 0, edit: 0 };

  constructor(options: { large?: boolean; signedIn?: boolean; empty?: boolean } = {}) {
    this.firm = makeFirm(options);
    if (options.empty) this.firm.clients.length = 0;
    if (options.signedIn === false) {
      this.connection = "signed_out";
      this.settings = { ...this.settings, server: null, email: null, mirror_root: null };
    }
  }

  /** The next call of this name fails so; every one, until `recover`. */
  fail(name: CallName, code: Failure["code"], details?: Record<string, string>): void {
    this.failures.set(name, failure(code, "told to fail", details));
  }

  recover(name: CallName): void {
    this.failures.delete(name);
  }

  /** Tells the page that data changed. */
  changed(...tags: Tag[]): void {
    for (const listener of this.listeners) listener({ event: "changed", tags });
  }

  setConnection(connection: Connection): void {
    this.connection = connection;
    this.changed("sync", "settings");
  }

  readonly shell: Platform["shell"] = {
    openDocument: async (document) => void this.opened.push(document),
    reveal: async (document) => void this.opened.push(document),
    chooseFolder: async () => "/home/claire/Documents/Gédéon",
    startDragOut: async () => undefined,
    openMirrorFolder: async () => undefined,
    openKeptFolder: async () => void this.opened.push("Gardés"),
    ready: async () => {
      this.readyCount += 1;
    },
  };

  async call<N extends CallName>(name: N, payload: RequestOf<N>): Promise<ResponseOf<N>> {
    this.asked.push({ name, payload });
    const told = this.failures.get(name);
    if (told) throw told;
    const answer = this.answers[name] as (payload: RequestOf<N>) => ResponseOf<N>;
    return answer(payload);
  }

  async fetchContent(document: string): Promise<ArrayBuffer> {
    const found = this.firm.documents.get(document);
    if (!found) throw failure("not_found", "no such document");
    if (this.connection === "offline" && found.sync === "online_only") throw failure("offline", "not on this disk");
    return fakeContent(found.name);
  }

  async upload(importNumber: number, _index: number, _offset: number, bytes: Uint8Array, end: boolean): Promise<void> {
    const running = this.imports[importNumber];
    if (!running) throw failure("not_found", "no such import");
    running.bytes += bytes.length;
    if (end) running.done += 1;
    running.ended = running.done === running.found;
  }

  subscribe(onEvent: (event: AppEvent) => void): () => void {
    this.listeners.add(onEvent);
    return () => this.listeners.delete(onEvent);
  }

  onNativeDrag(_onDrag: (drag: NativeDrag) => void): () => void {
    return () => undefined;
  }

  private alive(): FakeDocument[] {
    return [...this.firm.documents.values()].filter((document) => !document.trashed);
  }

  /** How many documents each folder holds, and how many are not read. */
  private counts(): Map<string, Count> {
    const counts = new Map<string, Count>();
    for (const document of this.firm.documents.values()) {
      if (document.trashed) continue;
      const count = counts.get(document.parent) ?? { unread: 0, documents: 0 };
      count.documents += 1;
      if (document.unread) count.unread += 1;
      counts.set(document.parent, count);
    }
    return counts;
  }

  private row(client: FakeClient, counts = this.counts()): ClientFileRow {
    const inside = client.folders.map((folder) => counts.get(folder.id) ?? { unread: 0, documents: 0 });
    return {
      id: client.id,
      name: client.name,
      siren: client.siren,
      closing: client.fiscalYears[0]?.end ?? null,
      people: client.assignments.map((assignment) => assignment.person),
      unread: inside.reduce((sum, count) => sum + count.unread, 0),
      documents: inside.reduce((sum, count) => sum + count.documents, 0),
      offline: client.offline,
      offline_years: client.offlineYears,
      sync: client.sync,
    };
  }

  client(id: string): FakeClient {
    const found = this.firm.clients.find((client) => client.id === id);
    if (!found) throw failure("not_found", "no such client file");
    return found;
  }

  private document(id: string): FakeDocument {
    const found = this.firm.documents.get(id);
    if (!found) throw failure("not_found", "no such document");
    return found;
  }

  private status(): SyncStatus {
    const online = this.connection === "online";
    const blocked = this.firm.syncItems.filter((item) => item.mark === "blocked" && item.reason !== "refused").length;
    const waiting = this.firm.syncItems.filter((item) => item.mark === "waiting").length;
    const toCheck = this.firm.syncItems.filter((item) => item.mark === "conflict" || item.reason === "refused").length;
    const sending = this.upToDate ? 0 : 12;
    return {
      connection: this.connection,
      since: NOW - 47 * 60_000,
      up_to_date: this.upToDate && online && this.held.removal + this.held.edit === 0,
      pending_commands: this.upToDate ? 0 : online ? 2 : 5,
      sending: { files: sending, bytes: sending * 1_340_000 },
      receiving: { files: 0, bytes: 0 },
      seconds_left: !this.upToDate && online ? 210 : null,
      waiting: this.upToDate ? 0 : waiting,
      blocked: this.upToDate ? 0 : blocked,
      to_check: this.upToDate ? 0 : toCheck,
      held_removals: this.held.removal,
      held_edits: this.held.edit,
      scanning: false,
      last_up_to_date: NOW - 3 * 3_600_000,
      mirror_root: this.settings.mirror_root,
    };
  }

  private run(commands: Command[], action: string): Executed[] {
    const me = this.firm.people[this.me];
    if (!me) throw failure("signed_out", "nobody");
    const steps: Done[] = [];
    const executed: Executed[] = [];
    try {
      for (const command of commands) {
        const step = execute(this.firm, command, me.id);
        steps.push({ action, ...step });
        const inverse: Command | null = command.kind === "mark_read" ? null : command;
        executed.push({
          command: fakeId(),
          inverse,
          renamed_to: step.renamedTo ?? null,
          fiscal_year: null,
          restored_to: step.restoredTo ?? null,
        });
      }
    } catch (cause) {
      for (const step of steps.toReversed()) step.undo();
      throw cause;
    }
    if (executed.some((each) => each.inverse)) {
      this.done.push({
        action,
        undo: () => steps.toReversed().forEach((step) => step.undo()),
        redo: () => steps.forEach((step) => step.redo()),
      });
      this.undone = [];
    }
    queueMicrotask(() => this.changed("people", "client_files", "documents", "sync"));
    return executed;
  }

  private readonly answers: { [N in CallName]: (payload: RequestOf<N>) => ResponseOf<N> } = {
    get_overview: () => {
      const me = this.firm.people[this.me];
      if (!me || this.connection === "signed_out") throw failure("signed_out", "nobody is signed in");
      return {
        firm: "0190a000-0000-7000-8000-00000000f1a0",
        firm_name: "Martel & associés",
        me,
        unread: this.alive().filter((document) => document.unread).length,
        client_files: this.firm.clients.length,
      };
    },
    list_people: () => ({
      people: this.firm.people.map((person) => ({ ...person })).toSorted((a, b) => a.last_name.localeCompare(b.last_name)),
      themes: this.firm.themes,
    }),
    list_client_files: ({ search, unread_only, offline_only, offset, limit }) => {
      const wanted = folded(search);
      const rows = this.firm.clients
        .filter((client) => folded(client.name).includes(wanted) || (client.siren ?? "").startsWith(search.replaceAll(" ", "") || "-"))
        .filter((client) => !offline_only || client.offline)
        .toSorted((a, b) => a.name.localeCompare(b.name, "fr"));
      const counts = this.counts();
      const seen = unread_only ? rows.filter((client) => this.row(client, counts).unread > 0) : rows;
      return { total: seen.length, rows: seen.slice(offset, offset + limit).map((client) => this.row(client, counts)) };
    },
    get_client_file: ({ client_file }) => {
      const client = this.client(client_file);
      const role = this.firm.people[this.me]?.role;
      return {
        row: this.row(client),
        fiscal_years: client.fiscalYears.toSorted((a, b) => b.start.localeCompare(a.start)),
        assignments: client.assignments,
        may_manage: role !== "collaborator",
        may_add_fiscal_years: true,
        may_assign: role !== "collaborator",
      };
    },
    get_tree: ({ client_file }) => {
      const client = this.client(client_file);
      const own = this.counts();
      const below = (id: string): number =>
        (own.get(id)?.unread ?? 0) + client.folders.filter((folder) => folder.parent === id).reduce((sum, folder) => sum + below(folder.id), 0);
      const gone = new Set(this.firm.trashedFolders.map((row) => row.id));
      return {
        root: client.id,
        folders: client.folders
          .filter((folder) => !gone.has(folder.id) && !gone.has(folder.parent))
          .map((folder) => ({ ...folder, unread: below(folder.id), documents: own.get(folder.id)?.documents ?? 0 })),
      };
    },
    list_documents: ({ folder, order, descending, search, offset, limit }) => {
      const wanted = folded(search);
      const rows = this.alive().filter((document) => document.parent === folder && folded(document.name).includes(wanted));
      const compare: Record<typeof order, (a: FakeDocument, b: FakeDocument) => number> = {
        name: (a, b) => a.name.localeCompare(b.name, "fr", { numeric: true }),
        modified: (a, b) => a.modified_at - b.modified_at,
        size: (a, b) => a.size - b.size,
        piece_number: (a, b) => (a.piece_number ?? "\uffff").localeCompare(b.piece_number ?? "\uffff", "fr", { numeric: true }),
      };
      rows.sort(compare[order]);
      if (descending) rows.reverse();
      return { total: rows.length, rows: rows.slice(offset, offset + limit).map((row) => ({ ...row })) };
    },
    get_document: ({ document }) => {
      const found = this.document(document);
      const { client, path, theme } = placeOf(this.firm, found.parent);
      return { row: { ...found }, client_file: client.id, path, theme, trashed: found.trashed, versions: [...found.history], comments: [...found.remarks] };
    },
    list_trash: ({ client_file, search, offset, limit }) => {
      const rows = [...this.firm.documents.values()]
        .filter((document) => document.trashed)
        .map((document): TrashRow => {
          const { client, path } = placeOf(this.firm, document.parent);
          return {
            id: document.id,
            name: document.name,
            folder: false,
            client_file: client.id,
            path,
            trashed_at: document.modified_at + 3_600_000,
            trashed_by: document.author,
          };
        });
      const words = folded(search).split(/\s+/).filter(Boolean);
      const found = [...this.firm.trashedFolders, ...rows]
        .filter((row) => client_file === null || row.client_file === client_file)
        .filter((row) => words.every((word) => folded(`${row.name} ${this.client(row.client_file).name}`).includes(word)));
      return { total: found.length, rows: found.slice(offset, offset + limit) };
    },
    search: ({ text, client_file, limit }) => ({ hits: searchFirm(this.firm, text, client_file, limit) }),
    execute: ({ commands, action }) => ({ executed: this.run(commands, action) }),
    undo: () => {
      const last = this.done.pop();
      if (!last) return { action: null };
      last.undo();
      this.undone.push(last);
      return { action: last.action };
    },
    redo: () => {
      const last = this.undone.pop();
      if (!last) return { action: null };
      last.redo();
      this.done.push(last);
      return { action: last.action };
    },
    sign_in: ({ server, email, password }) => {
      if (password !== "motdepasse") throw failure("wrong_password", "no match");
      this.settings = { ...this.settings, server, email };
      this.setConnection("online");
      return {};
    },
    sign_out: () => {
      this.settings = { ...this.settings, email: null };
      this.setConnection("signed_out");
      return {};
    },
    get_settings: () => this.settings,
    change_settings: ({ mirror_root, language, bandwidth }) => {
      this.settings = {
        ...this.settings,
        mirror_root: mirror_root ?? this.settings.mirror_root,
        language: language ?? this.settings.language,
        bandwidth: bandwidth ?? this.settings.bandwidth,
      };
      return this.settings;
    },
    set_offline: ({ client_files, offline, years }) => {
      for (const id of client_files) {
        const client = this.client(id);
        client.offline = offline;
        client.offlineYears = offline ? years : null;
        client.sync = offline ? "receiving" : "online_only";
      }
      return {};
    },
    get_sync_status: () => this.status(),
    list_opened: () => ({ rows: this.openedElsewhere }),
    list_sync_items: ({ offset, limit }) => ({
      total: this.upToDate ? 0 : this.firm.syncItems.length + this.unlisted,
      listed: this.upToDate ? 0 : this.firm.syncItems.length,
      rows: this.upToDate ? [] : this.firm.syncItems.slice(offset, offset + limit),
    }),
    set_paused: ({ paused }) => {
      this.setConnection(paused ? "paused" : "online");
      return {};
    },
    retry_now: () => ({}),
    decide_held: ({ kind }) => {
      const documents = this.held[kind];
      this.held[kind] = 0;
      return { documents };
    },
    repair_name: ({ key }) => {
      this.firm.syncItems = this.firm.syncItems.filter((item) => item.key !== key);
      return {};
    },
    dismiss_refused: ({ command }) => {
      const item = this.firm.syncItems.find((each) => each.command === command);
      this.firm.syncItems = this.firm.syncItems.filter((each) => each.command !== command);
      const kept = { folder: KEPT, names: item?.holds_content ? [item.name.replace(".", " (2026-11-20 08h30).")] : [] };
      if (item?.holds_content) this.settings = { ...this.settings, kept_folder: KEPT };
      return kept;
    },
    save_refused: ({ command, folder }) => {
      const item = this.firm.syncItems.find((each) => each.command === command);
      return { folder: folder ?? KEPT, names: item ? [item.name] : [] };
    },
    file_of: ({ document }) => {
      const found = this.document(document);
      const { client } = placeOf(this.firm, found.parent);
      return { path: `/home/claire/Gédéon/${found.name}`, editable: client.offline && !found.trashed };
    },
    import_paths: ({ paths }) => ({ import: this.imports.push({ found: paths.length, done: paths.length, bytes: 4096, ended: true }) - 1 }),
    begin_drop: ({ relative_paths }) => ({
      import: this.imports.push({ found: relative_paths.length, done: 0, bytes: 0, ended: relative_paths.length === 0 }) - 1,
    }),
    get_import: (request) => {
      const running = this.imports[request.import];
      if (!running) throw failure("not_found", "no such import");
      return { ...running, problems: [], renamed: [], elsewhere: null };
    },
    cancel_import: (request) => {
      const running = this.imports[request.import];
      if (running) running.ended = true;
      return {};
    },
    invite_person: ({ person }) => ({ link: `https://ged.martel-associes.fr/invitation/${person.slice(-6)}-4f1c9d` }),
    list_sessions: () => ({
      sessions: [
        { workstation: fakeId(), workstation_name: "PORTABLE-CLAIRE", last_seen: NOW, current: true },
        { workstation: fakeId(), workstation_name: "PC-BUREAU", last_seen: NOW - 5 * 24 * 3_600_000, current: false },
      ],
    }),
    revoke_session: () => ({}),
  };
}
