// Generated from crates/protocol: do not edit. `GEDEON_GENERATE=1 cargo test -p protocol` writes it again.

/**
 * An event, sent at most ten times a second.
 */
export type AppEvent = { "event": "changed", tags: Array<Tag>, } | { "event": "notice", code: string, details: Record<string, string>, };
/**
 * Somebody's assignment to a client file.
 */
export type AssignmentView = { 
/**
 * Who.
 */
person: PersonId, 
/**
 * Themes given; `null` for all.
 */
themes: Array<Theme> | null, };
/**
 * How much of the network contents may take.
 */
export type Bandwidth = { 
/**
 * Thousands of bytes a second out; `null` for as many as there is room for.
 */
up: number | null, 
/**
 * The same, in.
 */
down: number | null, 
/**
 * When these hold; `null` for always.
 */
hours: OfficeHours | null, };
/**
 * Begins, continues or ends bytes that arrive without a path (a drop in the page). The bytes follow by `upload`.
 */
export type BeginDrop = { 
/**
 * Path below what was dropped, folders included, `/` between them.
 */
relative_paths: Array<string>, 
/**
 * A folder, or a client file's root for its inbox.
 */
target: NodeId, };
/**
 * Stops an import: what is in stays in, and can be undone.
 */
export type CancelImport = { 
/**
 * Its number.
 */
import: number, };
/**
 * A field's new value, with the value its author saw.
 */
export type Change<T> = { 
/**
 * The value shown when the change was made.
 */
seen: T, 
/**
 * The value wanted.
 */
value: T, };
/**
 * Changes settings; what is `null` stays.
 */
export type ChangeSettings = { 
/**
 * The mirror's folder: made where it does not exist. A folder with other content is refused.
 */
mirror_root: string | null, 
/**
 * `fr` or `en`.
 */
language: string | null, 
/**
 * How much of the network contents may take.
 */
bandwidth: Bandwidth | null, };
/**
 * A client of the firm (*dossier client*).
 */
export type ClientFileId = string;
/**
 * Lines of client files.
 */
export type ClientFileList = { 
/**
 * How many match in all.
 */
total: number, 
/**
 * The window asked for.
 */
rows: Array<ClientFileRow>, };
/**
 * A line of the table of client files.
 */
export type ClientFileRow = { 
/**
 * Identity.
 */
id: ClientFileId, 
/**
 * Name.
 */
name: string, 
/**
 * SIREN, nine digits.
 */
siren: string | null, 
/**
 * Closing day of the latest fiscal year, `AAAA-MM-JJ`.
 */
closing: string | null, 
/**
 * People assigned.
 */
people: Array<PersonId>, 
/**
 * Documents not yet opened by the reader.
 */
unread: number, 
/**
 * Documents in all, the trash aside.
 */
documents: number, 
/**
 * Whether this workstation mirrors it, or some fiscal years of it.
 */
offline: boolean, 
/**
 * The fiscal years mirrored, beside what belongs to none; `null` for all of them.
 */
offline_years: Array<FiscalYearId> | null, 
/**
 * The mark that sums up its files on this workstation.
 */
sync: SyncMark, };
/**
 * A client file.
 */
export type ClientFileView = { 
/**
 * Its line.
 */
row: ClientFileRow, 
/**
 * Fiscal years, latest first.
 */
fiscal_years: Array<FiscalYearView>, 
/**
 * Assignments.
 */
assignments: Array<AssignmentView>, 
/**
 * Whether the reader may change its name and numbers.
 */
may_manage: boolean, 
/**
 * Whether the reader may add fiscal years.
 */
may_add_fiscal_years: boolean, 
/**
 * Whether the reader may assign people.
 */
may_assign: boolean, };
/**
 * Every change the firm's people can make.
 */
export type Command = { "kind": "add_person", person: PersonId, email: string, first_name: string, last_name: string, role: Role, } | { "kind": "update_person", person: PersonId, first_name: Change<string> | null, last_name: Change<string> | null, role: Change<Role> | null, email: Change<string> | null, } | { "kind": "suspend_person", person: PersonId, } | { "kind": "resume_person", person: PersonId, } | { "kind": "create_client_file", client_file: ClientFileId, name: string, siren: string | null, fiscal_years: Array<FiscalYearDates>, assigned: Array<PersonId>, } | { "kind": "update_client_file", client_file: ClientFileId, name: Change<string> | null, siren: Change<string | null> | null, } | { "kind": "assign_person", client_file: ClientFileId, person: PersonId, themes: Array<Theme> | null, } | { "kind": "unassign_person", client_file: ClientFileId, person: PersonId, } | { "kind": "add_fiscal_year", client_file: ClientFileId, dates: FiscalYearDates, gap_confirmed: boolean, } | { "kind": "create_folder", node: NodeId, parent: NodeId, name: string, naming: Naming, } | { "kind": "add_document", node: NodeId, parent: NodeId, name: string, naming: Naming, version: VersionId, content: ContentRef, 
/**
 * Modification time of the file, by its own disk.
 */
modified_at: Instant, } | { "kind": "add_version", node: NodeId, version: VersionId, base: VersionId | null, content: ContentRef, modified_at: Instant, } | { "kind": "restore_version", node: NodeId, version: VersionId, from: VersionId, base: VersionId | null, } | { "kind": "settle_version", node: NodeId, version: VersionId, choice: VersionChoice, } | { "kind": "place", node: NodeId, name: Change<string> | null, parent: Change<NodeId> | null, naming: Naming, } | { "kind": "trash", node: NodeId, } | { "kind": "restore", node: NodeId, parent: NodeId | null, } | { "kind": "mark_reviewed", node: NodeId, reviewed: Change<boolean>, } | { "kind": "set_piece_number", node: NodeId, piece_number: Change<string | null>, } | { "kind": "add_comment", comment: CommentId, node: NodeId, text: string, } | { "kind": "remove_comment", comment: CommentId, } | { "kind": "mark_read", node: NodeId, version: VersionId, };
/**
 * A command: made once by its author, executed once whatever the number of sends.
 */
export type CommandId = string;
/**
 * A remark on a document.
 */
export type CommentId = string;
/**
 * A remark.
 */
export type CommentView = { 
/**
 * Identity.
 */
id: CommentId, 
/**
 * Who.
 */
author: PersonId, 
/**
 * When, by their clock.
 */
made_at: Instant, 
/**
 * What.
 */
text: string, };
/**
 * Two versions of a document that were made from the same one.
 */
export type ConflictView = { 
/**
 * The one kept beside, which waits for a decision.
 */
concurrent: VersionView, 
/**
 * The one shown.
 */
head: VersionView, };
/**
 * How the workstation stands with the server.
 */
export type Connection = "signed_out" | "online" | "offline" | "session_expired" | "update_needed" | "paused";
/**
 * BLAKE3 of a document's bytes. Written as 64 lower-case hexadecimal digits.
 */
export type ContentHash = string;
/**
 * A content as a version names it.
 */
export type ContentRef = { 
/**
 * BLAKE3 of the bytes.
 */
hash: ContentHash, 
/**
 * Count of bytes.
 */
size: number, };
/**
 * Answers the question about what is held of a kind.
 */
export type DecideHeld = { 
/**
 * Which kind.
 */
kind: HeldKind, 
/**
 * Whether the firm is told; else it is undone on this disk: files removed come back, and files saved are again what the
 * firm has, what was saved going to the quarantine.
 */
confirm: boolean, };
/**
 * Drops a refused command from the list, once the contents it held are files of this disk.
 */
export type DismissRefused = { 
/**
 * Which.
 */
command: CommandId, };
/**
 * Lines of documents.
 */
export type DocumentList = { 
/**
 * How many in all.
 */
total: number, 
/**
 * The window asked for.
 */
rows: Array<DocumentRow>, };
/**
 * How a document list is ordered.
 */
export type DocumentOrder = "name" | "modified" | "size" | "piece_number";
/**
 * A line of a document list.
 */
export type DocumentRow = { 
/**
 * Identity.
 */
id: NodeId, 
/**
 * The folder it is in.
 */
parent: NodeId, 
/**
 * Name, with its extension.
 */
name: string, 
/**
 * Bytes of the head version.
 */
size: number, 
/**
 * Modification time of the head version's file.
 */
modified_at: Instant, 
/**
 * Who made the head version.
 */
author: PersonId, 
/**
 * The head version.
 */
version: VersionId, 
/**
 * Content of the head version.
 */
content: ContentHash, 
/**
 * How many versions.
 */
versions: number, 
/**
 * Whether one of them is concurrent and waits for a decision.
 */
concurrent: boolean, 
/**
 * Piece number.
 */
piece_number: string | null, 
/**
 * *Revu* mark: who set it.
 */
reviewed_by: PersonId | null, 
/**
 * When it was set.
 */
reviewed_at: Instant | null, 
/**
 * Remarks.
 */
comments: number, 
/**
 * Not yet opened by the reader at this version.
 */
unread: boolean, 
/**
 * State on this workstation.
 */
sync: SyncMark, };
/**
 * A document with its history.
 */
export type DocumentView = { 
/**
 * Its line.
 */
row: DocumentRow, 
/**
 * Client file.
 */
client_file: ClientFileId, 
/**
 * Names of the folders it is in, from the top.
 */
path: Array<string>, 
/**
 * Theme.
 */
theme: Theme, 
/**
 * In the trash, itself or a folder it is in.
 */
trashed: boolean, 
/**
 * Versions, latest first.
 */
versions: Array<VersionView>, 
/**
 * Remarks, oldest first.
 */
comments: Array<CommentView>, };
/**
 * Executes commands, each at once on this workstation; they reach the server when it can be reached. All of one call
 * are undone together.
 */
export type Execute = { 
/**
 * In order.
 */
commands: Array<Command>, 
/**
 * Name of the action in the undo list, a code the interface words.
 */
action: string, };
/**
 * What each command did, in order. The first refusal stops the rest and is the call's failure.
 */
export type ExecuteReply = { 
/**
 * One for each command.
 */
executed: Array<Executed>, };
/**
 * What executing a command here and now gave, for the interface.
 */
export type Executed = { 
/**
 * The command's id.
 */
command: CommandId, 
/**
 * The command that undoes it, where there is one.
 */
inverse: Command | null, 
/**
 * The name given, where it differs from the one wanted.
 */
renamed_to: string | null, 
/**
 * The fiscal year made, where one was.
 */
fiscal_year: FiscalYearId | null, 
/**
 * Where it put what it took out of the trash.
 */
restored_to: PlaceView | null, };
/**
 * A failure as it crosses boundaries.
 */
export type Failure = { 
/**
 * For machines.
 */
code: FailureCode, 
/**
 * For logs: English, lower case. Never shown as it is.
 */
message: string, 
/**
 * Values for the sentence, such as `name` or `proposal`.
 */
details?: Record<string, string>, };
/**
 * What went wrong, as far as a caller acts on it.
 */
export type FailureCode = "bad_request" | "signed_out" | "wrong_password" | "too_many_tries" | "link_invalid" | "weak_password" | "denied" | "not_found" | "invalid_name" | "name_taken" | "path_too_long" | "would_cycle" | "fixed_folder" | "no_documents_here" | "changed_since" | "invalid_email" | "invalid_company_number" | "invalid_fiscal_year" | "fiscal_year_gap" | "content_missing" | "content_damaged" | "too_large" | "disk_full" | "offline" | "update_needed" | "local_file" | "mirror_place" | "internal";
/**
 * Makes sure a document's file is on this disk, for reading or for dragging it out.
 */
export type FileOf = { 
/**
 * Which.
 */
document: NodeId, 
/**
 * One of its versions, or the head.
 */
version: VersionId | null, };
/**
 * An accounting firm (*cabinet*).
 */
export type FirmId = string;
/**
 * A fiscal year's dates, `AAAA-MM-JJ`, both included.
 */
export type FiscalYearDates = { 
/**
 * First day.
 */
start: string, 
/**
 * Closing day.
 */
end: string, };
/**
 * A fiscal year (*exercice*) of a client file.
 */
export type FiscalYearId = string;
/**
 * A fiscal year.
 */
export type FiscalYearView = { 
/**
 * Identity.
 */
id: FiscalYearId, 
/**
 * First day, `AAAA-MM-JJ`.
 */
start: string, 
/**
 * Closing day, `AAAA-MM-JJ`.
 */
end: string, };
/**
 * A folder of a client file's tree.
 */
export type FolderView = { 
/**
 * Identity.
 */
id: NodeId, 
/**
 * The folder it stands in; the client file's root at the top.
 */
parent: NodeId, 
/**
 * Name on disk.
 */
name: string, 
/**
 * Theme; `null` for a container, which takes no document.
 */
theme: Theme | null, 
/**
 * The month, `2026-03`, for a month folder.
 */
month: string | null, 
/**
 * The fiscal year it stands in.
 */
fiscal_year: FiscalYearId | null, 
/**
 * A folder of the tree itself: not to be renamed, moved or trashed.
 */
fixed: boolean, 
/**
 * Documents not yet opened by the reader, here and below.
 */
unread: number, 
/**
 * Documents directly here.
 */
documents: number, };
/**
 * Asks for a client file.
 */
export type GetClientFile = { 
/**
 * Which.
 */
client_file: ClientFileId, };
/**
 * Asks for a document with its history.
 */
export type GetDocument = { 
/**
 * Which.
 */
document: NodeId, };
/**
 * Asks how an import stands.
 */
export type GetImport = { 
/**
 * Its number.
 */
import: number, };
/**
 * Asks who is signed in.
 */
export type GetOverview = Record<symbol, never>;
/**
 * Asks for the settings.
 */
export type GetSettings = Record<symbol, never>;
/**
 * Asks for the state of synchronisation.
 */
export type GetSyncStatus = Record<symbol, never>;
/**
 * Asks for a client file's folders.
 */
export type GetTree = { 
/**
 * Which.
 */
client_file: ClientFileId, };
/**
 * What was decided on.
 */
export type HeldDecided = { 
/**
 * How many documents.
 */
documents: number, };
/**
 * What is held: too many at once, or of a kind that people do not make, to be told to the firm without a question.
 */
export type HeldKind = "removal" | "edit";
/**
 * Takes files and folders of this disk into the GED.
 */
export type ImportPaths = { 
/**
 * Files or folders, whole.
 */
paths: Array<string>, 
/**
 * A folder, or a client file's root for its inbox.
 */
target: NodeId, };
/**
 * A file left out of an import.
 */
export type ImportProblem = { 
/**
 * Its path.
 */
path: string, 
/**
 * Why.
 */
reason: Reason, };
/**
 * A file that was given another name.
 */
export type ImportRename = { 
/**
 * Its path.
 */
path: string, 
/**
 * Its name in the GED.
 */
name: string, };
/**
 * A running import.
 */
export type ImportTicket = { 
/**
 * Its number.
 */
import: number, };
/**
 * How an import stands.
 */
export type ImportView = { 
/**
 * Files found so far.
 */
found: number, 
/**
 * Files in the GED.
 */
done: number, 
/**
 * Bytes read.
 */
bytes: number, 
/**
 * Whether it has ended.
 */
ended: boolean, 
/**
 * Files left out, with the reason, at most 1,000.
 */
problems: Array<ImportProblem>, 
/**
 * Files that were given another name than theirs, at most 1,000.
 */
renamed: Array<ImportRename>, 
/**
 * Where what was dropped on a client file went, where its user may not write in the firm's inbox.
 */
elsewhere: PlaceView | null, };
/**
 * Milliseconds since 1970-01-01T00:00:00Z, by the clock of whoever wrote it. Two machines' instants are shown, never
 * compared.
 */
export type Instant = number;
/**
 * A one-use link, to be handed over.
 */
export type InvitationLink = { 
/**
 * The link.
 */
link: string, };
/**
 * Asks the server for a one-use link for a colleague. Needs the server.
 */
export type InvitePerson = { 
/**
 * Who.
 */
person: PersonId, };
/**
 * Files that contents of refused commands were copied to.
 */
export type KeptFiles = { 
/**
 * The folder they are in.
 */
folder: string, 
/**
 * Their names; none where the command held no content.
 */
names: Array<string>, };
/**
 * Asks for a window of client files, by name.
 */
export type ListClientFiles = { 
/**
 * Part of the name or of the SIREN; accents and case do not count.
 */
search: string, 
/**
 * Only those with documents not yet opened.
 */
unread_only: boolean, 
/**
 * Only those available offline.
 */
offline_only: boolean, 
/**
 * Lines to skip.
 */
offset: number, 
/**
 * Lines wanted, at most 500.
 */
limit: number, };
/**
 * Asks for a window of a folder's documents.
 */
export type ListDocuments = { 
/**
 * Which folder.
 */
folder: NodeId, 
/**
 * Order.
 */
order: DocumentOrder, 
/**
 * Largest first.
 */
descending: boolean, 
/**
 * Part of the name; accents and case do not count.
 */
search: string, 
/**
 * Lines to skip.
 */
offset: number, 
/**
 * Lines wanted, at most 500.
 */
limit: number, };
/**
 * Asks what others have open.
 */
export type ListOpened = Record<symbol, never>;
/**
 * Asks for the firm's people.
 */
export type ListPeople = Record<symbol, never>;
/**
 * Asks the server for the workstations somebody is signed in on. Needs the server.
 */
export type ListSessions = Record<symbol, never>;
/**
 * Asks for a window of the sync panel's entries.
 */
export type ListSyncItems = { 
/**
 * Lines to skip.
 */
offset: number, 
/**
 * Lines wanted, at most 500.
 */
limit: number, };
/**
 * Asks for a window of what is in the trash.
 */
export type ListTrash = { 
/**
 * Of one client file, or of all.
 */
client_file: ClientFileId | null, 
/**
 * Words of the name or of the client file's; accents and case do not count.
 */
search: string, 
/**
 * Lines to skip.
 */
offset: number, 
/**
 * Lines wanted, at most 500.
 */
limit: number, };
/**
 * A count of files and their bytes.
 */
export type Load = { 
/**
 * Files.
 */
files: number, 
/**
 * Bytes.
 */
bytes: number, };
/**
 * A file on this disk.
 */
export type LocalFile = { 
/**
 * Its path: inside the mirror where it is mirrored, else a copy under its own name.
 */
path: string, 
/**
 * Whether saving it makes a new version: it is in the mirror. Else it is a copy for reading, and whoever opens it for
 * somebody says so first.
 */
editable: boolean, };
/**
 * What to do when the wanted name is taken or cannot be written on every disk.
 */
export type Naming = "typed" | "by_machine";
/**
 * A folder or a document of a client file's tree. A client file's own id, read as a node, is the root of its tree.
 */
export type NodeId = string;
/**
 * An empty answer.
 */
export type Nothing = Record<symbol, never>;
/**
 * Hours of some days of the week, by the workstation's own clock.
 */
export type OfficeHours = { 
/**
 * Days, from 1 for Monday to 7.
 */
days: Array<number>, 
/**
 * When they begin, in minutes after midnight.
 */
from: number, 
/**
 * When they end, in minutes after midnight; the next day where that is not later.
 */
to: number, };
/**
 * A document that somebody has open on another workstation.
 */
export type OpenedElsewhere = { 
/**
 * Which.
 */
document: NodeId, 
/**
 * By whom.
 */
person: PersonId, 
/**
 * In what.
 */
program: string, };
/**
 * What others have open: a hint, which may be old by a moment.
 */
export type OpenedList = { 
/**
 * In the order of documents.
 */
rows: Array<OpenedElsewhere>, };
/**
 * Who is signed in, and to what.
 */
export type OverviewView = { 
/**
 * The firm.
 */
firm: FirmId, 
/**
 * Its name.
 */
firm_name: string, 
/**
 * The person.
 */
me: PersonView, 
/**
 * Documents not yet opened, over all that they see.
 */
unread: number, 
/**
 * Client files they see.
 */
client_files: number, };
/**
 * People of the firm.
 */
export type PeopleView = { 
/**
 * In alphabetical order.
 */
people: Array<PersonView>, 
/**
 * Themes of the firm's trees, with what people read.
 */
themes: Array<ThemeView>, };
/**
 * Somebody who signs in: a collaborator of the firm.
 */
export type PersonId = string;
/**
 * Somebody of the firm.
 */
export type PersonView = { 
/**
 * Identity.
 */
id: PersonId, 
/**
 * First name.
 */
first_name: string, 
/**
 * Last name.
 */
last_name: string, 
/**
 * E-mail.
 */
email: string, 
/**
 * Role.
 */
role: Role, 
/**
 * Shut out by an administrator.
 */
suspended: boolean, 
/**
 * Whether they have chosen a password: until then their e-mail can be corrected.
 */
joined: boolean, };
/**
 * A folder as people read where it is.
 */
export type PlaceView = { 
/**
 * The folder.
 */
folder: NodeId, 
/**
 * Names of the folders from the top of the client file, its own last.
 */
path: Array<string>, };
/**
 * Why a file waits or is blocked. The interface says it in words, with what to do.
 */
export type Reason = "queued" | "offline" | "in_use" | "changing" | "no_permission" | "invalid_name" | "name_taken" | "path_too_long" | "not_a_file" | "too_large" | "disk_full" | "disk_nearly_full" | "server_full" | "refused" | "disk_error" | "removal_held" | "edit_held" | "sight_lost" | "damaged" | "mirror_away" | "other_mirror" | "outside_client";
/**
 * Gives a file of the mirror whose name is refused the name proposed.
 */
export type RepairName = { 
/**
 * Key of the sync panel's entry.
 */
key: string, };
/**
 * Tries again at once what waits or is blocked.
 */
export type RetryNow = Record<symbol, never>;
/**
 * Signs a workstation out. Needs the server.
 */
export type RevokeSession = { 
/**
 * Which.
 */
workstation: WorkstationId, };
/**
 * What somebody may do in the firm as a whole (`requirements.md` §4).
 */
export type Role = "administrator" | "manager" | "collaborator";
/**
 * Copies the contents that a refused command holds to a folder of this disk; it stays in the list.
 */
export type SaveRefused = { 
/**
 * Which.
 */
command: CommandId, 
/**
 * The folder, by its absolute path; the profile's own for such files where `null`.
 */
folder: string | null, };
/**
 * Searches client files, folders and documents by name.
 */
export type Search = { 
/**
 * Words, all of which must begin a word of the name.
 */
text: string, 
/**
 * In one client file, or in all.
 */
client_file: ClientFileId | null, 
/**
 * At most this many, 50 at most.
 */
limit: number, };
/**
 * A result of the palette's search.
 */
export type SearchHit = { "kind": "client_file", id: ClientFileId, name: string, } | { "kind": "folder", id: NodeId, name: string, client_file: ClientFileId, client_name: string, path: Array<string>, } | { "kind": "document", id: NodeId, parent: NodeId, name: string, client_file: ClientFileId, client_name: string, path: Array<string>, };
/**
 * Results of a search, best first.
 */
export type SearchResults = { 
/**
 * At most the limit asked for.
 */
hits: Array<SearchHit>, };
/**
 * The workstations signed in.
 */
export type SessionList = { 
/**
 * Last seen first.
 */
sessions: Array<SessionView>, };
/**
 * A session as its owner sees it.
 */
export type SessionView = { 
/**
 * Identity of the workstation.
 */
workstation: WorkstationId, 
/**
 * Its name.
 */
workstation_name: string, 
/**
 * Last contact.
 */
last_seen: Instant, 
/**
 * Whether it is the one that asks.
 */
current: boolean, };
/**
 * Makes client files available offline, all of each or some of its fiscal years, or not.
 */
export type SetOffline = { 
/**
 * Which.
 */
client_files: Array<ClientFileId>, 
/**
 * Whether to mirror them.
 */
offline: boolean, 
/**
 * The fiscal years to mirror, beside what belongs to none; `null` for all of them.
 */
years: Array<FiscalYearId> | null, };
/**
 * Pauses or resumes synchronisation.
 */
export type SetPaused = { 
/**
 * Whether to pause.
 */
paused: boolean, };
/**
 * Settings of this workstation.
 */
export type SettingsView = { 
/**
 * Address of the server, where somebody signed in.
 */
server: string | null, 
/**
 * E-mail of who is signed in.
 */
email: string | null, 
/**
 * The mirror's folder.
 */
mirror_root: string | null, 
/**
 * Folder proposed for the mirror.
 */
proposed_mirror_root: string, 
/**
 * `fr` or `en`.
 */
language: string, 
/**
 * Version of this desktop.
 */
version: string, 
/**
 * Name of this workstation.
 */
workstation_name: string, 
/**
 * The folder of what was kept of refused changes, where something was.
 */
kept_folder: string | null, 
/**
 * How much of the network contents may take.
 */
bandwidth: Bandwidth, };
/**
 * Signs in to a server.
 */
export type SignIn = { 
/**
 * Address, such as `https://ged.cabinet.fr`.
 */
server: string, 
/**
 * E-mail.
 */
email: string, 
/**
 * Password.
 */
password: string, };
/**
 * One entry of the sync panel.
 */
export type SyncItem = { 
/**
 * Stable key of the entry.
 */
key: string, 
/**
 * The node, where the file has one.
 */
node: NodeId | null, 
/**
 * The command, for a refused one.
 */
command: CommandId | null, 
/**
 * The client file, where known.
 */
client_file: ClientFileId | null, 
/**
 * File name.
 */
name: string, 
/**
 * Path below the mirror, or in the GED.
 */
path: string, 
/**
 * State.
 */
mark: SyncMark, 
/**
 * Why.
 */
reason: Reason, 
/**
 * A portable name to give it, for [`Reason::InvalidName`].
 */
proposal: string | null, 
/**
 * The program that has it open, such as `EXCEL.EXE`, for [`Reason::InUse`] where the system tells.
 */
program: string | null, 
/**
 * The failure, for [`Reason::Refused`].
 */
failure: Failure | null, 
/**
 * Whether contents go with it that may be nowhere else, for [`Reason::Refused`].
 */
holds_content: boolean, 
/**
 * The two versions to choose between, for [`SyncMark::Conflict`].
 */
conflict: ConflictView | null, 
/**
 * Since when.
 */
since: Instant, };
/**
 * Entries of the sync panel.
 */
export type SyncItems = { 
/**
 * How many in all.
 */
total: number, 
/**
 * How many of them can be asked for: of thousands on their way, the first only.
 */
listed: number, 
/**
 * The window asked for: those that wait for a decision of their own first, what is on its way last.
 */
rows: Array<SyncItem>, };
/**
 * State of a file or of a group of files on this workstation. The worst of a group sums it up.
 */
export type SyncMark = "synced" | "online_only" | "receiving" | "sending" | "waiting" | "conflict" | "blocked";
/**
 * The truth about synchronisation.
 */
export type SyncStatus = { 
/**
 * State of the connection.
 */
connection: Connection, 
/**
 * Since when it is so.
 */
since: Instant, 
/**
 * Everything is on both sides: nothing pending, waiting, blocked or to check, as computed from the trees, and nothing
 * being imported.
 */
up_to_date: boolean, 
/**
 * Commands not yet answered by the server.
 */
pending_commands: number, 
/**
 * Files still to send, and their bytes; those that the server does not take for now are among those that wait.
 */
sending: Load, 
/**
 * Files still to receive, and their bytes.
 */
receiving: Load, 
/**
 * Seconds until nothing is left to send or receive, by the pace of the last half minute; `null` where there is no pace
 * to go by yet.
 */
seconds_left: number | null, 
/**
 * Files that wait for a program, the disk or the server, and go on by themselves.
 */
waiting: number, 
/**
 * Files that stay as they are until somebody acts.
 */
blocked: number, 
/**
 * Refused commands and concurrent versions that wait for a decision.
 */
to_check: number, 
/**
 * Documents whose removal from the disk waits for a person's yes.
 */
held_removals: number, 
/**
 * Documents whose saved contents look encrypted and wait for a person's yes.
 */
held_edits: number, 
/**
 * Client files available offline whose trees are not yet read.
 */
scanning: boolean, 
/**
 * When everything was last up to date.
 */
last_up_to_date: Instant | null, 
/**
 * The mirror's folder on this disk.
 */
mirror_root: string | null, };
/**
 * Groups of data that change together; queries declare which they show.
 */
export type Tag = "people" | "client_files" | "documents" | "sync" | "settings" | "presence";
/**
 * The unit of access (*thème*): a named set of directories. Stored as its key, `achats`.
 */
export type Theme = string;
/**
 * A theme.
 */
export type ThemeView = { 
/**
 * Key.
 */
key: Theme, 
/**
 * What people read.
 */
label: string, };
/**
 * The trash.
 */
export type TrashList = { 
/**
 * How many in all.
 */
total: number, 
/**
 * The window asked for, latest first.
 */
rows: Array<TrashRow>, };
/**
 * A folder or document in the trash.
 */
export type TrashRow = { 
/**
 * Identity.
 */
id: NodeId, 
/**
 * Name.
 */
name: string, 
/**
 * Whether it is a folder.
 */
folder: boolean, 
/**
 * Client file.
 */
client_file: ClientFileId, 
/**
 * Names of the folders it was in, from the top.
 */
path: Array<string>, 
/**
 * When it was trashed.
 */
trashed_at: Instant, 
/**
 * Who did.
 */
trashed_by: PersonId, };
/**
 * The tree of a client file, parents before children, in reading order.
 */
export type TreeView = { 
/**
 * The client file's root, parent of the top folders.
 */
root: NodeId, 
/**
 * Folders the reader sees.
 */
folders: Array<FolderView>, };
/**
 * Undoes, or does again, the last action.
 */
export type Undo = Record<symbol, never>;
/**
 * What was undone; `null` where there was nothing to undo.
 */
export type UndoReply = { 
/**
 * The action's code.
 */
action: string | null, };
/**
 * How a concurrent version is settled.
 */
export type VersionChoice = { "kind": "take", version: VersionId, base: VersionId | null, } | { "kind": "leave" } | { "kind": "both", node: NodeId, version: VersionId, };
/**
 * One content of a document, in its history.
 */
export type VersionId = string;
/**
 * How a version stands in its document.
 */
export type VersionState = "head" | "older" | "concurrent";
/**
 * One content of a document.
 */
export type VersionView = { 
/**
 * Identity.
 */
id: VersionId, 
/**
 * State.
 */
state: VersionState, 
/**
 * Content.
 */
content: ContentHash, 
/**
 * Bytes.
 */
size: number, 
/**
 * Who.
 */
author: PersonId, 
/**
 * Name of the workstation it came from.
 */
workstation: string, 
/**
 * When, by that workstation's clock.
 */
made_at: Instant, 
/**
 * The version it restored, where it did.
 */
restored_from: VersionId | null, };
/**
 * A workstation on which somebody signed in.
 */
export type WorkstationId = string;

export interface Queries {
  /** Who is signed in, and to what. */
  get_overview: { request: GetOverview; response: OverviewView };
  /** The firm's people and themes. */
  list_people: { request: ListPeople; response: PeopleView };
  /** A window of the client files seen. */
  list_client_files: { request: ListClientFiles; response: ClientFileList };
  /** One client file. */
  get_client_file: { request: GetClientFile; response: ClientFileView };
  /** The folders of a client file. */
  get_tree: { request: GetTree; response: TreeView };
  /** A window of a folder's documents. */
  list_documents: { request: ListDocuments; response: DocumentList };
  /** One document with its history. */
  get_document: { request: GetDocument; response: DocumentView };
  /** A window of what is in the trash. */
  list_trash: { request: ListTrash; response: TrashList };
  /** Client files, folders and documents by name. */
  search: { request: Search; response: SearchResults };
}

export interface LocalCalls {
  /** Executes commands here at once, and on the server when it can be reached. */
  execute: { request: Execute; response: ExecuteReply };
  /** Undoes the last action. */
  undo: { request: Undo; response: UndoReply };
  /** Does again the last action undone. */
  redo: { request: Undo; response: UndoReply };
  /** Signs in to a server. */
  sign_in: { request: SignIn; response: Nothing };
  /** Signs out: what is unsent stays and is sent at the next sign-in. */
  sign_out: { request: Nothing; response: Nothing };
  /** Settings of this workstation. */
  get_settings: { request: GetSettings; response: SettingsView };
  /** Changes settings. */
  change_settings: { request: ChangeSettings; response: SettingsView };
  /** Makes client files available offline, or not. */
  set_offline: { request: SetOffline; response: Nothing };
  /** State of synchronisation. */
  get_sync_status: { request: GetSyncStatus; response: SyncStatus };
  /** Entries of the sync panel. */
  list_sync_items: { request: ListSyncItems; response: SyncItems };
  /** Pauses or resumes synchronisation, until it is told otherwise or somebody signs in. */
  set_paused: { request: SetPaused; response: Nothing };
  /** Tries again at once what waits. */
  retry_now: { request: RetryNow; response: Nothing };
  /** Renames a file of the mirror to the name proposed. */
  repair_name: { request: RepairName; response: Nothing };
  /** Keeps what a refused command held as files of this disk, then drops it. */
  dismiss_refused: { request: DismissRefused; response: KeptFiles };
  /** Copies what a refused command holds to a folder. */
  save_refused: { request: SaveRefused; response: KeptFiles };
  /** Tells the firm what was held, or undoes it here. */
  decide_held: { request: DecideHeld; response: HeldDecided };
  /** A document's file on this disk. */
  file_of: { request: FileOf; response: LocalFile };
  /** Takes files and folders of this disk into the GED. */
  import_paths: { request: ImportPaths; response: ImportTicket };
  /** Announces files whose bytes follow by `upload`. */
  begin_drop: { request: BeginDrop; response: ImportTicket };
  /** How an import stands. */
  get_import: { request: GetImport; response: ImportView };
  /** Stops an import. */
  cancel_import: { request: CancelImport; response: Nothing };
  /** A one-use link for a colleague. */
  invite_person: { request: InvitePerson; response: InvitationLink };
  /** The workstations signed in. */
  list_sessions: { request: ListSessions; response: SessionList };
  /** Signs a workstation out. */
  revoke_session: { request: RevokeSession; response: Nothing };
  /** What others have open. */
  list_opened: { request: ListOpened; response: OpenedList };
}

/** Groups of data each call shows: it is read again when one changes. */
export const TAGS: Record<keyof Queries | keyof LocalCalls, Tag[]> = {
  get_overview: ["people","client_files","documents"],
  list_people: ["people"],
  list_client_files: ["client_files","documents","sync","settings"],
  get_client_file: ["client_files","documents","settings"],
  get_tree: ["client_files","documents"],
  list_documents: ["documents","sync"],
  get_document: ["documents","sync"],
  list_trash: ["documents"],
  search: ["client_files","documents"],
  execute: [],
  undo: [],
  redo: [],
  sign_in: [],
  sign_out: [],
  get_settings: ["settings"],
  change_settings: [],
  set_offline: [],
  get_sync_status: ["sync","settings"],
  list_sync_items: ["sync"],
  set_paused: [],
  retry_now: [],
  repair_name: [],
  dismiss_refused: [],
  save_refused: [],
  decide_held: [],
  file_of: [],
  import_paths: [],
  begin_drop: [],
  get_import: ["sync"],
  cancel_import: [],
  invite_person: [],
  list_sessions: [],
  revoke_session: [],
  list_opened: ["presence"],
};
