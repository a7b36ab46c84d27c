import { assert, assertEquals, assertMatch } from "@std/assert";
import { startSandbox } from "../../lib/sandbox/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { serveRaw } from "../helpers/servers/raw_server.ts";
import { type ProgramRun, startProgram } from "../helpers/start_program.ts";

/** Time that a run may take besides its patience. Without the limit these runs take from 20 s to minutes. */
const SLACK_MS = 12_000;

/** A run, and the same time for one that does nothing: on a busy machine, both are slow. */
interface ImpatientRun extends ProgramRun {
  readonly startMs: number;
}

/** Run the program with three seconds of patience. */
async function runImpatient(origins: readonly string[], words: readonly string[]): Promise<ImpatientRun> {
  const runs: ImpatientRun[] = [];
  await inTempDir(async (folder) => {
    const all = ["download", "-o", "library", "--yes", "--no-images", "--reserve", "0", ...words];
    const { durationMs: startMs } = await startProgram(["--version"], { folder, env: {}, origins: [] }).ended;
    const run = await startProgram(all, { folder, env: { CIVITAI_API_KEY: "sandbox-token" }, origins }).ended;
    runs.push({ ...run, startMs });
  });
  return runs[0]!;
}

/** Accepts connections and sends nothing, not even TLS. */
function serveSilence() {
  return serveRaw(async (connection) => {
    while (await connection.request() !== null);
  });
}

for (const scheme of ["http", "https"]) {
  Deno.test(`download --patience applies to a listing if a service by ${scheme} does not respond`, async () => {
    await using silence = serveSilence();
    const origin = `${scheme}://127.0.0.1:${silence.port}`;
    const run = await runImpatient([origin], ["--base-url", origin, "--patience", "3s", "--user", "someone"]);
    assertEquals(run.code, 6);
    assert(run.durationMs < 3000 + SLACK_MS + 10 * run.startMs, `${run.durationMs} ms`);
    assertMatch(run.stderr, /: no answer within 3s\nhint: Run again later to continue/);
  });
}

for (const scheme of ["http", "https"]) {
  Deno.test(`download --patience applies to a storage by ${scheme} that does not respond`, async () => {
    await using silence = serveSilence();
    const storageOrigin = `${scheme}://127.0.0.1:${silence.port}`;
    await using sandbox = await startSandbox({
      storageOrigin,
      size: { creators: 1, modelsPerCreator: 1 },
      outcomes: {},
      requireLogin: 0,
      versionsPerModel: { min: 1, max: 1 },
      filesPerVersion: { min: 1, max: 1 },
    });
    const { username } = sandbox.catalog.creators().next().value!;
    const words = ["--base-url", sandbox.apiOrigin, "--patience", "3s", "--user", username];
    const run = await runImpatient([sandbox.apiOrigin, storageOrigin], words);
    assertEquals(run.code, 6, run.stderr);
    assert(run.durationMs < 9000 + SLACK_MS + 10 * run.startMs, `${run.durationMs} ms`);
  });
}

Deno.test("download soon reports an unknown name, without repeated requests", async () => {
  const origin = "https://nobody.invalid";
  const run = await runImpatient([origin], ["--base-url", origin, "--user", "someone"]);
  assertEquals(run.code, 6, run.stderr);
  assert(run.durationMs < 2000 + SLACK_MS + 10 * run.startMs, `${run.durationMs} ms`);
  assertMatch(run.stderr, /the host name has no address \("nobody.invalid"\)/);
});
