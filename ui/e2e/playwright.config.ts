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
  testDir: "screens",
  outputDir: "../test-results",
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  reporter: [["list"]],
  use: { baseURL: "http://localhost:1422", launchOptions: chromium, locale: "fr-FR", viewport: { width: 1280, height: 800 } },
  webServer: {
    command: "npx vite build --config e2e/fake/vite.config.ts && npx vite preview --config e2e/fake/vite.config.ts",
    cwd: "..",
    url: "http://localhost:1422",
    reuseExistingServer: false,
    timeout: 120_000,
  },
});
