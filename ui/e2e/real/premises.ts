/**
 * A firm's machines for one test: a server with its data, and workstations with an engine each. They are real processes
 * over real folders, all below one temporary folder; nothing of them is left when the test ends.
 */
import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { CallName, RequestOf, ResponseOf } from "../../platform/platform";
import type { ClientFileRow, Command, DocumentRow, Failure, FolderView, NodeId, SyncStatus } from "../../protocol/protocol";
import { run, Running } from "./programs";

/** What the run makes once for all tests: the demonstration firm's data, and the interface as it is shipped. */
export const MADE = resolve(import.meta.dirname, "../../test-results/made");
export const DEMONSTRATION = join(MADE, "demonstration");
export const INTERFACE = join(MADE, "interface");

/** Somebody who can sign in. */
export interface Account {
  name: string;
  email: string;
  password: string;
}

/** A refusal of the engine. */
export class Refused extends Error {
  constructor(readonly failure: Failure) {
    super(`${failure.code}: ${failure.message}`);
  }
}

/** Polls until `read` gives a value; for what no event announces to a test. */
export async function until<T>(what: string, read: () => Promise<T | undefined>, patience = 30_000): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`still not: ${what}`);
    await new Promise((next) => setTimeout(next, 40));
  }
}

/** A port that was free an instant ago. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((ready) => probe.listen(0, "127.0.0.1", ready));
  const { port } = probe.address() as AddressInfo;
  await new Promise((closed) => probe.close(closed));
  return port;
}

/** A firm's server. */
export class Server {
  private running: Running | null = null;

  constructor(
    readonly data: string,
    private readonly port: number,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    [this.running] = await Running.start("gedeon-server", ["--data", this.data, "--listen", `127.0.0.1:${this.port}`], /listening on (\S+)/);
  }

  async stop(how: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    await this.running?.end(how);
    this.running = null;
  }
}

/** How a workstation is started. */
export interface WorkstationOptions {
  /** Client files to keep on its disk, by name. */
  offline?: string[];
}

/** A workstation: a profile and the engine that runs on it. */
export class Workstation {
  private running: Running | null = null;
  private door = { port: 0, token: "" };

  constructor(
    readonly folder: string,
    private readonly options: WorkstationOptions,
  ) {}

  private get profile(): string {
    return join(this.folder, "profile");
  }

  /** The folder its documents are in. */
  get root(): string {
    return join(this.folder, "Documents");
  }

  /** The address of its interface. */
  get address(): string {
    return `http://127.0.0.1:${this.door.port}/#token=${this.door.token}`;
  }

  async signIn(server: Server, account: Account): Promise<void> {
    const args = ["--profile", this.profile, "sign-in", "--server", server.url, "--email", account.email, "--password-stdin"];
    await run("gedeon", args, account.password);
  }

  async start(): Promise<void> {
    const mirror = this.options.offline ? ["--root", this.root, ...this.options.offline.flatMap((name) => ["--client", name])] : [];
    const args = ["--profile", this.profile, "mirror", ...mirror, "--interface", INTERFACE];
    [this.running] = await Running.start("gedeon", args, /Synchronisation en cours/);
    this.door = JSON.parse(await readFile(join(this.profile, "door.json"), "utf8")) as typeof this.door;
  }

  /** Ends the engine: as its user would, or as a power cut does. */
  async stop(how: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    await this.running?.end(how);
    this.running = null;
  }

  /** A call of the engine, as the interface makes it. */
  async call<N extends CallName>(name: N, payload: RequestOf<N>): Promise<ResponseOf<N>> {
    const response = await this.ask(`rpc/${name}`, "POST", JSON.stringify(payload));
    return (await response.json()) as ResponseOf<N>;
  }

  private async ask(path: string, method: string, body: BodyInit | undefined): Promise<Response> {
    const headers = { Authorization: `Bearer ${this.door.token}`, "Content-Type": "application/json" };
    const response = await fetch(`http://127.0.0.1:${this.door.port}/${path}`, { method, headers, body });
    if (!response.ok) throw new Refused((await response.json()) as Failure);
    return response;
  }

  async execute(...commands: Command[]): Promise<void> {
    await this.call("execute", { commands, action: "import" });
  }

  /** The rows a first sign-in brings have come. */
  async hasRows(): Promise<void> {
    await until("the first rows", () => this.call("get_overview", {}).then(() => true, () => undefined));
  }

  async clientFile(name: string): Promise<ClientFileRow> {
    return until(`the client file ${name}`, async () => {
      const { rows } = await this.call("list_client_files", { search: name, unread_only: false, offline_only: false, offset: 0, limit: 50 });
      return rows.find((row) => row.name === name);
    });
  }

  /** The folder at a path of a client file's tree, by its names on disk. */
  async folderAt(client: string, path: string): Promise<FolderView> {
    const { id } = await this.clientFile(client);
    const tree = await this.call("get_tree", { client_file: id });
    let parent: NodeId = tree.root;
    let found: FolderView | undefined;
    for (const name of path.split("/")) {
      found = tree.folders.find((folder) => folder.parent === parent && folder.name === name);
      if (!found) throw new Error(`no folder ${name} of ${path} in ${client}`);
      parent = found.id;
    }
    if (!found) throw new Error("a path has a name");
    return found;
  }

  /** The first documents of a folder, by name. */
  async documents(folder: NodeId): Promise<DocumentRow[]> {
    const { rows } = await this.call("list_documents", { folder, order: "name", descending: false, search: "", offset: 0, limit: 500 });
    return rows;
  }

  /** Adds files to a folder, and waits until the server has them. */
  async deposit(folder: NodeId, files: Record<string, string | Uint8Array<ArrayBuffer>>): Promise<void> {
    const { import: number } = await this.call("begin_drop", { relative_paths: Object.keys(files), target: folder });
    for (const [index, bytes] of Object.values(files).entries()) {
      const { status } = await this.ask(`upload/${number}/${index}?offset=0&end=true`, "PUT", bytes);
      if (status !== 204) throw new Error(`a piece was answered with ${status}`);
    }
    const view = await until("the deposit is over", async () => {
      const now = await this.call("get_import", { import: number });
      return now.ended ? now : undefined;
    });
    if (view.problems.length > 0) throw new Error(`left out: ${JSON.stringify(view.problems)}`);
    await this.isSent();
  }

  status(): Promise<SyncStatus> {
    return this.call("get_sync_status", {});
  }

  /** What it keeps offline is on its disk, and agrees with the server. */
  async isMirrored(): Promise<void> {
    await until("all is up to date", async () => (await this.status()).up_to_date || undefined, 60_000);
  }

  /** Everything this workstation had to say is on the server. */
  async isSent(): Promise<void> {
    await until("all is sent", async () => {
      const { connection, pending_commands, sending } = await this.status();
      return (connection === "online" && pending_commands === 0 && sending.files === 0) || undefined;
    });
  }
}

/** The machines of a firm. */
export class Premises {
  private readonly machines: { stop: (how?: "SIGTERM" | "SIGKILL") => Promise<void> }[] = [];

  private constructor(
    readonly folder: string,
    readonly server: Server,
    readonly accounts: Record<"claire" | "thomas" | "ines", Account>,
  ) {
    this.machines.push(server);
  }

  /** A copy of the demonstration firm, served. */
  static async demonstration(): Promise<Premises> {
    const folder = await mkdtemp(join(tmpdir(), "gedeon-e2e-"));
    const data = join(folder, "server");
    await cp(DEMONSTRATION, data, { recursive: true });
    const { people } = JSON.parse(await readFile(join(MADE, "people.json"), "utf8")) as { people: Account[] };
    const [claire, thomas, ines] = people;
    if (!claire || !thomas || !ines) throw new Error("the demonstration firm has three people");
    const premises = new Premises(folder, new Server(data, await freePort()), { claire, thomas, ines });
    await premises.server.start();
    return premises;
  }

  /** A server without a firm yet, and not started. */
  static async bare(): Promise<Premises> {
    const folder = await mkdtemp(join(tmpdir(), "gedeon-e2e-"));
    const nobody = { name: "", email: "", password: "" };
    return new Premises(folder, new Server(join(folder, "server"), await freePort()), { claire: nobody, thomas: nobody, ines: nobody });
  }

  /** A workstation nobody has signed in on. */
  async workstation(options: WorkstationOptions = {}): Promise<Workstation> {
    const folder = join(this.folder, `workstation-${this.machines.length}`);
    await mkdir(folder, { recursive: true });
    const workstation = new Workstation(folder, options);
    this.machines.push(workstation);
    return workstation;
  }

  /** A workstation of somebody, signed in, with its first rows. */
  async workstationOf(account: Account, options: WorkstationOptions = {}): Promise<Workstation> {
    const workstation = await this.workstation(options);
    await workstation.signIn(this.server, account);
    await workstation.start();
    await workstation.hasRows();
    return workstation;
  }

  /** Stops every machine and leaves nothing on the disk. */
  async leave(): Promise<void> {
    for (const machine of this.machines.toReversed()) await machine.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
