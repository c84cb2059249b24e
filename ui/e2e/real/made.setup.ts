/** Makes once what every story starts from: the demonstration firm's data, and the interface as it is shipped. */
import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@playwright/test";
import { DEMONSTRATION, INTERFACE, MADE } from "./premises";
import { run } from "./programs";

test("the demonstration firm is made, and the interface is built", async () => {
  test.setTimeout(300_000);
  await rm(MADE, { recursive: true, force: true });
  await mkdir(MADE, { recursive: true });
  const people = await run("gedeon-server", ["create-demo", "--data", DEMONSTRATION]);
  await writeFile(join(MADE, "people.json"), people);
  const vite = ["vite", "build", "--outDir", INTERFACE, "--emptyOutDir", "--logLevel", "error"];
  await promisify(execFile)("npx", vite, { cwd: resolve(import.meta.dirname, "../..") });
  const { people: accounts } = JSON.parse(people) as { people: unknown[] };
  expect(accounts).toHaveLength(3);
});
