// Compresses what was built, so that the server has nothing to do, and fails when the first load has grown too large.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** The most that a first visit may load, compressed. Bytes. */
const FIRST_LOAD_BYTES_MAX = 300_000;

/** Smaller files gain nothing. Bytes. */
const WORTH_BYTES_MIN = 512;

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const text = new Set([".html", ".js", ".css", ".svg", ".webmanifest"]);
let total = 0;
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (!entry.isFile() || entry.name.startsWith(".")) continue;
  total += compress(path);
}

function compress(path) {
  const plain = readFileSync(path);
  if (!text.has(extname(path)) || plain.length < WORTH_BYTES_MIN) return plain.length;
  const brotli = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  writeFileSync(`${path}.br`, brotli);
  const gzip = gzipSync(plain, { level: 9 });
  writeFileSync(`${path}.gz`, gzip);
  return gzip.length;
}

console.log(`everything together, compressed by gzip: ${(total / 1000).toFixed(1)} KB`);
if (total > FIRST_LOAD_BYTES_MAX) {
  console.error(`that is more than ${FIRST_LOAD_BYTES_MAX / 1000} KB`);
  process.exitCode = 1;
}
