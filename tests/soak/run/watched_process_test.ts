import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { type OwnMemory, ProcessMeter, WatchedProcess } from "../../../lib/soak/mod.ts";
import { LostProcessError } from "../../../lib/soak/run/watched_process.ts";
import { EventClock } from "../../helpers/event_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { childCommand } from "../_start_child.ts";

function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

Deno.test("WatchedProcess passes work to another process, reads its heartbeat and rethrows its errors", async () => {
  await using watched = new WatchedProcess({ command: childCommand });
  const beats: (string | undefined)[] = [];
  const done = await watched.work({ how: "wave" }, { beat: (state) => beats.push(state) });
  assertEquals([done, beats], [{ how: "wave", kept: 0 }, ["did wave"]]);
  const error = await assertRejects(() => watched.work({ how: "fail" }), Error, "as told");
  assertEquals((error as Error & { failure: string }).failure, "connection");
  assertEquals(watched.restarts, 0);
});

Deno.test("WatchedProcess stops a job by its signal", async () => {
  await using watched = new WatchedProcess({ command: childCommand });
  const stop = new AbortController();
  const reason = new Error("enough");
  const hung = watched.work({ how: "hang" }, { signal: stop.signal, beat: () => stop.abort(reason) });
  assertEquals(await hung.catch((error) => error), reason);
  // It is still usable.
  assertEquals(await watched.work({ how: "wave" }), { how: "wave", kept: 0 });
});

Deno.test("WatchedProcess.work() rejects with the reason only when its stopped job has ended", async () => {
  await using watched = new WatchedProcess({ command: childCommand });
  const stop = new AbortController();
  const reason = new Error("enough");
  let isOver = false;
  const deaf = watched.work({ how: "deaf" }, { signal: stop.signal, beat: () => stop.abort(reason) })
    .catch((error) => error).finally(() => isOver = true);
  await once(stop.signal);
  // It received the stop before that and continues to work.
  await watched.work({ how: "wave" });
  assertEquals(isOver, false);
  await watched.work({ how: "release" });
  assertEquals([await deaf, watched.restarts], [reason, 0]);
});

Deno.test("WatchedProcess kills and restarts a process that does not end a stopped job in time, and counts it as lost", async () => {
  const lost = [] as string[];
  const clock = new EventClock();
  await using watched = new WatchedProcess({
    command: childCommand,
    onLost: (reason) => lost.push(reason),
    clock,
  });
  const stop = new AbortController();
  const deaf = watched.work({ how: "deaf" }, { signal: stop.signal, beat: () => stop.abort(new Error("enough")) });
  deaf.catch(() => {});
  await once(stop.signal);
  const other = watched.work({ how: "hang" });
  other.catch(() => {});
  await clock.run(9999);
  await watched.work({ how: "wave" });
  assertEquals(watched.restarts, 0);
  await clock.run(1);
  await assertRejects(() => deaf, Error, "enough");
  const reason = "The process was killed: a job had not ended 10s after it was stopped";
  await assertRejects(() => other, LostProcessError, reason);
  assertEquals([watched.restarts, lost, clock.sleeping], [1, [reason], 0]);
  assertEquals(await watched.work({ how: "wave" }), { how: "wave", kept: 0 });
});

Deno.test("WatchedProcess ends without waiting for a job that ignores its signal, and does not count it as lost", async () => {
  const clock = new EventClock();
  const watched = new WatchedProcess({ command: childCommand, clock });
  const stop = new AbortController();
  const deaf = watched.work({ how: "deaf" }, { signal: stop.signal, beat: () => stop.abort(new Error("enough")) });
  deaf.catch(() => {});
  await once(stop.signal);
  assertEquals(clock.sleeping, 1);
  await watched[Symbol.asyncDispose]();
  await assertRejects(() => deaf, Error, "enough");
  assertEquals([watched.restarts, clock.sleeping], [0, 0]);
});

Deno.test("WatchedProcess counts, reports and restarts a killed process for the next job", async () => {
  const lost: string[] = [];
  await using watched = new WatchedProcess({ command: childCommand, onLost: (reason) => lost.push(reason) });
  await watched.work({ how: "keep", amount: 5 });
  const hung = watched.work({ how: "hang" }, { beat: () => Deno.kill(watched.pid!, "SIGKILL") });
  await assertRejects(() => hung, LostProcessError, "SIGKILL");
  assertEquals([watched.restarts, lost], [1, ["The process ended with SIGKILL"]]);
  assertEquals(await watched.work({ how: "wave" }), { how: "wave", kept: 0 });
  await assertRejects(() => watched.work({ how: "exit" }), LostProcessError, "ended with SIGTERM");
  assertEquals(watched.restarts, 2);
});

Deno.test("WatchedProcess.kill() fails no job of the next process, however late the output of the killed one ends", () =>
  inTempDir(async (folder) => {
    const fifo = join(folder, "fifo");
    await new Deno.Command("mkfifo", { args: [fifo] }).output();
    // The first process leaves a child that keeps its output open until the pipe is written to.
    const commands = [childCommand({ keeper: fifo }), childCommand()];
    await using watched = new WatchedProcess({ command: () => commands.shift()! });
    await watched.work({ how: "wave" });
    const killed = watched.kill();
    const begun = Promise.withResolvers<void>();
    const job = watched.work({ how: "deaf" }, { beat: () => begun.resolve() });
    await begun.promise;
    await Deno.writeTextFile(fifo, "");
    await killed;
    await watched.work({ how: "release" });
    assertEquals(await job, { how: "deaf", kept: 0 });
  }));

Deno.test("WatchedProcess treats a process that writes garbage as lost", async () => {
  await using watched = new WatchedProcess({ command: childCommand });
  await assertRejects(() => watched.work({ how: "garble" }), LostProcessError);
  assertEquals(watched.restarts, 1);
});

Deno.test("WatchedProcess leaves no orphan", async () => {
  await using looker = new ProcessMeter();
  const watched = new WatchedProcess({ command: childCommand });
  await watched.work({ how: "wave" });
  const { pid } = watched;
  await watched[Symbol.asyncDispose]();
  assertEquals([watched.pid, watched.restarts], [null, 0]);
  if (Deno.build.os === "linux") assertEquals(await looker.measure(pid!), null);
  await assertRejects(() => watched.work({ how: "wave" }), LostProcessError, "the process was shut down");
});

Deno.test("probeMemory() distinguishes retained memory from garbage, and ProcessMeter counts open files", async () => {
  await using watched = new WatchedProcess({ command: childCommand });
  await using looker = new ProcessMeter();
  const probe = async () => await watched.probe() as OwnMemory & { readonly loopLagMs: number | null };
  await watched.work({ how: "wave" });
  const before = await probe();
  await watched.work({ how: "drop", amount: 200_000 });
  const dropped = await probe();
  assert(dropped.heapUsed - before.heapUsed < 1_000_000, `${dropped.heapUsed - before.heapUsed}`);
  await watched.work({ how: "keep", amount: 50_000 });
  const kept = await probe();
  assert(kept.heapUsed - dropped.heapUsed > 2_000_000, `${kept.heapUsed - dropped.heapUsed}`);
  await watched.work({ how: "buffers", amount: 20_000_000 });
  const buffered = await probe();
  assert(buffered.external - kept.external > 15_000_000, `${buffered.external - kept.external}`);
  assert(buffered.loopLagMs === null || buffered.loopLagMs >= 0);
  if (Deno.build.os !== "linux") return;
  // The process opens and closes files of its own now and then, so one count in five must be exact.
  const counts: number[] = [];
  while (counts.length < 5 && counts.at(-1) !== 12) {
    const look = await looker.measure(watched.pid!);
    await watched.work({ how: "open", amount: 12 });
    const opened = await looker.measure(watched.pid!);
    counts.push(opened!.handles - look!.handles);
    assert(opened!.rss > 30_000_000);
  }
  assertEquals(counts.at(-1), 12, `counted ${counts.join(", ")}`);
});
