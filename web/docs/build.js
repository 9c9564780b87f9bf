// Renders docs/ into web/dist/docs, which the program serves at /docs.
//
// Usage: node build.js

import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { Marked } from "marked";
import { DOCS, linksOf, ROOT, readPage, readSummary, resolveLink } from "./book.js";

/** Where a file of the repository that is not a page of the site can be read. */
const REPOSITORY = "https://github.com/cordboard/cordboard/blob/main/";

/** The deepest heading in a page's table of contents. */
const CONTENTS_LEVEL_MAX = 3;

const OUT = fileURLToPath(new URL("../dist/docs", import.meta.url));

const parts = readSummary();
const entries = parts.flatMap(({ pages }) => pages);

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
copyFileSync(new URL("docs.css", import.meta.url), join(OUT, "docs.css"));
entries.forEach(write);

function write(entry, index) {
  const page = readPage(`${DOCS}/${entry.path}`);
  const target = join(OUT, fileOf(entry.path));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, document(entry, page, entries[index - 1], entries[index + 1]));
  for (const { href } of linksOf(page)) copyAsset(page, href);
}

/** Copies what a page shows and is not a page: pictures. */
function copyAsset(page, href) {
  const target = resolveLink(page, href);
  if (target === undefined || !isAsset(target.path)) return;
  const to = join(OUT, posix.relative(DOCS, target.path));
  mkdirSync(dirname(to), { recursive: true });
  cpSync(join(ROOT, target.path), to);
}

function isAsset(path) {
  return path.startsWith(`${DOCS}/`) && /\.(png|svg)$/.test(path);
}

function fileOf(path) {
  return path.replace(/\.md$/, ".html");
}

/** The address of another page of the site, from this one. */
function addressOf(entry, other) {
  return posix.relative(dirname(entry.path), fileOf(other.path)) || posix.basename(fileOf(other.path));
}

/** The address of a link on the site. */
function siteLink(entry, page, href) {
  const target = resolveLink(page, href);
  if (target === undefined) return href;
  const anchor = target.anchor === "" ? "" : `#${target.anchor}`;
  const path = posix.relative(DOCS, target.path);
  const other = entries.find((one) => one.path === path);
  if (other !== undefined) return target.path === page.path ? anchor : addressOf(entry, other) + anchor;
  return isAsset(target.path) && existsSync(join(ROOT, target.path))
    ? href
    : REPOSITORY + target.path + anchor;
}

function body(entry, page) {
  const renderer = {
    heading({ tokens, depth, id }) {
      const text = this.parser.parseInline(tokens);
      const link = `<a class="here" href="#${id}" aria-label="Link to this section">#</a>`;
      return `<h${depth} id="${id}">${text}${depth === 1 ? "" : ` ${link}`}</h${depth}>\n`;
    },
    link({ href, tokens }) {
      return `<a href="${escaped(siteLink(entry, page, href))}">${this.parser.parseInline(tokens)}</a>`;
    },
    image({ href, text }) {
      return `<img src="${escaped(siteLink(entry, page, href))}" alt="${escaped(text)}" loading="lazy">`;
    },
  };
  const html = new Marked({ renderer }).parser(page.tokens);
  // A wide table or line of code scrolls by itself; the keyboard can reach it. A row of empty headings is left out.
  return html
    .replace(/<thead>\s*<tr>\s*(<th><\/th>\s*)+<\/tr>\s*<\/thead>/g, "")
    .replace(/<th><\/th>/g, "<td></td>")
    .replaceAll("<table>", '<div class="table" tabindex="0"><table>')
    .replaceAll("</table>", "</table></div>")
    .replaceAll("<pre>", '<pre tabindex="0">');
}

function document(entry, page, before, after) {
  const up = "../".repeat(entry.path.split("/").length - 1);
  const contents = pageContents(page);
  const small =
    contents === "" ? "" : `<details class="small"><summary>On this page</summary>${contents}</details>`;
  const wide = contents === "" ? "" : `<p>On this page</p>${contents}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(entry.title)} · Cordboard</title>
<link rel="stylesheet" href="${up}docs.css">
<link rel="icon" href="${up}../favicon.svg">
</head>
<body>
<header><a href="${up}index.html">Cordboard</a><a class="skip" href="#contents">Contents</a></header>
<main>
${small}
${body(entry, page)}
<nav class="along" aria-label="Neighboring pages">${along(entry, before, "← ")}${along(entry, after, "", " →")}</nav>
</main>
<nav id="contents" aria-label="All pages">${siteContents(entry)}</nav>
<aside aria-label="On this page">${wide}</aside>
</body>
</html>
`;
}

function along(entry, other, left, right = "") {
  return other === undefined
    ? "<span></span>"
    : `<a href="${addressOf(entry, other)}">${left}${escaped(other.title)}${right}</a>`;
}

function siteContents(entry) {
  const item = (other) => {
    const current = other === entry ? ' aria-current="page"' : "";
    return `<li><a href="${addressOf(entry, other)}"${current}>${escaped(other.title)}</a></li>`;
  };
  const part = ({ title, pages }) =>
    `${title === "" ? "" : `<p>${escaped(title)}</p>`}<ul>${pages.map(item).join("")}</ul>`;
  return parts.map(part).join("\n");
}

function pageContents({ headings }) {
  const shown = headings.filter(({ level }) => level > 1 && level <= CONTENTS_LEVEL_MAX);
  const item = ({ level, id, text }) =>
    `<li class="level-${level}"><a href="#${id}">${escaped(text)}</a></li>`;
  return shown.length < 2 ? "" : `<ul>${shown.map(item).join("")}</ul>`;
}

function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
