// Checks the documentation: every link and anchor in README.md, the other pages of the repository's root and docs/ leads
// somewhere, and docs/SUMMARY.md lists every page of docs/.
//
// Usage: node links.js

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DOCS, linksOf, ROOT, readPage, readSummary, resolveLink } from "./book.js";

const SUMMARY = `${DOCS}/SUMMARY.md`;

const pages = [...pagesIn("."), ...pagesIn(DOCS, { recursive: true })].map(readPage);
const byPath = new Map(pages.map((page) => [page.path, page]));
const listed = new Set(
  readSummary().flatMap(({ pages: entries }) => entries.map(({ path }) => `${DOCS}/${path}`)),
);

const faults = [
  ...pages.flatMap(brokenLinks),
  ...pages
    .filter(({ path }) => path.startsWith(`${DOCS}/`) && path !== SUMMARY && !listed.has(path))
    .map(({ path }) => `${path}: not listed in ${SUMMARY}`),
];
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;

function pagesIn(folder, options = {}) {
  const names = readdirSync(join(ROOT, folder), options);
  const paths = names.filter((name) => name.endsWith(".md"));
  return paths.map((name) => (folder === "." ? name : `${folder}/${name}`)).sort();
}

function brokenLinks(page) {
  return linksOf(page).flatMap(({ href, line }) => {
    const why = fault(page, href);
    return why === undefined ? [] : [`${page.path}:${line}: ${href}: ${why}`];
  });
}

/** Says what is wrong with a link. Addresses with a scheme are not followed. */
function fault(page, href) {
  const target = resolveLink(page, href);
  if (target === undefined) return undefined;
  if (!existsSync(join(ROOT, target.path))) return "the file does not exist";
  if (target.anchor === "") return undefined;
  const known = byPath.get(target.path)?.headings;
  if (known === undefined) return "the file has no anchors that can be checked";
  return known.some(({ id }) => id === target.anchor) ? undefined : "the page has no such heading";
}
