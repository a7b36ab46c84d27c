import { exists } from "@std/fs";
import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { listPagePaths } from "../../checks/mod.ts";
import { ROOMS } from "../../lint.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Read a page of the checkout. */
async function readPage(path: string): Promise<string> {
  return await Deno.readTextFile(`${ROOT}${path}`);
}

Deno.test("docs/ARCHITECTURE.md lists every room of lint.ts, after those that it imports", async () => {
  const [, house = ""] = (await readPage("docs/ARCHITECTURE.md")).split("\n## ");
  const listed = [...house.matchAll(/^- `(\w+)`:/gm)].map(([, room]) => room!);
  assertEquals(listed.toSorted(), Object.keys(ROOMS).toSorted());
  for (const [index, room] of listed.entries()) {
    assertEquals(ROOMS[room]!.filter((other) => !listed.slice(0, index).includes(other)), [], room);
  }
});

async function* listSources(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* listSources(`${folder}/${name}`);
    else if (name.endsWith(".ts")) yield `${folder}/${name}`;
  }
}

Deno.test("docs/ARCHITECTURE.md names only source files that exist", async () => {
  const named = (await readPage("docs/ARCHITECTURE.md")).matchAll(/`([\w./-]+\.ts)`/g);
  const paths = ["/lint.ts"];
  for (const top of ["lib", "scripts", "checks", "tests"]) {
    for await (const path of listSources(`${ROOT}${top}`)) paths.push(path);
  }
  const missing = Array.from(named, ([, name]) => name!).filter((name) =>
    !paths.some((path) => path.endsWith(`/${name}`))
  );
  assertEquals(missing, []);
});

Deno.test("the documents name only files that exist", async () => {
  const missing = [];
  for (const page of (await listPagePaths()).filter((path) => path !== "CHANGELOG.md")) {
    for (
      const [, path] of (await readPage(page)).matchAll(
        /`((?:lib|scripts|checks|benchmarks|config|tests|std)\/[\w./-]+)`/g,
      )
    ) {
      if (!await exists(`${ROOT}${path}`)) missing.push(`${page}: ${path}`);
    }
  }
  assertEquals(missing, []);
});
