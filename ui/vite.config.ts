import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** The desktop's interface. The page is served by Tauri's own scheme or by the engine's local door, both at `/`. */
export default defineConfig({
  plugins: [react()],
  server: { port: 1420, strictPort: true },
  build: {
    target: "safari16",
    outDir: "dist",
    emptyOutDir: true,
    // Inlined assets would be data: URLs, which the content security policy refuses for fonts and scripts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
  },
  test: {
    environment: "happy-dom",
    testTimeout: 30_000,
    include: ["{kit,platform,i18n,desktop}/**/*.test.{ts,tsx}"],
    setupFiles: ["e2e/fake/setup.ts"],
    css: { modules: { classNameStrategy: "non-scoped" } },
  },
});
