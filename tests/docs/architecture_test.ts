import { exists } from "@std/fs";
import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { listPagePaths } from "../../checks/mod.ts";
import { ROOMS } from "../../lint.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PAGES = ["docs/ARCHITECTURE.md", "docs/ja/ARCHITECTURE.md"];
const ROW = /^\| (\d) +\| `(\w+)` +\| (.*?) +\| ([^|]+?) +\|$/gm;
/** What stands in place of the imports of a room that has none, in English and in Japanese. */
const NO_IMPORTS = ["nothing", "the platform only", "なし", "プラットフォームのみ"];
const LIST = /, |、/;

/** The rooms of the table of a page, with their floors, what is in them, and what they may import. */
async function readTable(page: string) {
  const text = await Deno.readTextFile(`${ROOT}${page}`);
  return [...text.matchAll(ROW)].map(([, floor, room, content, imports]) => ({
    floor: Number(floor),
    room: room!,
    content: content!,
    imports: NO_IMPORTS.includes(imports!) ? [] : imports!.split(LIST),
  }));
}

async function readGuides(): Promise<readonly (readonly [string, string])[]> {
  const names = (await listPagePaths()).filter((name) => name !== "CHANGELOG.md");
  return await Promise.all(names.map(async (name) => [name, await Deno.readTextFile(`${ROOT}${name}`)] as const));
}

for (const page of PAGES) {
  Deno.test(`${page} lists the rooms and their imports as lint.ts does`, async () => {
    const table = await readTable(page);
    const told = table.map(({ room, imports }) => [room, imports.toSorted()] as const);
    const linted = Object.entries(ROOMS).map(([room, imports]) => [room, [...imports].toSorted()] as const);
    assertEquals(Object.fromEntries(told), Object.fromEntries(linted));
  });

  Deno.test(`${page} orders every room above the rooms that it imports`, async () => {
    const table = await readTable(page);
    const floors = new Map(table.map(({ room, floor }) => [room, floor]));
    for (const { room, floor, imports } of table) {
      for (const other of imports) assert(floors.get(other)! < floor, `${room} imports ${other}`);
    }
  });

  Deno.test(`${page} names every folder of every room`, async () => {
    const missing = [];
    for (const { room, content } of await readTable(page)) {
      for await (const { name, isDirectory } of Deno.readDir(`${ROOT}lib/${room}`)) {
        if (isDirectory && !content.includes(`\`${name}/\``)) missing.push(`lib/${room}/${name}`);
      }
    }
    assertEquals(missing, []);
  });
}

/** The npm packages of an import map, and what imports them: rooms of lib/, or packages of std/. */
async function readPackageUsers(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const users = new Map<string, Set<string>>();
  for (const top of ["lib", "std"]) {
    for await (const path of listSources(`${ROOT}${top}`)) {
      const [, room] = path.slice(ROOT.length).split("/");
      // A type alone is not loaded.
      const imports = (await Deno.readTextFile(path)).matchAll(
        /^(?:import|export)(?! type)[^;]*?from "(?:npm:)?([a-z@][^"$]*)"|\bimport\("(?:npm:)?([a-z@][^"$]*)"\)/gm,
      );
      for (const [, still, lazy] of imports) {
        const [, name] = /^((?:@[^/]+\/)?[^/@]+)/.exec(still ?? lazy!)!;
        if (/^(node:|jsr:|@std\/|@civitai-dl\/)/.test(still ?? lazy!)) continue;
        const user = top === "std" ? `std/${room}` : room!;
        users.set(name!, (users.get(name!) ?? new Set()).add(user));
      }
    }
  }
  return users;
}

async function* listSources(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* listSources(`${folder}/${name}`);
    else if (name.endsWith(".ts")) yield `${folder}/${name}`;
  }
}

for (const page of PAGES) {
  Deno.test(`${page} lists the npm packages and the rooms that use them`, async () => {
    const text = await Deno.readTextFile(`${ROOT}${page}`);
    const listed = [...text.matchAll(/^\| `([^`]+)` +\| ((?:`[^`]+`(?:, |、)?)+) +\|/gm)].map(([, name, users]) =>
      [name!, [...users!.matchAll(/`([^`]+)`/g)].map(([, user]) => user!).toSorted()] as const
    );
    const used = [...await readPackageUsers()].map(([name, users]) => [name, [...users].toSorted()] as const);
    assertEquals(Object.fromEntries(listed), Object.fromEntries(used));
  });
}

/** The source files that a page names, by the end of their path, such as `part/extents.ts`. */
async function readNamedFiles(page: string): Promise<ReadonlySet<string>> {
  const text = await Deno.readTextFile(`${ROOT}${page}`);
  return new Set([...text.matchAll(/`([\w./-]+\.ts)`/g)].map(([, name]) => name!));
}

Deno.test("both editions of ARCHITECTURE.md name the same source files, and all of them exist", async () => {
  const [english, japanese] = await Promise.all(PAGES.map(readNamedFiles));
  assertEquals(japanese, english);
  const paths = ["/lint.ts"];
  for (const top of ["lib", "scripts", "checks", "tests"]) {
    for await (const path of listSources(`${ROOT}${top}`)) paths.push(path);
  }
  assertEquals([...english!].filter((name) => !paths.some((path) => path.endsWith(`/${name}`))), []);
});

Deno.test("the documents name only files that exist", async () => {
  const missing = [];
  for (const [name, text] of await readGuides()) {
    for (const [, path] of text.matchAll(/`((?:lib|scripts|checks|benchmarks|config|tests|std)\/[\w./-]+)`/g)) {
      if (!await exists(`${ROOT}${path}`)) missing.push(`${name}: ${path}`);
    }
  }
  assertEquals(missing, []);
});
