import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { Failsafe } from "../../lib/failsafe/mod.ts";
import { readRuns, type RunRecord } from "../../lib/library/mod.ts";
import type { SandboxExchange } from "../../lib/sandbox/mod.ts";
import { becomes } from "../helpers/becomes.ts";
import { call } from "../helpers/call.ts";
import { atPlace, type Place } from "./_place.ts";

const YES = ["download", "--yes", "--logs", "logs"];

const ENDS = {
  SIGINT: { state: "ended", exitCode: 130 },
  SIGKILL: { state: "killed", exitCode: null },
} as const;

async function lastRun({ folder }: Pick<Place, "folder">): Promise<RunRecord> {
  const [last] = await readRuns(join(folder, "library", ".civitai-dl", "state"));
  assert(last !== undefined, "no run is recorded");
  return last;
}

/** The lines of `download.log` that tell of ends. */
async function loggedEnds({ folder }: Pick<Place, "folder">): Promise<readonly Record<string, unknown>[]> {
  const text = await Deno.readTextFile(join(folder, "logs", "download.log"));
  return text.trimEnd().split("\n").map((line) => JSON.parse(line)).filter(({ type }) => type === "run-end");
}

Deno.test("download records a run that ended well, and one whose key was revoked after some files", () => {
  const story = { revoke: () => {} };
  const onExchange = ({ item }: SandboxExchange): void => {
    if (item !== null) story.revoke();
  };
  return atPlace({ requireLogin: 1, size: { creators: 1, modelsPerCreator: 8 }, onExchange }, async (place) => {
    const { sandbox, everything, run } = place;
    const { token } = sandbox;
    story.revoke = () => sandbox.setToken("another-token-0123456789");
    const ran = await run([...YES, ...everything, "--engine", "stable"]);
    assertEquals(ran.code, 5, ran.stderr);
    const failed = await lastRun(place);
    assertEquals([failed.command, failed.state, failed.exitCode], ["download", "ended", 5]);
    assertEquals([failed.cause, failed.key, failed.keyOrigin], ["key-rejected", "rejected", "CIVITAI_API_KEY"]);
    assertEquals([failed.isAttended, failed.reserveBytes], [false, 0]);
    assertMatch(failed.message ?? "", /API key/);
    assertMatch(failed.again ?? "", / download --yes .*--engine stable/);
    assert(!/again|--yes/.test(failed.hint ?? ""), failed.hint ?? "");
    assert(failed.done! > 0 && failed.left! > 0 && failed.leftBytes! > 0, JSON.stringify(failed));
    assertEquals(failed.done! + failed.left!, 8);
    const [logged, ...others] = await loggedEnds(place);
    assertEquals([logged?.exitCode, logged?.left, logged?.level, others], [5, failed.left, "WARN", []]);
    story.revoke = () => {};
    sandbox.setToken(token);
    assertEquals((await run([...YES, ...everything])).code, 0);
    const { exitCode, done, left, key, cause, message } = await lastRun(place);
    assertEquals([exitCode, done, left, key, cause, message], [0, failed.left, 0, "accepted", null, null]);
  });
});

Deno.test("download records a run that a full disk, no answer of the API or a bad key file ended", () =>
  atPlace({}, async ({ folder, sandbox, everything }) => {
    const place = { folder };
    const paths = ["-o", join(folder, "library"), "--logs", join(folder, "logs"), "--base-url", sandbox.apiOrigin];
    const run = (
      words: readonly string[],
      env: Readonly<Record<string, string>> = { CIVITAI_API_KEY: sandbox.token },
    ) => call(["download", "--yes", "--no-images", ...everything, ...paths, ...words], { env });
    const full = await run(["--reserve", "1000T"]);
    assertEquals(full.code, 4, full.err);
    const reserve = await lastRun(place);
    assertEquals([reserve.exitCode, reserve.cause, reserve.done, reserve.left], [4, "reserve-reached", 0, 3]);
    assertEquals(reserve.reserveBytes, 1000 * 2 ** 40);
    assert(reserve.neededBytes! > 0, JSON.stringify(reserve));
    sandbox.setToxics([{ type: "latency", ms: 15_000, on: ["api"] }]);
    const hung = await run(["--patience", "1s", "--timeout", "1s", "--max-retries", "0", "--reserve", "0"]);
    assertEquals(hung.code, 6, hung.err);
    const silent = await lastRun(place);
    assertEquals([silent.exitCode, silent.left, silent.state], [6, 3, "ended"]);
    assert(silent.cause !== null && silent.message !== null, JSON.stringify(silent));
    // Nothing but the end of the run tells of it.
    assertEquals((await loggedEnds(place)).map(({ exitCode }) => exitCode), [4, 6]);
    const keyFile = join(folder, "key.txt");
    await Deno.writeTextFile(keyFile, "no key\n");
    const keyless = await run(["--token-file", keyFile], {});
    assertEquals(keyless.code, 2, keyless.err);
    assertMatch((await lastRun(place)).message ?? "", /^Cannot read the API key from ".*key.txt"/);
  }));

Deno.test("download records a pause that ended it, what failed, and the command that goes on as a field of its own", () =>
  atPlace({ size: { creators: 1, modelsPerCreator: 4 } }, async (place) => {
    const { sandbox, everything, run } = place;
    sandbox.setToxics([{ type: "stall", atByte: 0 }]);
    const words = [...YES, ...everything, "--patience", "2s", "--max-retries", "0"];
    const ran = await run(words);
    assertEquals(ran.code, 6, ran.stderr);
    const failed = await lastRun(place);
    assertEquals([failed.cause, failed.failure, failed.failed, failed.pause], ["stall", "stall", 4, null]);
    assertMatch(failed.again ?? "", /^civitai-dl download --from .*failed\.txt$/);
    assert(!/--from|--yes/.test(failed.hint ?? ""), failed.hint ?? "");
    {
      await using failsafe = await Failsafe.open(join(place.folder, "library", ".civitai-dl", "state"));
      await failsafe.hold("paused");
    }
    assertEquals((await run(words)).code, 6);
    const paused = await lastRun(place);
    assertEquals([paused.cause, paused.pause], ["paused", {
      reason: "held manually",
      ja: { reason: "手動でモードを固定しています" },
      until: null,
    }]);
    assertMatch(paused.again ?? "", / download --yes .*--max-retries 0/);
    assert(!/--yes|again with/.test(paused.hint ?? ""), paused.hint ?? "");
  }));

Deno.test("download records a run that a signal stopped, and one that was killed is a start without an end", () =>
  atPlace({ fileBytes: { min: 300_000, max: 400_000 } }, async (place) => {
    const { start, everything } = place;
    for (const [signal, code] of [["SIGINT", 130], ["SIGKILL", 137]] as const) {
      const running = start([...YES, ...everything, "--limit-rate", "50K"]);
      const isUnderWay = async () => {
        const [last] = await readRuns(join(place.folder, "library", ".civitai-dl", "state"));
        return last?.state === "running";
      };
      assert(await becomes(isUnderWay, 60_000), "the run is not under way");
      running.kill(signal);
      const { code: exit, stderr } = await running.ended;
      assertEquals(exit, code, stderr);
      const { state, exitCode, message } = await lastRun(place);
      assertEquals({ state, exitCode }, ENDS[signal]);
      if (signal === "SIGINT") assertMatch(message ?? "", /SIGINT/);
    }
  }));

Deno.test("a dry run is not recorded", () =>
  atPlace({}, async ({ folder, everything, run }) => {
    assertEquals((await run([...YES, ...everything])).code, 0);
    assertEquals((await run([...YES, ...everything, "--dry-run"])).code, 0);
    const runs = await readRuns(join(folder, "library", ".civitai-dl", "state"));
    assertEquals(runs.map(({ command, exitCode }) => [command, exitCode]), [["download", 0]]);
  }));
