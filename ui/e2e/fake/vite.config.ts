import { readFileSync } from "node:fs";
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The product's own policy: what runs here runs in the desktop's window. */
const { app } = JSON.parse(readFileSync(join(import.meta.dirname, "../../../tauri.conf.json"), "utf8")) as {
  app: { security: { csp: string } };
};

/** The interface over the firm in memory, to look at screens: `npm run demo`. Never part of the product. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  server: { port: 1421, strictPort: true, fs: { allow: ["../.."] } },
  build: { target: "safari16", outDir: "../../node_modules/.fake-dist", emptyOutDir: true, assetsInlineLimit: 0, chunkSizeWarningLimit: 1200 },
  preview: { port: 1422, strictPort: true, headers: { "Content-Security-Policy": app.security.csp } },
});
