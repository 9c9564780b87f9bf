/** Package boundaries: a file may import its own package, and the `exports` of packages that it depends on. */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

export interface Package {
  readonly name: string;
  readonly folder: string;
  /** The paths that others may import, such as `.`; an app has none. */
  readonly exports: readonly string[];
  readonly dependencies: readonly string[];
}

const SCOPE = "@cordboard/";
const SKIPPED = new Set(["node_modules", "dist"]);
const IMPORT = /(?:\bfrom|\bimport|@import)\s*\(?\s*["']([^"']+)["']/g;

/** The packages of the workspace. */
export function readPackages(root: string): readonly Package[] {
  const { workspaces } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return workspaces.map((name: string) => {
    const folder = join(root, name);
    const read = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const { exports: shown, dependencies = {} } = read;
    const paths = shown === undefined ? [] : typeof shown === "string" ? ["."] : Object.keys(shown);
    return { name: read.name, folder, exports: paths, dependencies: Object.keys(dependencies) };
  });
}

/** The files of a package that can have imports. */
export function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : filesOf(path);
    return /\.(tsx?|js|css)$/.test(entry.name) && !entry.name.endsWith(".d.ts") ? [path] : [];
  });
}

/** The forbidden imports of a file, each with the reason. */
export function faultsOf(
  file: string,
  text: string,
  own: Package,
  all: readonly Package[],
): readonly string[] {
  return [...text.matchAll(IMPORT)].flatMap(([, path = ""]) => {
    const why = faultOf(file, path, own, all);
    return why === undefined ? [] : [`${relative(dirname(own.folder), file)} imports ${path}: ${why}`];
  });
}

function faultOf(file: string, path: string, own: Package, all: readonly Package[]): string | undefined {
  if (path.startsWith(".")) {
    const inside = resolve(dirname(file), path).startsWith(`${own.folder}/`);
    return inside ? undefined : "the file is outside of the package";
  }
  if (!path.startsWith(SCOPE)) return undefined;
  const [scope, folder, ...rest] = path.split("/");
  const name = `${scope}/${folder}`;
  const target = all.find((one) => one.name === name);
  if (!target) return "there is no such package";
  if (!own.dependencies.includes(name)) return `${name} is not among the package's dependencies`;
  const subpath = [".", ...rest].join("/");
  return target.exports.includes(subpath) ? undefined : `${name} does not export it`;
}
