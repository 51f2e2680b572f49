import { fileURLToPath } from "node:url";

import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` sends /api: the real api, or `npm run fake-server`. */
const api = process.env["CALLCENTER_API"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  define: { global: "globalThis" }, // JsSIP is CommonJS and expects Node's name
  server: { host: "127.0.0.1", proxy: { "/api": { target: api, ws: true } } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // fonts are files: only the slices a page uses are loaded
    chunkSizeWarningLimit: 700,
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node", isolate: false }, // modules are loaded once, not per file
});
