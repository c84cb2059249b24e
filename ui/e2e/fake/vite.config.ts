import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Serves the interface over the firm in memory, to look at screens: `npm run demo`. Never part of the product. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  server: { port: 1421, strictPort: true, fs: { allow: ["../.."] } },
});
