import { defineConfig } from "@playwright/test";

/** Debian's Chromium, without what a desktop browser does on its own. */
export const chromium = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

export default defineConfig({
  outputDir: "../test-results/runs",
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  /** Bounds of a machine that is busy with other things, not of what a screen may take. */
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: { launchOptions: chromium, locale: "fr-FR", viewport: { width: 1280, height: 800 } },
  projects: [
    /** Every screen over the firm in memory. */
    { name: "screens", testDir: "screens", use: { baseURL: "http://localhost:1422" } },
    /** Stories over the real engine and the real server, whose programs `GEDEON_PROGRAMS` leads to. */
    { name: "made", testDir: "real", testMatch: "made.setup.ts" },
    { name: "real", testDir: "real", dependencies: ["made"], timeout: 120_000, expect: { timeout: 20_000 } },
  ],
  webServer: {
    command: "npx vite build --config e2e/fake/vite.config.ts && npx vite preview --config e2e/fake/vite.config.ts",
    cwd: "..",
    url: "http://localhost:1422",
    reuseExistingServer: false,
    timeout: 120_000,
  },
});
