import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { type Bench, withBench } from "../helpers/library/download_bench.ts";
import { flip, keep, put } from "../helpers/library/kept_library.ts";
import { pictureBytes } from "../helpers/library/picture_bench.ts";
import { MemoryIo } from "../../lib/cli/mod.ts";
import { readRuns } from "../../lib/library/mod.ts";
import { openLibrary } from "../../lib/downloader/mod.ts";
import { call, type Called } from "../helpers/call.ts";

/** A downloaded library that commands can open. */
function withKept(story: (kept: Kept) => Promise<void>): Promise<void> {
  return withBench({ fileBytes: { min: 4000, max: 9000 } }, async (bench) => {
    await bench.download();
    const { root, catalog } = bench.library;
    const paths = [...catalog.items({ kinds: ["file"] })].map((item) => join(root, item.path));
    bench.library[Symbol.dispose]();
    const { apiOrigin, token } = bench.sandbox;
    const network = ["--base-url", apiOrigin];
    await story({
      bench,
      paths,
      root,
      run: (...words) => call([...words, "-o", root], { env: { CIVITAI_API_KEY: token } }),
      online: (...words) => call([...words, "-o", root, ...network], { env: { CIVITAI_API_KEY: token } }),
    });
  });
}

interface Kept {
  readonly bench: Bench;
  readonly root: string;
  /** Absolute paths of the model files. */
  readonly paths: readonly string[];
  readonly run: (...words: readonly string[]) => Promise<Called>;
  /** Uses the sandbox as network. */
  readonly online: (...words: readonly string[]) => Promise<Called>;
}

Deno.test("verify passes a fresh download", () =>
  withKept(async ({ run }) => {
    const glance = await run("verify");
    assertEquals([glance.code, glance.out], [0, "3 files: 3 ok, 0 missing, 0 changed, 0 corrupt, 0 unverified\n"]);
    assertMatch((await run("verify", "--deep")).out, /3 ok.*; [\d.]+ KiB read/);
  }));

Deno.test("verify --deep detects a flipped byte and exits with 7; repair fixes it", () =>
  withKept(async ({ run, online, paths, bench, root }) => {
    const before = await Deno.readFile(paths[0]!);
    await flip(paths[0]!, 2000);
    assertEquals((await run("verify")).code, 0);
    const found = await run("verify", "--deep");
    assertEquals(found.code, 7);
    assertStringIncludes(found.err, "corrupt: ");
    assertStringIncludes(found.out, "Repair them with: civitai-dl repair");
    const mended = await online("repair");
    assertEquals(mended.code, 0, mended.err);
    assertMatch(mended.out, /^1 broken file: .* 0 still broken$/m);
    assertEquals(await Deno.readFile(paths[0]!), before);
    assertEquals((await run("verify", "--deep")).code, 0);
    assertEquals(
      (await online("repair")).out,
      `Nothing is marked as broken; civitai-dl verify --output ${root} --base-url ${bench.sandbox.apiOrigin} --deep ` +
        "reads every byte\n",
    );
    assertEquals(bench.sandbox.log.violations, []);
  }));

Deno.test("verify and repair record their runs in the library", () =>
  withKept(async ({ run, online, paths, root }) => {
    await Deno.remove(paths[1]!);
    const codes = [(await run("verify")).code, (await online("repair", "--reserve", "0")).code];
    codes.push((await run("verify", "--rebuild", "--offline")).code);
    assertEquals(codes, [7, 0, 0]);
    const runs = await readRuns(join(root, ".civitai-dl", "state"));
    assertEquals(runs.toReversed().map(({ command, exitCode, done, failed }) => [command, exitCode, done, failed]), [
      ["verify", 7, 2, 1],
      ["repair", 0, 1, 0],
      ["verify --rebuild", 0, 0, 0],
      ["verify", 0, 3, 0],
    ]);
    assertEquals(runs.at(-1)?.message?.startsWith("1 missing of 3 files: "), true);
  }));

Deno.test("verify lists missing and unknown files; repair fetches the missing ones", () =>
  withKept(async ({ run, online, paths, root }) => {
    await Deno.remove(paths[1]!);
    await Deno.writeTextFile(join(root, "unknown.safetensors"), "x");
    await Deno.writeTextFile(join(root, "half.bin.part"), "x");
    await Deno.writeTextFile(join(root, "left.civitai-dl.tmp"), "x");
    const found = await run("verify", "--json");
    const { verified } = JSON.parse(found.out);
    assertEquals([found.code, verified.counts.missing, verified.unknown.count], [7, 1, 1]);
    const text = await run("verify");
    assertMatch(text.out, /1 part .* to resume/);
    assertMatch(text.out, /1 left-over file that can be deleted: left/);
    assertMatch(text.out, /1 model file is not in the catalog: unknown/);
    assertMatch((await online("repair")).out, /1 fetched whole/);
    assert((await Deno.stat(paths[1]!)).isFile);
  }));

Deno.test("repair exits with the code of what prevents it", () =>
  withKept(async ({ run, online, paths, bench }) => {
    await Deno.remove(paths[0]!);
    await run("verify");
    bench.sandbox.setToxics([{ type: "serverError", status: 500, on: ["storage"] }]);
    const { code, out } = await online("repair", "--max-retries", "0", "--json");
    const { broken, failed } = JSON.parse(out);
    assertEquals([code, broken, failed[0].failure], [6, 1, "server"]);
  }));

Deno.test("verify --rebuild restores a lost catalog by sidecars and hashes, and says what is left", () =>
  withKept(async ({ run, online, root, paths, bench }) => {
    const catalog = join(root, ".civitai-dl", "catalog.db");
    await Deno.writeTextFile(catalog, "no database at all");
    assertEquals((await run("verify")).code, 7);
    await Deno.remove(paths[0]!.replace(/\.\w+$/, ".civitai.info"));
    const offline = await run("verify", "--rebuild", "--offline", "--base-url", "http://127.0.0.1:1");
    assertMatch(offline.out, /^Rebuilt: 2 of 3 model files, 2 from their sidecars, 1 unknown/);
    assertMatch(offline.out, /^1 model file is not in the catalog: models/m);
    assertEquals(offline.code, 0);
    assertMatch((await run("verify")).out, /^Find out what they are with: .* --rebuild$/m);
    await Deno.remove(catalog);
    bench.sandbox.setToxics([{ type: "serverError", status: 400, on: ["api"] }]);
    const cut = await online("verify", "--rebuild");
    assertEquals(cut.code, 6, cut.err);
    assertMatch(
      cut.err,
      /^warning: Cannot look up 1 hash: .*; going on without the API: only sidecars identify files$/m,
    );
    assertMatch(cut.out, /^Rebuilt: 2 of 3 model files, 2 from their sidecars, 0 unknown, 1 not looked up/);
    assertMatch(cut.out, /^Not looked up: models/m);
    assertMatch(cut.out, /^Finish it with: .* --rebuild \(with --offline/m);
    const unfinished = /the rebuild of the catalog is unfinished: 1 model file was not looked up/i;
    for (const verb of ["verify", "repair", "update"]) {
      const { code, out, err } = await run(verb);
      assertEquals(code, 7, verb);
      assertMatch(out + err, unfinished);
    }
    assertMatch((await run("list")).err, unfinished);
    bench.sandbox.setToxics([]);
    const whole = await online("verify", "--rebuild");
    assertMatch(
      whole.out,
      /^Rebuilt: 1 of 3 model files, 0 from their sidecars, 0 unknown, 2 already in the catalog\n/,
    );
    assertEquals([whole.code, (await run("verify")).code, (await run("list")).err], [0, 0, ""]);
    assertEquals((await call(["verify", "--rebuild", "-o", join(root, "none")])).code, 2);
  }));

Deno.test("verify --rebuild keeps an intact catalog with its pictures, adds what it lacks, and lists unknown files", () =>
  withKept(async ({ run, root }) => {
    const picture = await pictureBytes("still.png");
    {
      using library = await openLibrary(root, { command: "test" });
      const row = { key: "image:7", kind: "image", versionId: null, fileId: null, imageId: 7 } as const;
      await keep(library, 7, picture, { ...row, path: "images/quillmoth/7.png", hashes: {} });
      await put(library, "images/quillmoth/8.png", picture);
      await put(library, "mine/notes.doc", "my own");
      library.catalog.remove(library.catalog.items({ kinds: ["file"] }).next().value!.key);
    }
    const { out, code } = await run("verify", "--rebuild", "--offline");
    assertEquals(code, 0);
    assertMatch(out, /^Rebuilt: 1 of 4 model files, 1 from their sidecars, 1 unknown, 2 already in the catalog$/m);
    assertMatch(out, /^Unknown: mine\/notes\.doc$/m);
    assertMatch(out, /^1 picture \(189 B\) will be added to the catalog by the next download$/m);
    assertMatch(out, /^4 files: 4 ok/m);
    using library = await openLibrary(root, { command: "test" });
    assertEquals(library.catalog.item("image:7")?.state, "done");
  }));

Deno.test("verify reports that the catalog is missing, or empty beside files", () =>
  withKept(async ({ run, root }) => {
    await Deno.remove(join(root, ".civitai-dl", "catalog.db"));
    const gone = await run("verify");
    assertEquals([gone.code, gone.out], [7, ""]);
    assertStringIncludes(gone.err, "its catalog is gone");
    assertStringIncludes(gone.err, `civitai-dl verify --output ${root} --rebuild`);
    (await openLibrary(root, { command: "test" }))[Symbol.dispose]();
    const empty = await run("verify");
    assertEquals(empty.code, 7);
    assertMatch(empty.out, /^The catalog has none of the files: .*verify --output \S+ --rebuild$/m);
  }));

Deno.test("list prints rows and totals as text and JSON", () =>
  withKept(async ({ run }) => {
    const table = await run("list");
    assertMatch(table.out, /^STATE\tWHY\tSIZE\tMODEL\tVERSION\tFILE\tCREATOR\tNAME\tPATH\n/);
    assertMatch(table.out, /3 items: 3 done \([\d.]+ KiB\)\n$/);
    const { schema, items, totals } = JSON.parse((await run("list", "--json")).out);
    assertEquals([schema, items.length, totals.count], ["civitai-dl/list", 3, 3]);
    const one = JSON.parse((await run("list", "--json", "--limit", "1")).out);
    assertEquals([one.items.length, one.totals.count], [1, 3]);
    assertMatch((await run("list", "--limit", "1")).out, /; 1 shown, more with --limit\n$/);
    assertEquals((await run("list", "--state", "failed")).out, "0 items\n");
    assertEquals((await run("list", "no-such-word")).out, "0 items\n");
    assertEquals((await run("list", "--state", "lost")).code, 2);
  }));

Deno.test("list shortens paths only on a terminal", () =>
  withKept(async ({ run, root }) => {
    const { items } = JSON.parse((await run("list", "--json")).out);
    const paths: readonly string[] = items.map((item: { readonly path: string }) => item.path);
    assert(paths.every((path) => path.length > 40));
    const piped = (await run("list")).out;
    assertEquals(paths.filter((path) => !piped.includes(`\t${path}\n`)), []);
    const io = new MemoryIo({ terminal: true, width: 80 });
    const shown = (await call(["list", "-o", root], { io })).out;
    assertEquals(shown.split("\n").slice(0, 4).map((line) => line.length <= 80), [true, true, true, true]);
    assertStringIncludes(shown, "  …/");
  }));

Deno.test("list and verify report a missing library", () =>
  withBench({}, async ({ library }) => {
    for (const verb of ["list", "verify", "repair"]) {
      const { code, err } = await call([verb, "-o", join(library.root, "none")]);
      assertEquals(code, 2);
      assertStringIncludes(err, "it does not exist");
    }
  }));

Deno.test("update has no --limit, which would limit no listing", () =>
  withKept(async ({ run }) => {
    const { code, err } = await run("update", "--limit", "1");
    assertEquals(code, 2);
    assertStringIncludes(err, "--limit");
  }));
