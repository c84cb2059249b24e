/** What each command does to the firm in memory, with what undoes it. */
import type { Command, PlaceView } from "../../protocol/protocol";
import { failure } from "../../platform/platform";
import { fakeFolders, fakeId, NOW, type FakeClient, type FakeDocument, type FakeFirm } from "./firm";
import { placeOf } from "./search";

export interface Step {
  undo: () => void;
  redo: () => void;
  renamedTo?: string;
  restoredTo?: PlaceView;
}

/** Sets a field, both ways. */
function change<T extends object, K extends keyof T>(row: T, key: K, value: T[K]): Step {
  const before = row[key];
  const redo = () => {
    row[key] = value;
  };
  redo();
  return {
    undo: () => {
      row[key] = before;
    },
    redo,
  };
}

function both(...steps: Step[]): Step {
  return { undo: () => steps.toReversed().forEach((step) => step.undo()), redo: () => steps.forEach((step) => step.redo()) };
}

function once(redo: () => void, undo: () => void): Step {
  redo();
  return { undo, redo };
}

function client(firm: FakeFirm, id: string): FakeClient {
  const found = firm.clients.find((each) => each.id === id);
  if (!found) throw failure("not_found", "no such client file");
  return found;
}

function folderOf(firm: FakeFirm, id: string) {
  for (const each of firm.clients) {
    const folder = each.folders.find((candidate) => candidate.id === id);
    if (folder) return { owner: each, folder };
  }
  return null;
}

function document(firm: FakeFirm, id: string): FakeDocument {
  const found = firm.documents.get(id);
  if (!found) throw failure("not_found", "no such document");
  return found;
}

function checkName(firm: FakeFirm, name: string, parent: string, self: string): void {
  if (/[<>:"/\\|?*]/.test(name) || name.trim() === "") {
    throw failure("invalid_name", "not portable", { name, proposal: name.replace(/[<>:"/\\|?*]/g, "-").trim() || "Sans nom" });
  }
  const taken = (candidate: string) =>
    [...firm.documents.values()].some((other) => other.id !== self && other.parent === parent && !other.trashed && other.name.toLowerCase() === candidate.toLowerCase()) ||
    firm.clients.some((each) => each.folders.some((folder) => folder.id !== self && folder.parent === parent && folder.name.toLowerCase() === candidate.toLowerCase()));
  if (!taken(name)) return;
  const dot = name.lastIndexOf(".");
  const [stem, end] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  let number = 2;
  while (taken(`${stem} (${number})${end}`)) number += 1;
  throw failure("name_taken", "taken", { name, proposal: `${stem} (${number})${end}` });
}

/** Executes one command; throws the engine's failure where it is refused. */
export function execute(firm: FakeFirm, command: Command, me: string): Step {
  switch (command.kind) {
    case "add_person": {
      const { person, email, first_name, last_name, role } = command;
      if (firm.people.some((each) => each.email === email)) throw failure("invalid_email", "used");
      const row = { id: person, email, first_name, last_name, role, suspended: false, joined: false };
      return once(() => firm.people.push(row), () => firm.people.splice(firm.people.indexOf(row), 1));
    }
    case "update_person": {
      const row = firm.people.find((each) => each.id === command.person);
      if (!row) throw failure("not_found", "no such person");
      return both(
        ...(command.first_name ? [change(row, "first_name", command.first_name.value)] : []),
        ...(command.last_name ? [change(row, "last_name", command.last_name.value)] : []),
        ...(command.role ? [change(row, "role", command.role.value)] : []),
        ...(command.email ? [change(row, "email", command.email.value)] : []),
      );
    }
    case "suspend_person":
    case "resume_person": {
      const row = firm.people.find((each) => each.id === command.person);
      if (!row) throw failure("not_found", "no such person");
      return change(row, "suspended", command.kind === "suspend_person");
    }
    case "create_client_file": {
      if (command.siren && firm.clients.some((each) => each.siren === command.siren)) throw failure("invalid_company_number", "used");
      const fiscalYears = command.fiscal_years.map((dates) => ({ id: fakeId(), ...dates }));
      const row: FakeClient = {
        id: command.client_file,
        name: command.name,
        siren: command.siren,
        fiscalYears,
        assignments: command.assigned.map((person) => ({ person, themes: null })),
        offline: false,
        offlineYears: null,
        sync: "online_only",
        folders: fakeFolders(command.client_file, fiscalYears),
      };
      return once(() => firm.clients.push(row), () => firm.clients.splice(firm.clients.indexOf(row), 1));
    }
    case "update_client_file": {
      const row = client(firm, command.client_file);
      return both(
        ...(command.name ? [change(row, "name", command.name.value)] : []),
        ...(command.siren ? [change(row, "siren", command.siren.value)] : []),
      );
    }
    case "assign_person": {
      const row = client(firm, command.client_file);
      const others = row.assignments.filter((each) => each.person !== command.person);
      return change(row, "assignments", [...others, { person: command.person, themes: command.themes }]);
    }
    case "unassign_person": {
      const row = client(firm, command.client_file);
      return change(row, "assignments", row.assignments.filter((each) => each.person !== command.person));
    }
    case "add_fiscal_year": {
      const row = client(firm, command.client_file);
      const year = { id: fakeId(), ...command.dates };
      const { start, end } = command.dates;
      if (row.fiscalYears.some((each) => start <= each.end && each.start <= end)) {
        throw failure("invalid_fiscal_year", "overlap", { reason: "overlap" });
      }
      return both(change(row, "fiscalYears", [...row.fiscalYears, year]), change(row, "folders", fakeFolders(row.id, [...row.fiscalYears, year])));
    }
    case "create_folder": {
      checkName(firm, command.name, command.parent, command.node);
      const above = folderOf(firm, command.parent);
      if (!above) throw failure("not_found", "no such folder");
      const row = { ...above.folder, id: command.node, parent: command.parent, name: command.name, month: null, fixed: false, unread: 0, documents: 0 };
      const { owner } = above;
      const before = owner.folders;
      return change(owner, "folders", [...before, row]);
    }
    case "place": {
      const inside = folderOf(firm, command.node);
      const row: { name: string; parent: string } = inside ? inside.folder : document(firm, command.node);
      if (inside?.folder.fixed) throw failure("fixed_folder", "fixed");
      const parent = command.parent?.value ?? row.parent;
      checkName(firm, command.name?.value ?? row.name, parent, command.node);
      const target = folderOf(firm, parent);
      if (!inside && target && target.folder.theme === null) throw failure("no_documents_here", "container");
      return both(
        ...(command.name ? [change(row, "name", command.name.value)] : []),
        ...(command.parent ? [change(row, "parent", command.parent.value)] : []),
      );
    }
    case "trash": {
      const inside = folderOf(firm, command.node);
      if (!inside) return change(document(firm, command.node), "trashed", true);
      if (inside.folder.fixed) throw failure("fixed_folder", "fixed");
      const row = { id: command.node, name: inside.folder.name, folder: true, client_file: inside.owner.id, path: [], trashed_at: NOW, trashed_by: me };
      return change(firm, "trashedFolders", [...firm.trashedFolders, row]);
    }
    case "restore": {
      if (firm.trashedFolders.some((row) => row.id === command.node)) {
        return change(firm, "trashedFolders", firm.trashedFolders.filter((row) => row.id !== command.node));
      }
      const row = document(firm, command.node);
      const restoredTo = { folder: row.parent, path: placeOf(firm, row.parent).path };
      return { ...change(row, "trashed", false), restoredTo };
    }
    case "settle_version": {
      const row = document(firm, command.node);
      const { choice } = command;
      const settled = row.history.find((version) => version.id === command.version);
      if (!settled || settled.state !== "concurrent") throw failure("not_found", "no such concurrent version");
      const older = row.history.map((version) => ({ ...version, state: version.state === "head" && choice.kind !== "take" ? version.state : ("older" as const) }));
      const items = change(firm, "syncItems", firm.syncItems.filter((item) => item.conflict?.concurrent.id !== settled.id));
      const done = both(items, change(row, "concurrent", false), change(row, "sync", "synced"));
      if (choice.kind === "leave") return both(done, change(row, "history", older));
      if (choice.kind === "take") {
        const head = { ...settled, id: choice.version, state: "head" as const, author: me, made_at: NOW, restored_from: settled.id };
        return both(done, change(row, "history", [head, ...older]), change(row, "version", head.id), change(row, "size", head.size));
      }
      const dot = row.name.lastIndexOf(".");
      const name = `${row.name.slice(0, dot)} (2)${row.name.slice(dot)}`;
      const head = { ...settled, id: choice.version, state: "head" as const };
      const second: FakeDocument = { ...row, id: choice.node, name, version: head.id, size: head.size, versions: 1, history: [head], remarks: [], comments: 0 };
      const made = once(
        () => firm.documents.set(second.id, second),
        () => firm.documents.delete(second.id),
      );
      return { ...both(done, change(row, "history", older), made), renamedTo: name };
    }
    case "mark_reviewed": {
      const row = document(firm, command.node);
      const { value } = command.reviewed;
      return both(change(row, "reviewed_by", value ? me : null), change(row, "reviewed_at", value ? NOW : null));
    }
    case "set_piece_number":
      return change(document(firm, command.node), "piece_number", command.piece_number.value);
    case "add_comment": {
      const row = document(firm, command.node);
      const remark = { id: command.comment, author: me, made_at: NOW, text: command.text };
      return both(change(row, "remarks", [...row.remarks, remark]), change(row, "comments", row.comments + 1));
    }
    case "remove_comment": {
      const row = [...firm.documents.values()].find((each) => each.remarks.some((remark) => remark.id === command.comment));
      if (!row) throw failure("not_found", "no such comment");
      return both(
        change(row, "remarks", row.remarks.filter((remark) => remark.id !== command.comment)),
        change(row, "comments", row.comments - 1),
      );
    }
    case "mark_read":
      return change(document(firm, command.node), "unread", false);
    case "restore_version": {
      const row = document(firm, command.node);
      const from = row.history.find((version) => version.id === command.from);
      if (!from) throw failure("not_found", "no such version");
      const head = { ...from, id: command.version, state: "head" as const, author: me, made_at: NOW, restored_from: from.id };
      const older = row.history.map((version) => ({ ...version, state: "older" as const }));
      return both(
        change(row, "history", [head, ...older]),
        change(row, "version", head.id),
        change(row, "size", head.size),
        change(row, "versions", row.versions + 1),
        change(row, "concurrent", false),
      );
    }
    case "add_document":
    case "add_version":
      throw failure("bad_request", "only the engine adds contents");
  }
}
