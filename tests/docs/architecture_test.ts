import { exists, walk } from "@std/fs";
import { assert, assertEquals } from "@std/assert";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOMS } from "../../lint.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const GUIDES = ["README.md", "README.ja.md", "CONTRIBUTING.md", "SECURITY.md", "docs"];
const ROW = /^\| (\d) +\| `(\w+)` +\| .*?\| ([^|]+?) +\|$/gm;

/** The rooms of the table, with their floors and what they may import. */
async function readTable() {
  const text = await Deno.readTextFile(`${ROOT}docs/ARCHITECTURE.md`);
  return [...text.matchAll(ROW)].map(([, floor, room, imports]) => ({
    floor: Number(floor),
    room: room!,
    imports: /^(nothing|the platform only)$/.test(imports!) ? [] : imports!.split(", "),
  }));
}

async function readGuides(): Promise<readonly (readonly [string, string])[]> {
  const names = [];
  for (const guide of GUIDES) {
    if (guide.endsWith(".md")) names.push(guide);
    else {
      for await (const { path } of walk(`${ROOT}${guide}`, { exts: [".md"], includeDirs: false })) {
        names.push(relative(ROOT, path));
      }
    }
  }
  return await Promise.all(names.map(async (name) => [name, await Deno.readTextFile(`${ROOT}${name}`)] as const));
}

Deno.test("ARCHITECTURE.md lists the rooms and their imports as lint.ts does", async () => {
  const table = await readTable();
  const told = table.map(({ room, imports }) => [room, imports.toSorted()] as const);
  const linted = Object.entries(ROOMS).map(([room, imports]) => [room, [...imports].toSorted()] as const);
  assertEquals(Object.fromEntries(told), Object.fromEntries(linted));
});

Deno.test("ARCHITECTURE.md orders every room above the rooms that it imports", async () => {
  const table = await readTable();
  const floors = new Map(table.map(({ room, floor }) => [room, floor]));
  for (const { room, floor, imports } of table) {
    for (const other of imports) assert(floors.get(other)! < floor, `${room} imports ${other}`);
  }
});

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

Deno.test("ARCHITECTURE.md lists the npm packages and the rooms that use them", async () => {
  const text = (await Deno.readTextFile(`${ROOT}docs/ARCHITECTURE.md`)).split("## Dependencies")[1]!.split(
    "## `@std`",
  )[0]!;
  const listed = [...text.matchAll(/^\| `([^`]+)` +\| ((?:`[^`]+`(?:, )?)+) +\|/gm)].map(([, name, users]) =>
    [name!, [...users!.matchAll(/`([^`]+)`/g)].map(([, user]) => user!).toSorted()] as const
  );
  const used = [...await readPackageUsers()].map(([name, users]) => [name, [...users].toSorted()] as const);
  assertEquals(Object.fromEntries(listed), Object.fromEntries(used));
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
