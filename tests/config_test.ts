/**
 * The three configuration files say the same: Deno reads `deno.json`, npm and Bun read `package.json`, Bun resolves
 * the `@std` names by `tsconfig.json`.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_ROOT } from "./support/runtimes.ts";
import { assert, assertEquals, assertMatch, describe, it } from "./support/test_api.ts";

interface DenoConfig {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly exports: string;
  readonly imports: Readonly<Record<string, string>>;
  readonly compilerOptions: Readonly<Record<string, boolean>>;
  readonly tasks: Readonly<Record<string, string>>;
}

interface PackageConfig {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly exports: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

interface TypeScriptConfig {
  readonly compilerOptions: Readonly<Record<string, unknown>> & { readonly paths: Record<string, string[]> };
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(join(PROJECT_ROOT, name), "utf8"));
}

const DENO = read<DenoConfig>("deno.json");
const PACKAGE = read<PackageConfig>("package.json");
const TYPESCRIPT = read<TypeScriptConfig>("tsconfig.json");
const INSTALLED = { ...PACKAGE.dependencies, ...PACKAGE.devDependencies };
const LOCAL = Object.entries(DENO.imports).filter(([, target]) => target.startsWith("./"));
const NPM = Object.values(DENO.imports).filter((target) => target.startsWith("npm:"));

/** Takes `npm:/name@version/` apart. */
function nameAndVersion(target: string): [name: string, version: string] {
  const [, name = "", version = ""] = /^npm:\/?(@?[^@]+)@([^/]+)\/?$/.exec(target) ?? [];
  return [name, version];
}

describe("deno.json and package.json", () => {
  it("name the same project", () => {
    const project = (
      { name, version, license, exports }: DenoConfig | PackageConfig,
    ) => [name, version, license, exports];
    assertEquals(project(PACKAGE), project(DENO));
  });

  it("name the same versions, all exact", () => {
    assert(NPM.length >= 5);
    for (const target of NPM) {
      const [name, version] = nameAndVersion(target);
      assertEquals(INSTALLED[name], version, `${name} in package.json`);
    }
    for (const version of Object.values(INSTALLED)) assertMatch(version, /^\d+\.\d+\.\d+$/);
  });

  it("list each package that runs as a dependency of the import map too", () => {
    const mapped = NPM.map((target) => nameAndVersion(target)[0]);
    assertEquals(Object.keys(PACKAGE.dependencies).filter((name) => !mapped.includes(name)), []);
  });

  it("do not install Deno, whose own install cannot resolve it", () => {
    assertEquals(Object.keys(INSTALLED).includes("deno"), false);
  });
});

describe("deno.json and tsconfig.json", () => {
  it("map the same names to the same files, which exist", () => {
    assertEquals(TYPESCRIPT.compilerOptions.paths, Object.fromEntries(LOCAL.map(([name, file]) => [name, [file]])));
    for (const [, file] of LOCAL) assert(existsSync(join(PROJECT_ROOT, file)), file);
  });

  it("are equally strict", () => {
    for (const [option, value] of Object.entries(DENO.compilerOptions)) {
      assertEquals(TYPESCRIPT.compilerOptions[option], value, option);
    }
  });
});

describe("deno.lock", () => {
  it("holds what package.json asks for", () => {
    const lock = read<{ workspace: { packageJson: { dependencies: string[] } } }>("deno.lock");
    const asked = Object.entries(INSTALLED).map(([name, version]) => `npm:${name}@${version}`);
    assertEquals(lock.workspace.packageJson.dependencies.toSorted(), asked.toSorted());
  });
});

describe(".ci/run", () => {
  it("runs the command of the README, of the same Deno", () => {
    const script = readFileSync(join(PROJECT_ROOT, ".ci/run"), "utf8");
    assertMatch(script, /^exec npx -y deno@2\.9\.6 task test$/m);
    assertEquals(typeof DENO.tasks["test"], "string");
  });
});
