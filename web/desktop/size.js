// Compresses what was built, so that the server has nothing to do, and fails when a page's first load has grown too large.

import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** The most that a first visit may load, compressed by gzip. Bytes. */
const FIRST_LOAD_BYTES_MAX = 300_000;

/** Smaller files gain nothing. Bytes. */
const WORTH_BYTES_MIN = 512;

const TEXT = new Set([".html", ".js", ".css", ".svg", ".webmanifest"]);

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const files = readdirSync(dist, { recursive: true }).filter((name) => statSync(join(dist, name)).isFile());
const sizes = new Map(files.filter((name) => TEXT.has(extname(name))).map((name) => [name, compress(name)]));

/** The documentation has no scripts, so its pages are only compressed. */
const pages = files.filter((name) => extname(name) === ".html" && !name.startsWith("docs/"));
pages.forEach(report);

/** Leaves a file in both encodings beside it; says how large it is by gzip, which every browser takes. */
function compress(name) {
  const plain = readFileSync(join(dist, name));
  if (plain.length < WORTH_BYTES_MIN) return plain.length;
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  const gzip = gzipSync(plain, { level: 9 });
  writeFileSync(join(dist, `${name}.br`), brotliCompressSync(plain, brotli));
  writeFileSync(join(dist, `${name}.gz`), gzip);
  return gzip.length;
}

/** A page with every file that it names. */
function report(page) {
  const html = readFileSync(join(dist, page), "utf8");
  const named = [...sizes].filter(([name]) => name === page || html.includes(`/${name}"`));
  const bytes = named.reduce((sum, [, size]) => sum + size, 0);
  console.log(`${page}: first load ${(bytes / 1000).toFixed(1)} KB`);
  if (bytes <= FIRST_LOAD_BYTES_MAX) return;
  console.error(`${page}: more than ${FIRST_LOAD_BYTES_MAX / 1000} KB`);
  process.exitCode = 1;
}
