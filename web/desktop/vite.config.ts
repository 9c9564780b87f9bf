import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Vite compiles JSX. No plugin is needed. */
export default defineConfig({
  root: here("."),
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: "es2023",
    // The first versions that support light-dark().
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    // All files come from the server and none is inlined, so that the Content-Security-Policy needs no other source.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: [here("index.html"), here("sign-in.html")] },
  },
  server: { proxy: { "/api": { target: "http://127.0.0.1:8080", ws: true } } },
});
