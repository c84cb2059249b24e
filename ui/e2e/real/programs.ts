/**
 * The product's programs as processes: started, heard, ended by their own id. It knows nothing of firms or of pages.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

/** How long a program may take to say what is waited for, in milliseconds; a slow machine builds no faster than it runs. */
const PATIENCE = 60_000;

/** Where the programs were built; whoever runs these tests says so. */
function program(name: string): string {
  const folder = process.env.GEDEON_PROGRAMS;
  if (!folder) throw new Error("GEDEON_PROGRAMS says in which folder `gedeon` and `gedeon-server` are: `cargo xtask test` sets it");
  return join(folder, name);
}

/** A program that runs. */
export class Running {
  private constructor(private readonly child: ChildProcess) {}

  /** Starts a program; it has said a line that `ready` recognises when this returns, and gives what was recognised. */
  static async start(name: string, args: string[], ready: RegExp): Promise<[Running, string]> {
    const child = spawn(program(name), args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, RUST_LOG: "warn" } });
    const said = { out: "", err: "" };
    child.stderr.on("data", (bytes: Buffer) => (said.err += bytes.toString()));
    const running = new Running(child);
    const recognised = await new Promise<string>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`${name} ${args.join(" ")}: ${why}\n${said.out}${said.err}`));
      const late = setTimeout(() => fail("is silent"), PATIENCE);
      child.stdout.on("data", (bytes: Buffer) => {
        said.out += bytes.toString();
        const found = ready.exec(said.out);
        if (!found) return;
        clearTimeout(late);
        resolve(found[1] ?? found[0]);
      });
      child.once("error", (cause) => fail(String(cause)));
      child.once("exit", (code) => {
        clearTimeout(late);
        fail(`ended with ${code}`);
      });
    });
    return [running, recognised];
  }

  /** Ends it: as its user would, or as a power cut does. */
  async end(how: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const over = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill(how);
    await over;
  }
}

/** Runs a program to its end; what it printed. */
export async function run(name: string, args: string[], input = ""): Promise<string> {
  const child = spawn(program(name), args, { env: { ...process.env, RUST_LOG: "warn" } });
  let out = "";
  let err = "";
  child.stdout.on("data", (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (err += bytes.toString()));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`${name} ${args.join(" ")}: ended with ${code}\n${out}${err}`);
  return out;
}
