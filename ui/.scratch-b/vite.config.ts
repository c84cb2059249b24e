import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
export default defineConfig({ root: import.meta.dirname, base: "./", plugins: [react()], cacheDir: "/tmp/vite-b", server: { port: 14931, strictPort: true, fs: { allow: [".."] } }, build: { outDir: "/tmp/b-dist", emptyOutDir: true, assetsInlineLimit: 0, target: "safari16" } });
