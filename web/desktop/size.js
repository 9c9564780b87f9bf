// Compresses the built files, so that the server does not have to, and fails if the first load of a page is too large.

import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** The largest allowed first load of a page, compressed by gzip. Bytes. */
const FIRST_LOAD_BYTES_MAX = 300_000;

/** Smaller files are not compressed. Bytes. */
const COMPRESS_BYTES_MIN = 512;

const TEXT = new Set([".html", ".js", ".css", ".svg", ".webmanifest"]);

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const files = readdirSync(dist, { recursive: true }).filter((name) => statSync(join(dist, name)).isFile());
const sizes = new Map(files.filter((name) => TEXT.has(extname(name))).map((name) => [name, compress(name)]));

/** The documentation has no scripts, so its pages are only compressed. */
const pages = files.filter((name) => extname(name) === ".html" && !name.startsWith("docs/"));
pages.forEach(report);

/** Writes a Brotli and a gzip version beside the file. Returns the gzip size, because every browser supports gzip. */
function compress(name) {
  const plain = readFileSync(join(dist, name));
  if (plain.length < COMPRESS_BYTES_MIN) return plain.length;
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  const gzip = gzipSync(plain, { level: 9 });
  writeFileSync(join(dist, `${name}.br`), brotliCompressSync(plain, brotli));
  writeFileSync(join(dist, `${name}.gz`), gzip);
  return gzip.length;
}

/** Prints the size of a page with all files that it loads. */
function report(page) {
  const html = readFileSync(join(dist, page), "utf8");
  const named = [...sizes].filter(([name]) => name === page || html.includes(`/${name}"`));
  const bytes = named.reduce((sum, [, size]) => sum + size, 0);
  console.log(`${page}: first load ${(bytes / 1000).toFixed(1)} KB`);
  if (bytes <= FIRST_LOAD_BYTES_MAX) return;
  console.error(`${page}: more than ${FIRST_LOAD_BYTES_MAX / 1000} KB`);
  process.exitCode = 1;
}
