import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { openCatalog } from "../../lib/library/mod.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../lib/sandbox/mod.ts";
import { becomes } from "../helpers/becomes.ts";
import { PLAIN } from "../helpers/library/download_bench.ts";
import { runProgram } from "../helpers/run_program.ts";
import { type ProgramRun, type RunningProgram, startProgram } from "../helpers/start_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

/** A downloaded library that has lost its first file, or has it damaged. */
interface Place {
  readonly sandbox: Sandbox;
  readonly modelId: number;
  readonly fileId: number;
  /** Absolute path of the file. */
  readonly file: string;
  /** What Civitai has. */
  readonly right: Uint8Array;
  /** What is on the disk now; `null` if the file is gone. */
  readonly broken: Uint8Array | null;
  readonly verdict: "missing" | "corrupt";
  run(...words: readonly string[]): Promise<ProgramRun>;
  start(...words: readonly string[]): RunningProgram;
  /** Run a command that requests the API. */
  fetch(...words: readonly string[]): Promise<ProgramRun>;
  state(): string;
  /** What is in the folder `corrupted`. */
  aside(): Promise<readonly Uint8Array[]>;
}

type Harm = "deleted" | "damaged";

function withBroken(harm: Harm, story: (place: Place) => Promise<void>, options: SandboxOptions = {}): Promise<void> {
  return inTempDir(async (folder) => {
    await using sandbox = await startSandbox({ ...PLAIN, ...options });
    const { modelId, versionId, fileId, creator } = [...sandbox.facts()].find((fact) => fact.creator !== null)!;
    const runOptions = {
      folder,
      env: { CIVITAI_API_KEY: sandbox.token, XDG_CONFIG_HOME: folder, NO_COLOR: "1" },
      origins: [sandbox.apiOrigin, sandbox.storageOrigin],
    };
    const start = (...words: readonly string[]) => startProgram([...words, "-o", "library"], runOptions);
    const run = (...words: readonly string[]) => runProgram([...words, "-o", "library"], runOptions);
    const site = ["--base-url", sandbox.apiOrigin, "--reserve", "0"];
    const item = () => {
      using catalog = openCatalog(join(folder, "library", ".civitai-dl", "catalog.db"), { readOnly: true });
      return catalog.item(`file:${versionId}:${fileId}`)!;
    };
    const first = await run("download", ...site, "--user", creator!, "--yes", "--no-images");
    assertEquals(first.code, 0, first.stderr);
    const file = join(folder, "library", item().path);
    const broken = harm === "deleted" ? await remove(file) : await damage(file);
    await story({
      sandbox,
      modelId,
      fileId,
      file,
      right: sandbox.bytesOf(fileId),
      broken,
      verdict: harm === "deleted" ? "missing" : "corrupt",
      run,
      start,
      fetch: (command, ...words) => run(command!, ...site, ...words),
      state: () => item().state,
      async aside() {
        const corrupted = join(folder, "library", "corrupted");
        if (!await Deno.stat(corrupted).then(() => true, () => false)) return [];
        const names = await Array.fromAsync(Deno.readDir(corrupted));
        return await Promise.all(names.map(({ name }) => Deno.readFile(join(corrupted, name))));
      },
    });
  });
}

async function remove(file: string): Promise<null> {
  await Deno.remove(file);
  return null;
}

/** Change a byte as a failing disk does: the date stays. */
async function damage(file: string): Promise<Uint8Array> {
  const { mtime } = await Deno.stat(file);
  const bytes = await Deno.readFile(file);
  bytes[bytes.length - 3]! ^= 0xff;
  await Deno.writeFile(file, bytes);
  await Deno.utime(file, mtime!, mtime!);
  return bytes;
}

const UPDATE = ["update", "--yes", "--no-images", "--max-retries", "0"];

/** What keeps a later attempt from getting the file. */
const OBSTACLES: Readonly<Record<string, (place: Place) => void>> = {
  "are answered 404": ({ sandbox }) => sandbox.setToxics([{ type: "serverError", status: 404, on: ["download"] }]),
  "are answered 503": ({ sandbox }) => sandbox.setToxics([{ type: "serverError", status: 503, on: ["download"] }]),
  "find the model removed": ({ sandbox, modelId }) => sandbox.setAbsent([modelId]),
};

/** Assert that the broken file is at its place, and that `verify` and `repair` know of it. */
async function assertStillBroken(place: Place): Promise<void> {
  const { file, broken, run, verdict, aside } = place;
  const bytes = await Deno.readFile(file).catch(() => null);
  assertEquals([bytes, await aside()], [broken, []]);
  for (const words of [["verify", "--no-mark"], ["verify", "--deep"]]) {
    const { code, stdout } = await run(...words);
    assertStringIncludes(stdout, `1 ${verdict}`);
    assertEquals(code, 7);
  }
}

/** Assert that `repair` brings the right file once Civitai has it again, and names what it has moved. */
async function assertRepaired(place: Place): Promise<void> {
  const { sandbox, file, right, broken, fetch, run, aside } = place;
  sandbox.setToxics([]);
  sandbox.setAbsent([]);
  const { code, stdout } = await fetch("repair");
  assertEquals(code, 0, stdout);
  assertStringIncludes(stdout, "1 fetched whole");
  assertEquals(await Deno.readFile(file), right);
  assertEquals(stdout.includes("Moved aside: "), broken !== null, stdout);
  assertEquals(await aside(), broken === null ? [] : [broken]);
  assertEquals((await run("verify", "--deep")).code, 0);
}

for (const harm of ["deleted", "damaged"] as const) {
  for (const [what, block] of Object.entries(OBSTACLES)) {
    Deno.test(`verify and repair know of a ${harm} file although update and repair ${what}`, () =>
      withBroken(harm, async (place) => {
        assertEquals((await place.run("verify", "--deep")).code, 7);
        block(place);
        const { stderr } = await place.fetch(...UPDATE);
        await assertStillBroken(place);
        const failed = await place.fetch("repair", "--max-retries", "0");
        assertStringIncludes(failed.stdout, "1 still broken", stderr);
        assert(failed.code !== 0);
        await assertStillBroken(place);
        await assertRepaired(place);
      }));
  }

  Deno.test(`verify and repair know of a ${harm} file although an update was killed while it fetched it`, () =>
    withBroken(harm, async (place) => {
      const { sandbox, start, run } = place;
      assertEquals((await run("verify", "--deep")).code, 7);
      sandbox.setToxics([{ type: "bandwidth", bytesPerSecond: 100_000 }]);
      const served = sandbox.log.storageBytes;
      const update = start(...UPDATE, "--base-url", sandbox.apiOrigin, "--reserve", "0");
      assert(await becomes(() => sandbox.log.storageBytes > served + 20_000, 60_000));
      update.kill("SIGKILL");
      await update.ended;
      await assertStillBroken(place);
      await assertRepaired(place);
    }, { fileSizes: [1_200_000] }));
}

Deno.test("update takes a right file for a damaged one, and says by name where the damaged one is", () =>
  withBroken("damaged", async ({ run, fetch, file, right, broken, aside }) => {
    assertEquals((await run("verify", "--deep")).code, 7);
    const { code, stderr } = await fetch(...UPDATE);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "was corrupt; it was moved to");
    assertEquals([await Deno.readFile(file), await aside()], [right, [broken!]]);
  }));

for (const command of ["update", "verify --deep"]) {
  Deno.test(`${command} takes a file back that was damaged and that its user has restored with its date`, () =>
    withBroken("damaged", async ({ sandbox, fileId, run, fetch, file, right, state, aside }) => {
      assertEquals((await run("verify", "--deep")).code, 7);
      const { mtime } = await Deno.stat(file);
      await Deno.writeFile(file, right);
      await Deno.utime(file, mtime!, mtime!);
      const hits = sandbox.log.downloadHits;
      const { code, stdout, stderr } = await (command === "update" ? fetch(...UPDATE) : run("verify", "--deep"));
      assertEquals(code, 0, stdout + stderr);
      assertEquals([sandbox.log.downloadHits - hits, state(), await aside()], [0, "done", []]);
      // Nothing is left of the damage: the file is old content after Civitai has replaced it.
      sandbox.replaceFile(fileId);
      assertEquals((await fetch(...UPDATE)).code, 0);
      assertEquals(await aside(), []);
    }));
}

Deno.test("verify takes a file back that its user has put back after an update failed", () =>
  withBroken("deleted", async (place) => {
    const { run, fetch, file, right, state } = place;
    OBSTACLES["are answered 404"]!(place);
    assertEquals((await fetch(...UPDATE)).code, 1);
    await Deno.writeFile(file, right);
    const { code, stdout } = await run("verify", "--deep");
    assertEquals([code, state()], [0, "done"], stdout);
  }));
