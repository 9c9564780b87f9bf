import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { faultsOf, filesOf, type Package, readPackages } from "./boundaries.ts";

const packages = readPackages(new URL("..", import.meta.url).pathname.replace(/\/$/, ""));

describe("the packages", () => {
  it.each(packages)("$name imports only exports of its dependencies", (own) => {
    const faults = filesOf(own.folder).flatMap((file) =>
      faultsOf(file, readFileSync(file, "utf8"), own, packages),
    );
    expect(faults).toEqual([]);
  });

  it.each(packages.filter((one) => one.exports.length > 0))("$name lists each export by name", (own) => {
    expect(own.exports.filter((path) => path.includes("*"))).toEqual([]);
    const index = readFileSync(join(own.folder, "src/index.ts"), "utf8");
    expect(index).not.toMatch(/export (type )?\*/);
  });
});

describe("a package", () => {
  const ui: Package = {
    name: "@cordboard/ui",
    folder: "/web/ui",
    exports: [".", "./styles.css"],
    dependencies: [],
  };
  const app: Package = {
    name: "@cordboard/app",
    folder: "/web/app",
    exports: [],
    dependencies: ["@cordboard/ui"],
  };
  const other: Package = {
    name: "@cordboard/other",
    folder: "/web/other",
    exports: [],
    dependencies: ["@cordboard/app"],
  };
  const faults = (own: Package, text: string, file = "src/main.ts") =>
    faultsOf(`${own.folder}/${file}`, text, own, [ui, app, other]);

  it("can import exports of dependencies, and its own files", () => {
    const text =
      'import { Button } from "@cordboard/ui";\nimport "./styles.css";\nimport { a } from "../test/a.ts";';
    expect(faults(app, text)).toEqual([]);
    expect(faults(app, '@import "@cordboard/ui/styles.css";', "src/styles.css")).toEqual([]);
    expect(faults(app, 'import { h } from "preact";\nconst later = await import("./later.ts");')).toEqual([]);
  });

  it.each([
    [app, 'import { Button } from "@cordboard/ui/src/button.tsx";', "@cordboard/ui does not export it"],
    [app, 'const button = import("../../ui/src/button.tsx");', "the file is outside of the package"],
    [app, '@import "@cordboard/ui/src/tokens.css";', "@cordboard/ui does not export it"],
    [app, 'export * from "@cordboard/gone";', "there is no such package"],
    [ui, 'import { App } from "@cordboard/app";', "@cordboard/app is not among the package's dependencies"],
    [other, 'import { App } from "@cordboard/app";', "@cordboard/app does not export it"],
  ])("cannot import internals of another package (%#)", (own, text, why) => {
    expect(faults(own, text)).toEqual([expect.stringMatching(new RegExp(`: ${why}$`))]);
  });
});
