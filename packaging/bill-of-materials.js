// Writes what the program consists of: a CycloneDX document, and the texts of the licenses.
//
// Usage: node packaging/bill-of-materials.js TARGET SOURCE_DATE_EPOCH SBOM LICENSES
//
// Components are the crates that are linked into the program for the target, the npm packages in its pages, and the C libraries
// that crates contain. The same sources give the same bytes.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const program = 'cordboard';

/** C libraries: the crate that contains each, the header with its version, and its place among the names of vulnerabilities. */
const bundled = [
  {
    crate: 'libsqlite3-sys',
    name: 'sqlite',
    header: 'sqlite3/sqlite3.h',
    version: (text) => /#define SQLITE_VERSION\s+"([^"]+)"/.exec(text)?.[1],
    license: 'blessing',
    cpe: (version) => `cpe:2.3:a:sqlite:sqlite:${version}:*:*:*:*:*:*:*`,
  },
  {
    crate: 'libmimalloc-sys',
    name: 'mimalloc',
    header: 'c_src/mimalloc/v3/include/mimalloc.h',
    // 30302 is 3.3.2.
    version: (text) =>
      /#define MI_MALLOC_VERSION\s+(\d+)(\d\d)(\d\d)\s/.exec(text)?.slice(1).map(Number).join('.'),
    license: 'MIT',
  },
];

const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

function metadata(target) {
  const options = ['metadata', '--format-version', '1', '--locked', '--filter-platform', target];
  return JSON.parse(execFileSync('cargo', options, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 }));
}

/** The packages that are linked into the program, and for each the IDs of those that it uses. */
function linked({ packages, resolve }) {
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const named = new Map(packages.map((entry) => [entry.id, entry]));
  // A macro runs in the compiler. It is not in the program.
  const isMacro = (id) => named.get(id).targets.some((target) => target.kind.includes('proc-macro'));
  const uses = (id) =>
    nodes
      .get(id)
      .deps.filter((dep) => dep.dep_kinds.some(({ kind }) => kind === null) && !isMacro(dep.pkg))
      .map((dep) => dep.pkg);
  const first = packages.find((entry) => entry.name === program && entry.source === null).id;
  const found = new Map();
  for (const waiting = [first]; waiting.length > 0; ) {
    const id = waiting.pop();
    if (found.has(id)) continue;
    found.set(id, uses(id));
    waiting.push(...found.get(id));
  }
  return { first, found, named };
}

/** The checksums of Cargo.lock. */
function checksums() {
  const entry = /\[\[package\]\]\nname = "([^"]+)"\nversion = "([^"]+)"\nsource = "[^"]+"\nchecksum = "([^"]+)"/g;
  const text = readFileSync(join(root, 'Cargo.lock'), 'utf8');
  return new Map([...text.matchAll(entry)].map(([, name, version, sum]) => [`${name}@${version}`, sum]));
}

const crateRef = ({ name, version }) => `pkg:cargo/${name}@${version}`;
const licenses = (expression) => (expression ? [{ expression: expression.replaceAll('/', ' OR ') }] : undefined);

function crateComponent(entry, sums) {
  const sum = sums.get(`${entry.name}@${entry.version}`);
  return {
    type: 'library',
    'bom-ref': crateRef(entry),
    name: entry.name,
    version: entry.version,
    hashes: sum && [{ alg: 'SHA-256', content: sum }],
    licenses: licenses(entry.license),
    purl: entry.source === null ? undefined : crateRef(entry),
  };
}

/** The C libraries that the crates of the program contain. */
function bundledComponents(entries) {
  return bundled.flatMap(({ crate, name, header, version, license, cpe }) => {
    const entry = entries.find((entry) => entry.name === crate);
    if (entry === undefined) return [];
    const found = version(readFileSync(join(dirname(entry.manifest_path), header), 'utf8'));
    if (found === undefined) throw new Error(`${crate}: ${header} has no version of ${name}`);
    const component = { type: 'library', 'bom-ref': `${crateRef(entry)}#${name}`, name, version: found };
    return [{ ...component, licenses: licenses(license), cpe: cpe?.(found) }];
  });
}

/** The npm packages in the pages: those of the lock file that are not only for the build. */
function npmPackages() {
  const { packages } = JSON.parse(readFileSync(join(root, 'web/package-lock.json'), 'utf8'));
  const entries = Object.entries(packages).filter(([path, entry]) => path.startsWith('node_modules/') && !entry.link);
  const shipped = entries.filter(([, entry]) => !(entry.dev || entry.optional || entry.devOptional || entry.peer));
  return shipped.map(([path, entry]) => ({ ...entry, name: path.slice('node_modules/'.length), path: join(root, 'web', path) }));
}

function npmComponent({ name, version, license, integrity }) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const [algorithm, digest] = integrity?.split('-') ?? [];
  const content = digest && Buffer.from(digest, 'base64').toString('hex');
  const hashes = algorithm === 'sha512' ? [{ alg: 'SHA-512', content }] : undefined;
  return { type: 'library', 'bom-ref': purl, name, version, hashes, licenses: licenses(license), purl };
}

/** A UUID that depends on nothing but the text. */
function uuid(text) {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function document({ first, found, named }, npm, epoch) {
  const sums = checksums();
  const entries = [...found.keys()].map((id) => named.get(id));
  const main = { ...crateComponent(named.get(first), sums), type: 'application' };
  const crates = entries.filter((entry) => entry.id !== first).map((entry) => crateComponent(entry, sums));
  const inside = bundledComponents(entries);
  const pages = npm.map(npmComponent);
  const components = [...crates, ...inside, ...pages].sort((a, b) => byText(a['bom-ref'], b['bom-ref']));
  const dependencies = [...found].map(([id, uses]) => {
    const ref = crateRef(named.get(id));
    const own = inside.map((component) => component['bom-ref']).filter((inner) => inner.startsWith(`${ref}#`));
    const pagesOf = id === first ? pages.map((component) => component['bom-ref']) : [];
    const dependsOn = [...new Set([...uses.map((used) => crateRef(named.get(used))), ...own, ...pagesOf])].sort(byText);
    return { ref, dependsOn };
  });
  const content = { components, dependencies: dependencies.sort((a, b) => byText(a.ref, b.ref)) };
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: `urn:uuid:${uuid(JSON.stringify([main, content]))}`,
    version: 1,
    metadata: { timestamp: new Date(epoch * 1000).toISOString(), component: main },
    ...content,
  };
}

/** The texts of the licenses of a package, from its folder. */
function texts(folder) {
  const isLicense = (name) => /^(licen[cs]e|copying|copyright|notice|unlicense)/i.test(name);
  const files = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const names = files.filter((file) => file.isFile() && isLicense(file.name)).map((file) => file.name);
  return names.sort(byText).map((name) => readFileSync(join(folder, name), 'utf8').trim());
}

/** All licenses. Each text is written once, after the list of the packages that have it. */
function thirdParties({ found, named }, npm) {
  const crates = [...found.keys()].map((id) => named.get(id)).filter((entry) => entry.source !== null);
  const folders = crates.map((entry) => ({ ...entry, path: dirname(entry.manifest_path) }));
  const packages = [...folders, ...npm].sort((a, b) => byText(a.name, b.name) || byText(a.version, b.version));
  const list = packages.map(({ name, version, license }) => `${name} ${version}: ${license ?? 'see its text'}`);
  const users = new Map();
  for (const { name, version, path } of packages) {
    for (const text of texts(path)) users.set(text, [...(users.get(text) ?? []), `${name} ${version}`]);
  }
  const written = [...users].map(([text, names]) => `${'='.repeat(80)}\n${names.join(', ')}\n\n${text}\n`);
  return `Libraries in the program cordboard, and their licenses.\n\n${list.join('\n')}\n\n${written.join('\n')}`;
}

const [target, epoch, bom, notices] = process.argv.slice(2);
const parts = linked(metadata(target));
const npm = npmPackages();
writeFileSync(bom, `${JSON.stringify(document(parts, npm, Number(epoch)), null, 1)}\n`);
writeFileSync(notices, thirdParties(parts, npm));
