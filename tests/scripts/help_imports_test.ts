import { assert, assertEquals } from "@std/assert";
import { importsOf } from "../helpers/imports_of.ts";

// The frame alone has some hundred modules; with the engine there were 550, and help took twice as long.
for (const entry of ["cli.ts", "scripts/download.ts", "scripts/update.ts"]) {
  Deno.test(`${entry} imports only base and cli before a command runs`, async () => {
    const loaded = await importsOf([entry], { follows: ({ isDynamic }) => !isDynamic });
    assert(loaded.includes("scripts/_frame/run_script.ts") && loaded.includes("lib/cli/mod.ts"), loaded.join("\n"));
    const rooms = new Set(loaded.flatMap((path) => /^lib\/([^/]+)/.exec(path)?.[1] ?? []));
    assertEquals([...rooms].sort(), ["base", "cli"]);
    assert(!loaded.includes("std/yaml/mod.ts"), "a run without a configuration needs no YAML");
  });

  // Even node:path brings fifty modules, and node:fs a hundred: together they took half of the time of help.
  Deno.test(`${entry} imports no module of Node before a command runs`, async () => {
    const loaded = await importsOf([entry], { follows: ({ isDynamic }) => !isDynamic });
    const texts = await Promise.all(loaded.map((path) => Deno.readTextFile(new URL(`../../${path}`, import.meta.url))));
    const modules = texts.flatMap((text) => [...text.matchAll(/^(?:im|ex)port (?!type\b).*"(node:.+)";$/gm)]);
    assertEquals([...new Set(modules.map(([, name]) => name))], []);
  });
}

// With the rooms of paired-stability, gate, checks and ok had a thousand modules, and took twice as long to begin.
Deno.test("scripts/gate.ts does not import the engine before it runs", async () => {
  const loaded = await importsOf(["scripts/gate.ts"], { follows: ({ isDynamic }) => !isDynamic });
  assert(loaded.includes("checks/phase/judge_phase.ts"), loaded.join("\n"));
  assertEquals(loaded.filter((path) => /^lib\/(?:downloader|library|transfer|sandbox)\//.test(path)), []);
});
