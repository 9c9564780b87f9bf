/** The documentation as data: the pages that docs/SUMMARY.md lists, their Markdown, headings and links. */

import { readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { lexer, walkTokens } from "marked";

/** The folder of the repository. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The folder of the pages, relative to the repository. */
export const DOCS = "docs";

const SUMMARY = join(ROOT, DOCS, "SUMMARY.md");

/** An entry of the summary: `- [title](path.md)`, or a part: `# title`. */
const ENTRY = /^\s*(?:[-*] )?\[(?<title>[^\]]+)\]\((?<path>[^)]+\.md)\)\s*$|^# (?<part>.+)$/;

/** Reads the summary: parts with their pages, in order. Pages in front of the first part have a part without a title. */
export function readSummary() {
  const parts = [{ title: "", pages: [] }];
  for (const line of readFileSync(SUMMARY, "utf8").split("\n").slice(1)) {
    const { title, path, part } = ENTRY.exec(line)?.groups ?? {};
    if (part !== undefined) parts.push({ title: part, pages: [] });
    if (path !== undefined) parts.at(-1).pages.push({ title, path });
  }
  return parts.filter(({ pages }) => pages.length > 0);
}

/** Reads a Markdown file of the repository: its tokens and its headings. `path` is relative to the repository. */
export function readPage(path) {
  const text = readFileSync(join(ROOT, path), "utf8");
  const tokens = lexer(text);
  const headings = [];
  const seen = new Map();
  walkTokens(tokens, (token) => {
    if (token.type !== "heading") return;
    token.id = unique(slug(plain(token)), seen);
    headings.push({ level: token.depth, id: token.id, text: plain(token) });
  });
  return { path, text, tokens, headings };
}

/** Returns the links and images of a page: the address as it is written, and the line that has it. */
export function linksOf(page) {
  const links = [];
  walkTokens(page.tokens, (token) => {
    if (token.type === "link" || token.type === "image") links.push(token.href);
  });
  return links.map((href) => ({ href, line: lineOf(page.text, href) }));
}

/** Resolves an address in a page: the file, relative to the repository, and the anchor. `undefined` for an address with a scheme. */
export function resolveLink(page, href) {
  if (/^[a-z][a-z0-9+.-]*:/i.test(href)) return undefined;
  const [path, anchor = ""] = href.split("#");
  return { path: path === "" ? page.path : posix.join(dirname(page.path), path), anchor };
}

/** The text of a token without its marks. */
function plain(token) {
  if (token.tokens === undefined) return unescaped(token.text ?? "");
  return token.tokens.map(plain).join("");
}

/** Marked escapes nothing in the text of code spans; of other text it keeps entities as they are written. */
function unescaped(text) {
  return text
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&");
}

/** The anchor of a heading, as GitHub and mdBook make it. */
function slug(text) {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

function unique(id, seen) {
  const count = seen.get(id) ?? 0;
  seen.set(id, count + 1);
  return count === 0 ? id : `${id}-${count}`;
}

function lineOf(text, href) {
  const at = text.indexOf(`(${href}`);
  return at < 0 ? 1 : text.slice(0, at).split("\n").length;
}
