import { chromium } from "@playwright/test"; import { spawn } from "node:child_process";
process.on("SIGTERM", () => { server?.kill(); process.exit(1); });
var server = spawn(process.execPath, [new URL("./serve.mjs", import.meta.url).pathname], { stdio: "inherit" });
await new Promise(r => setTimeout(r, 400));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
const { default: run } = await import(process.argv[2]);
try {
  await run(async (query = "", { width = 1280, height = 800 } = {}) => {
    const page = await browser.newPage({ viewport: { width, height }, locale: "fr-FR", timezoneId: "Europe/Paris" });
    page.on("console", m => { if (["error", "warning"].includes(m.type())) console.log(`[${m.type()}]`, m.text().slice(0, 300)); });
    page.on("pageerror", e => console.log("[pageerror]", String(e.stack).slice(0, 600)));
    await page.goto("http://localhost:14931/?" + query); await page.waitForSelector('[role="tree"]', { timeout: 8000 }).catch(() => console.log("no tree"));
    return page;
  });
} catch (e) { console.log(e); } finally { await browser.close(); server.kill(); process.exit(0); }
