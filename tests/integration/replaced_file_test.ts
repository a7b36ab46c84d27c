import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { openCatalog } from "../../lib/library/mod.ts";
import { type FileFact, type Sandbox, type SandboxOptions, startSandbox } from "../../lib/sandbox/mod.ts";
import { becomes } from "../helpers/becomes.ts";
import { PLAIN } from "../helpers/library/download_bench.ts";
import { sha256Of } from "../helpers/sha256_of.ts";
import { runProgram } from "../helpers/run_program.ts";
import { type ProgramRun, type RunningProgram, startProgram } from "../helpers/start_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

/** A downloaded library whose first file is about to be replaced on Civitai. */
interface Place {
  readonly sandbox: Sandbox;
  readonly root: string;
  readonly fact: FileFact;
  /** Path of the file, relative to the library. */
  readonly path: string;
  readonly old: Uint8Array;
  start(...words: readonly string[]): RunningProgram;
  run(...words: readonly string[]): Promise<ProgramRun>;
  /** Run a command that requests the API. */
  fetch(...words: readonly string[]): Promise<ProgramRun>;
  item(): { readonly state: string; readonly path: string };
  names(): Promise<readonly string[]>;
}

function withLibrary(options: SandboxOptions, story: (place: Place) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    await using sandbox = await startSandbox({ ...PLAIN, ...options });
    const fact = [...sandbox.facts()].find(({ creator }) => creator !== null)!;
    const root = join(folder, "library");
    const runOptions = {
      folder,
      env: { CIVITAI_API_KEY: sandbox.token, XDG_CONFIG_HOME: folder, NO_COLOR: "1" },
      origins: [sandbox.apiOrigin, sandbox.storageOrigin],
    };
    const start = (...words: readonly string[]) => startProgram([...words, "-o", "library"], runOptions);
    const site = ["--base-url", sandbox.apiOrigin];
    const run = (...words: readonly string[]) => runProgram([...words, "-o", "library"], runOptions);
    const key = `file:${fact.versionId}:${fact.fileId}`;
    const item: Place["item"] = () => {
      using catalog = openCatalog(join(root, ".civitai-dl", "catalog.db"), { readOnly: true });
      return catalog.item(key)!;
    };
    const first = await run("download", ...site, "--user", fact.creator!, "--yes", "--no-images", "--reserve", "0");
    assertEquals(first.code, 0, first.stderr);
    const { path } = item();
    const old = await Deno.readFile(join(root, path));
    await story({
      sandbox,
      root,
      fact,
      path,
      old,
      start,
      run,
      fetch: (command, ...words) => run(command!, ...site, ...words),
      item,
      names: async () =>
        (await Array.fromAsync(Deno.readDir(join(root, path, "..")))).map(({ name }) => name)
          .filter((name) => !name.endsWith(".md")).sort(),
    });
  });
}

/** What the sidecars say about a file: the hash and size in `.metadata.json`, and the hash in `.civitai.info`. */
async function describedAt(place: Place, path = place.path): Promise<readonly [string, number, string]> {
  const stem = join(place.root, path.slice(0, path.lastIndexOf(".")));
  const metadata = JSON.parse(await Deno.readTextFile(`${stem}.metadata.json`));
  const info = JSON.parse(await Deno.readTextFile(`${stem}.civitai.info`));
  return [metadata.sha256, metadata.size, info.files[0].hashes.SHA256.toLowerCase()];
}

/** Assert that the library has the new content under the old name, and describes it. */
async function assertNew(place: Place, names: readonly string[]): Promise<void> {
  const { sandbox, root, path, fact, item } = place;
  const bytes = sandbox.bytesOf(fact.fileId);
  assertEquals(await Deno.readFile(join(root, path)), bytes);
  assertEquals([item().state, item().path], ["done", path]);
  const sha256 = (await sandbox.sha256Of(fact.fileId)).toLowerCase();
  assertEquals(await describedAt(place), [sha256, bytes.length, sha256]);
  assertEquals(await place.names(), names);
}

for (const command of ["update", "download"]) {
  Deno.test(`${command} fetches a file again that was replaced on Civitai, and says so by its name`, () =>
    withLibrary({}, async (place) => {
      const { sandbox, fact, path } = place;
      const names = await place.names();
      sandbox.replaceFile(fact.fileId, { sizeBytes: fact.sizeBytes + 5000 });
      const words = command === "update"
        ? ["update", "--reserve", "0"]
        : ["download", "--user", fact.creator!, "--no-images", "--reserve", "0"];
      const plan = await place.fetch(...words, "--dry-run");
      assertStringIncludes(plan.stdout, `Replaced on Civitai: ${path}`);
      const done = await place.fetch(...words, "--yes");
      assertEquals(done.code, 0, done.stderr);
      assertStringIncludes(done.stdout, `Replaced on Civitai: ${path}`);
      await assertNew(place, names);
      const verified = await place.run("verify", "--deep");
      assertEquals([verified.code, verified.stdout.includes("replaced")], [0, false], verified.stdout);
      const hits = sandbox.log.downloadHits;
      const again = await place.fetch(...words, "--yes");
      assertEquals([again.code, sandbox.log.downloadHits - hits], [0, 0], again.stderr);
    }));
}

Deno.test("update keeps a file that the user replaced, and puts the new one from Civitai beside it", () =>
  withLibrary({}, async (place) => {
    const { sandbox, fact, root, path } = place;
    const before = await describedAt(place);
    const mine = sandbox.bytesOf([...sandbox.facts()][1]!.fileId);
    await Deno.writeFile(join(root, path), mine);
    sandbox.replaceFile(fact.fileId, { sizeBytes: fact.sizeBytes + 5000 });
    const { code, stderr } = await place.fetch("update", "--yes", "--reserve", "0");
    assertEquals(code, 0, stderr);
    assertEquals(await Deno.readFile(join(root, path)), mine);
    const beside = place.item().path;
    assertNotEquals(beside, path);
    const sha256 = (await sandbox.sha256Of(fact.fileId)).toLowerCase();
    assertEquals((await sha256Of(join(root, beside))).toLowerCase(), sha256);
    assertEquals(await describedAt(place, beside), [sha256, fact.sizeBytes + 5000, sha256]);
    assertEquals(await describedAt(place), before);
  }));

Deno.test("update killed while it fetches a replaced file leaves the old one described under its name, then finishes", () =>
  withLibrary({ fileSizes: [1_200_000] }, async (place) => {
    const { sandbox, fact, root, path, old } = place;
    const names = await place.names();
    const before = await describedAt(place);
    sandbox.replaceFile(fact.fileId, { sizeBytes: fact.sizeBytes + 300_000 });
    sandbox.setToxics([{ type: "bandwidth", bytesPerSecond: 100_000 }]);
    const update = place.start("update", "--base-url", sandbox.apiOrigin, "--yes", "--reserve", "0");
    const served = sandbox.log.storageBytes;
    assert(await becomes(() => sandbox.log.storageBytes > served + 20_000, 60_000));
    update.kill("SIGKILL");
    await update.ended;
    assertEquals(await Deno.readFile(join(root, path)), old);
    assertEquals(await describedAt(place), before);
    const pending = await place.run("verify", "--deep");
    assertEquals(pending.code, 0, pending.stdout);
    assertStringIncludes(pending.stdout, `1 file was replaced on Civitai and is not fetched yet: ${path}`);
    const rebuilt = await place.fetch("verify", "--rebuild");
    assertEquals([rebuilt.code, place.item().state], [0, "planned"], rebuilt.stdout);
    const repaired = await place.fetch("repair");
    assertEquals([repaired.code, await Deno.readFile(join(root, path))], [0, old], repaired.stderr);
    sandbox.setToxics([]);
    const { code, stdout, stderr } = await place.fetch("download", "--yes", "--reserve", "0");
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, `Replaced on Civitai: ${path}`);
    await assertNew(place, names);
  }));

Deno.test("repair gets the new content of a damaged or deleted file that was replaced on Civitai", () =>
  withLibrary({}, async (place) => {
    const { sandbox, fact, root, path, old } = place;
    const names = await place.names();
    for (const harm of ["damage", "delete"]) {
      const { mtime } = await Deno.stat(join(root, path));
      if (harm === "delete") await Deno.remove(join(root, path));
      else {
        const bytes = await Deno.readFile(join(root, path));
        bytes[old.length - 3]! ^= 0xff;
        await Deno.writeFile(join(root, path), bytes);
        await Deno.utime(join(root, path), mtime!, mtime!);
      }
      sandbox.replaceFile(fact.fileId);
      assertEquals((await place.run("verify", "--deep")).code, 7);
      const { code, stdout } = await place.fetch("repair");
      assertEquals(code, 0, stdout);
      await assertNew(place, names);
      assertEquals((await place.run("verify", "--deep")).code, 0);
    }
  }));

Deno.test("verify --rebuild knows a file by its sidecar that was replaced on Civitai, and update gets the new one", () =>
  withLibrary({}, async (place) => {
    const { sandbox, fact, root } = place;
    const names = await place.names();
    sandbox.replaceFile(fact.fileId, { sizeBytes: fact.sizeBytes + 5000 });
    await Deno.remove(join(root, ".civitai-dl", "catalog.db"));
    const rebuilt = await place.fetch("verify", "--rebuild");
    assertEquals(rebuilt.code, 0, rebuilt.stdout);
    assertStringIncludes(rebuilt.stdout, "0 unknown");
    const { code, stderr } = await place.fetch("update", "--yes", "--reserve", "0");
    assertEquals(code, 0, stderr);
    await assertNew(place, names);
  }));
