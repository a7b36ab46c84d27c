import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { acquireLock } from "../../../lib/base/mod.ts";
import { beginRun, readRuns, type RunEnd, type RunStart } from "../../../lib/library/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const START: RunStart = { command: "update", isAttended: false, reserveBytes: 1024, again: "civitai-dl update --yes" };
const PAUSE = {
  reason: "every storage has failed for 45s",
  ja: { reason: "すべてのストレージが 45 秒にわたって失敗し続けています" },
  until: "2026-12-01T16:36:00.322Z",
};
const END: RunEnd = {
  exitCode: 5,
  done: 3,
  failed: 1,
  left: 12,
  leftBytes: 4096,
  fetchedBytes: 100,
  neededBytes: null,
  silentMs: 90_000,
  cause: "key-rejected",
  message: "Cannot use the API key: it is wrong, expired or revoked",
  hint: "Create a new API key",
  again: "civitai-dl download --from failed.txt",
  pause: PAUSE,
  failure: "stall",
  key: "rejected",
  keyOrigin: "CIVITAI_API_KEY",
};

/** The folder of a library's state, and the path of its lock. */
function inLibrary(story: (place: { readonly folder: string; readonly lock: string }) => Promise<void>): Promise<void> {
  return inTempDir((top) => story({ folder: join(top, "state"), lock: join(top, "lock") }));
}

/** A run whose warnings fail the test. */
function begin(folder: string, clock: FakeClock, start: RunStart = START) {
  return beginRun(folder, start, { clock, onWarning: (message) => assertEquals(message, "") });
}

Deno.test("readRuns() lists runs that ended with all that is known of them, the newest first", () =>
  inLibrary(async ({ folder, lock }) => {
    assertEquals(await readRuns(folder), []);
    const clock = new FakeClock(Date.UTC(2026, 11, 1, 2));
    for (const command of ["download", "update"]) {
      using _lock = await acquireLock(lock, { command });
      const run = begin(folder, clock, { ...START, command });
      clock.advance(60_000);
      run.end(END);
    }
    const [update, download, ...others] = await readRuns(folder);
    assertEquals([update?.command, download?.command, others], ["update", "download", []]);
    assertEquals(update, {
      ...START,
      ...END,
      again: "civitai-dl download --from failed.txt",
      pause: PAUSE,
      failure: "stall",
      target: null,
      id: update!.id,
      pid: Deno.pid,
      state: "ended",
      startedAt: "2026-12-01T02:01:00.000Z",
      endedAt: "2026-12-01T02:02:00.000Z",
    });
    assertEquals((await readRuns(folder, { limit: 1 })).map(({ command }) => command), ["update"]);
  }));

Deno.test("readRuns() tells a run under way from one that was killed by the lock of its process", () =>
  inLibrary(async ({ folder, lock }) => {
    const clock = new FakeClock(0);
    {
      using _lock = await acquireLock(lock, { command: "update" });
      begin(folder, clock);
      begin(folder, clock);
      // An earlier run without an end is gone, whoever holds the lock now.
      assertEquals((await readRuns(folder)).map(({ state }) => state), ["running", "killed"]);
    }
    const [last] = await readRuns(folder);
    assertEquals([last?.state, last?.exitCode, last?.endedAt, last?.left], ["killed", null, null, null]);
  }));

Deno.test("readRuns() leaves out half a line and lines of a newer program, and cleans what is shown", () =>
  inLibrary(async ({ folder }) => {
    const start = {
      version: 1,
      event: "start",
      id: "a",
      time: "2026-12-01T02:00:00.000Z",
      pid: 1,
      command: "up\u001b[2J",
    };
    const lines = [start, { ...start, version: 2, id: "b" }, { ...start, time: "soon", id: "c" }, null, 4];
    const text = `${lines.map((line) => JSON.stringify(line)).join("\n")}\n{"version":1,"event":"st`;
    await Deno.mkdir(folder);
    await Deno.writeTextFile(join(folder, "runs.jsonl"), text);
    const runs = await readRuns(folder);
    assertEquals(runs.map(({ id, command }) => [id, command.includes("\u001b")]), [["a", false]]);
    // The next run begins a new line.
    begin(folder, new FakeClock(0));
    assertEquals((await readRuns(folder)).length, 2);
  }));

Deno.test("beginRun() warns of a journal that cannot be written, and the run goes on", () =>
  inLibrary(async ({ folder }) => {
    await Deno.mkdir(join(folder, "runs.jsonl"), { recursive: true });
    const warnings: string[] = [];
    const run = beginRun(folder, START, { onWarning: (message) => warnings.push(message) });
    run.end(END);
    assertEquals(warnings.map((message) => message.startsWith("Cannot record the run in ")), [true, true]);
  }));
