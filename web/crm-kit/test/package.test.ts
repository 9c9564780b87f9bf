import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const KIT = fileURLToPath(new URL("..", import.meta.url));
const TSC = fileURLToPath(new URL("../../node_modules/.bin/tsc", import.meta.url));

const NAME = "@cordboard/crm-kit";

const folder = mkdtempSync(join(tmpdir(), "crm-kit-"));
const installed = join(folder, "node_modules", NAME);

/** Packs the kit and installs it in an empty folder, as `npm install` does with the file. */
beforeAll(() => {
  execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: KIT });
  const [packed = ""] = readdirSync(folder).filter((file) => file.endsWith(".tgz"));
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(folder, packed), "--strip-components=1", "-C", installed]);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

describe("the package", () => {
  it("has everything that a page needs", async () => {
    expect(readdirSync(installed).sort()).toEqual(["LICENSE", "README.md", "dist", "package.json"]);
    const { dependencies = {} } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    expect(dependencies).toEqual({});
    const { embed } = await import(pathToFileURL(join(installed, "dist/index.js")).href);
    expect(embed).toBeTypeOf("function");
  });

  it("has types that a strict program accepts", () => {
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(
      join(folder, "page.ts"),
      `import { embed, type Connector, type EmbedOptions } from "${NAME}";
       const user = { id: 7, name: "Ann", username: "ann" };
       const options: EmbedOptions = { url: "https://hub.example/connector/", into: document.body, name: "CRM", user };
       const connector: Connector = embed({ ...options, signIn: async () => "token", onScreenPop: ({ numbers }) => console.log(numbers[0]) });
       connector.close();
       // @ts-expect-error: a number is not an address
       embed({ ...options, url: 7 });`,
    );
    const flags = [
      "--strict",
      "--noEmit",
      "--module",
      "nodenext",
      "--target",
      "es2023",
      "--lib",
      "es2023,dom",
    ];
    execFileSync(TSC, [...flags, "page.ts"], { cwd: folder, stdio: "pipe" });
  }, 60_000);
});

describe("the README", () => {
  const readme = readFileSync(join(KIT, "README.md"), "utf8");

  /** The members of an interface. */
  function members(file: string, name: string): readonly string[] {
    const source = readFileSync(join(KIT, "src", file), "utf8");
    const [, body = ""] = new RegExp(`export interface ${name} \\{\n([\\s\\S]*?)\n\\}`).exec(source) ?? [];
    return [...body.matchAll(/^ {2}(?:readonly )?(\w+)/gm)].map(([, member = ""]) => member);
  }

  it("lists every option, every method and every section of the settings", () => {
    const listed = [
      ...members("embed.ts", "EmbedOptions"),
      ...members("embed.ts", "Connector"),
      ...members("types.ts", "Settings"),
    ];
    expect(listed.length).toBeGreaterThan(25);
    expect(listed.filter((name) => !readme.includes(`\n| \`${name}`))).toEqual([]);
  });
});
