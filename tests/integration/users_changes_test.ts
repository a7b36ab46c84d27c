import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, join } from "node:path";
import { type CatalogItem, openCatalog } from "../../lib/library/mod.ts";
import { type Sandbox, startSandbox } from "../../lib/sandbox/mod.ts";
import { PLAIN } from "../helpers/library/download_bench.ts";
import { runProgram } from "../helpers/run_program.ts";
import type { ProgramRun } from "../helpers/start_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

/** A downloaded library that its user changes. */
interface Place {
  readonly sandbox: Sandbox;
  readonly root: string;
  /** The first file. */
  readonly item: CatalogItem;
  run(...words: readonly string[]): Promise<ProgramRun>;
  /** Run a command that requests the API. */
  fetch(...words: readonly string[]): Promise<ProgramRun>;
  /** Move the library to another folder, where the commands find it then. */
  move(): Promise<string>;
  now(): CatalogItem;
}

function withLibrary(
  story: (place: Place) => Promise<void>,
  { withPreviews = false }: { readonly withPreviews?: boolean } = {},
): Promise<void> {
  return inTempDir(async (folder) => {
    await using sandbox = await startSandbox({
      ...PLAIN,
      ...(withPreviews ? { imagesPerVersion: { min: 1, max: 1 } } : {}),
    });
    const { versionId, fileId, creator } = [...sandbox.facts()].find((fact) => fact.creator !== null)!;
    let output = "library";
    const run = (...words: readonly string[]): Promise<ProgramRun> =>
      runProgram([...words, "-o", output], {
        folder,
        env: { CIVITAI_API_KEY: sandbox.token, XDG_CONFIG_HOME: folder, NO_COLOR: "1" },
        origins: [sandbox.apiOrigin, sandbox.storageOrigin],
      });
    const site = ["--base-url", sandbox.apiOrigin];
    const now = (): CatalogItem => {
      using catalog = openCatalog(join(folder, output, ".civitai-dl", "catalog.db"), { readOnly: true });
      return catalog.item(`file:${versionId}:${fileId}`)!;
    };
    const images = withPreviews ? ["--previews", "1", "--gallery", "0"] : ["--no-images"];
    const first = await run("download", ...site, "--user", creator!, "--yes", ...images, "--reserve", "0");
    assertEquals(first.code, 0, first.stderr);
    await story({
      sandbox,
      root: join(folder, output),
      item: now(),
      run,
      fetch: (command, ...words) => run(command!, ...site, ...words),
      now,
      async move() {
        await Deno.rename(join(folder, output), join(folder, "moved"));
        output = "moved";
        return join(folder, output);
      },
    });
  });
}

const UPDATE = ["update", "--yes", "--no-images", "--reserve", "0"];

/** Rename the first file into a folder of the user. */
async function rename({ root, item }: Place): Promise<string> {
  const path = "mine/My lamp.safetensors";
  await Deno.mkdir(join(root, "mine"));
  await Deno.rename(join(root, item.path), join(root, path));
  return path;
}

for (const [how, commands] of Object.entries({ update: [UPDATE], repair: [["verify"], ["repair"]] })) {
  Deno.test(`${how} does not fetch a file that the user renamed, and follows its name`, () =>
    withLibrary(async (place) => {
      const { sandbox, root, now } = place;
      const path = await rename(place);
      const hits = sandbox.log.downloadHits;
      for (const words of commands) {
        const { code, stdout, stderr } = await (words[0] === "verify" ? place.run(...words) : place.fetch(...words));
        assertEquals(code, words[0] === "verify" ? 7 : 0, stdout + stderr);
        if (words[0] !== "verify") assertStringIncludes(stderr, `was renamed to "${path}"`);
      }
      assertEquals(sandbox.log.downloadHits - hits, 0);
      assertEquals([now().path, now().state], [path, "done"]);
      const { code, stdout } = await place.run("verify", "--deep");
      assertEquals(code, 0, stdout);
      const metadata = JSON.parse(await Deno.readTextFile(join(root, "mine/My lamp.metadata.json")));
      assertEquals([metadata.file_path, metadata.file_name], [join(root, path), "My lamp"]);
    }));
}

Deno.test("update keeps the user's notes in sidecars that were renamed with their file", () =>
  withLibrary(async (place) => {
    const { root, item } = place;
    const path = await rename(place);
    for (const ending of [".json", ".metadata.json", ".civitai.info"]) {
      const from = join(root, item.path.replace(/\.safetensors$/, ending));
      await Deno.rename(from, join(root, path.replace(/\.safetensors$/, ending)));
    }
    const notes = join(root, "mine/My lamp.json");
    await Deno.writeTextFile(notes, (await Deno.readTextFile(notes)).replace('"notes": ""', '"notes": "my favourite"'));
    const { code, stderr } = await place.fetch(...UPDATE);
    assertEquals(code, 0, stderr);
    assertEquals(JSON.parse(await Deno.readTextFile(notes)).notes, "my favourite");
    const metadata = JSON.parse(await Deno.readTextFile(join(root, "mine/My lamp.metadata.json")));
    assertEquals(metadata.file_path, join(root, path));
  }));

Deno.test("update fetches a file that is gone although another file of its size is there", () =>
  withLibrary(async ({ root, item, fetch, sandbox, now }) => {
    const bytes = await Deno.readFile(join(root, item.path));
    bytes[bytes.length - 1]! ^= 1;
    await Deno.writeFile(join(root, dirname(item.path), "other.safetensors"), bytes);
    await Deno.remove(join(root, item.path));
    const hits = sandbox.log.downloadHits;
    assertEquals((await fetch(...UPDATE)).code, 0);
    assertEquals([sandbox.log.downloadHits - hits, now().path, now().state], [1, item.path, "done"]);
  }));

for (const words of [UPDATE, ["verify"], ["verify", "--rebuild"]]) {
  Deno.test(`${words.slice(0, 2).join(" ")} corrects the paths in sidecars after the library was moved`, () =>
    withLibrary(async ({ item, fetch, run, move }) => {
      const root = await move();
      if (words.includes("--rebuild")) await Deno.remove(join(root, ".civitai-dl", "catalog.db"));
      const { code, stderr } = await (words.length === 1 ? run(...words) : fetch(...words));
      assertEquals(code, 0, stderr);
      const metadata = JSON.parse(await Deno.readTextFile(join(root, item.path.replace(/\.[^.]+$/, ".metadata.json"))));
      assertEquals([metadata.file_path, metadata.sha256], [join(root, item.path), item.sha256]);
    }));
}

for (const withPreviews of [false, true]) {
  const beside = withPreviews ? ", with a preview beside them" : "";
  Deno.test(`verify and verify --rebuild name sidecars whose model file is gone${beside}`, () =>
    withLibrary(async (place) => {
      const { item, run, fetch, root } = place;
      await rename(place);
      assertEquals((await fetch(...UPDATE)).code, 0);
      const stem = item.path.replace(/\.safetensors$/, "");
      const names = (await Array.fromAsync(Deno.readDir(join(root, dirname(stem))))).map(({ name }) => name);
      assertEquals(names.some((name) => name.includes(".preview.")), withPreviews, names.join());
      for (const words of [["verify"], ["verify", "--rebuild"]]) {
        const { code, stdout } = await (words.length === 1 ? run(...words) : fetch(...words));
        assertEquals(code, 0, stdout);
        assertStringIncludes(stdout, "3 sidecars have no model file beside them: ");
        for (const ending of [".civitai.info", ".json", ".metadata.json"]) assertStringIncludes(stdout, stem + ending);
      }
    }, { withPreviews }));
}

Deno.test("verify says that a deleted file comes back, repair brings it, and forget does without it", () =>
  withLibrary(async ({ root, item, run, fetch }) => {
    const path = join(root, item.path);
    await Deno.remove(path);
    const verified = await run("verify", "--no-mark");
    assertEquals(verified.code, 7);
    assertStringIncludes(verified.stdout, "A file that you deleted counts as missing");
    assertStringIncludes(verified.stdout, "To do without it: ");
    assert(!verified.stdout.includes("--no-mark"));
    assertEquals((await run("verify")).code, 7);
    const repaired = await fetch("repair");
    assertEquals([repaired.code, (await Deno.stat(path)).size], [0, item.actualBytes], repaired.stderr);
    await Deno.remove(path);
    const forgotten = await run("forget", item.path);
    assertEquals(forgotten.code, 0, forgotten.stderr);
    assertEquals((await run("verify")).code, 0);
    assertEquals((await fetch(...UPDATE)).code, 0);
    assert(!await Deno.stat(path).then(() => true, () => false));
  }));

Deno.test("verify knows the user's own version of a file, also after a rebuild of a lost catalog", () =>
  withLibrary(async ({ root, item, run, fetch, now }) => {
    const mine = await Deno.readFile(join(root, item.path));
    mine.fill(7, mine.length - 500);
    await Deno.writeFile(join(root, item.path), new Uint8Array([...mine, ...mine]));
    assertEquals((await fetch(...UPDATE)).code, 0);
    const beside = now().path;
    assertStringIncludes(beside, ` [${item.fileId}].safetensors`);
    const own =
      `1 model file is your own version of one from Civitai, which goes beside it: ${item.path} (model:${item.modelId})`;
    for (const words of [["verify"], ["verify", "--deep"], ["verify", "--rebuild"], ["verify", "--rebuild"]]) {
      const { code, stdout } = await (words.includes("--rebuild") ? fetch(...words) : run(...words));
      assertEquals(code, 0, stdout);
      assertStringIncludes(stdout, own);
      assert(!/not in the catalog|Unknown|[1-9] unknown/.test(stdout), stdout);
      if (words.includes("--rebuild")) await Deno.remove(join(root, ".civitai-dl", "catalog.db"));
    }
    assertEquals((await fetch("verify", "--rebuild")).code, 0);
    // A file that has nothing to do with Civitai is still unknown.
    await Deno.writeFile(join(root, dirname(item.path), "other.safetensors"), mine);
    assertStringIncludes((await run("verify")).stdout, "1 model file is not in the catalog: ");
  }));
