// Writes the generated parts of the documentation: docs/events.md from web/openapi.json, and the files that pages include.
//
// Usage: node generate.js [--check]

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { DOCS, ROOT, readSummary } from "./book.js";
import { eventsPage } from "./events.js";

/** A file that a page shows: `<!-- file: path -->`, the block, `<!-- end of file -->`. The path is relative to the page. */
const INCLUDED = /<!-- file: (?<path>\S+) -->\n.*?<!-- end of file -->/gs;

const LANGUAGES = new Map([
  [".mjs", "js"],
  [".py", "python"],
]);

const isCheck = process.argv.includes("--check");

const { components } = JSON.parse(readFileSync(join(ROOT, "web/openapi.json"), "utf8"));
write("events.md", eventsPage(components.schemas));
for (const { path } of readSummary().flatMap(({ pages }) => pages)) {
  if (path !== "events.md") write(path, include(path));
}

function include(page) {
  const text = readFileSync(join(ROOT, DOCS, page), "utf8");
  return text.replace(INCLUDED, (_, path) => {
    const file = readFileSync(join(ROOT, DOCS, dirname(page), path), "utf8");
    const language = LANGUAGES.get(extname(path)) ?? "";
    return `<!-- file: ${path} -->\n\n\`\`\`${language}\n${file}\`\`\`\n\n<!-- end of file -->`;
  });
}

function write(page, text) {
  const target = join(ROOT, DOCS, page);
  if (!isCheck) return writeFileSync(target, text);
  if (readFileSync(target, "utf8") === text) return;
  console.error(`${DOCS}/${page} is stale: run \`npm run types\` in web/`);
  process.exitCode = 1;
}
