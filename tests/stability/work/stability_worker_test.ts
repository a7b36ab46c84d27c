import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { MemoryIo } from "../../../lib/cli/mod.ts";
import { StabilityWorker } from "../../../lib/stability/work/stability_worker.ts";
import type { StabilityJob } from "../../../lib/stability/mod.ts";
import { childCommand } from "../../soak/_start_child.ts";
import { displayOf, workerHostOf } from "../../helpers/worker_host.ts";

/** A host whose process does what the job says, see `tests/soak/_child.ts`. */
const HOST = workerHostOf({ workerCommand: () => childCommand({ hasErrorPipe: true }) });
const PLACE = { folder: ".", origins: [] };
const never = () => new AbortController().signal;

function jobOf(how: string): StabilityJob {
  return { id: `0-${how}`, how } as unknown as StabilityJob;
}

Deno.test("StabilityWorker stops a job that gives no sign of life, and says what it did last", async () => {
  await using worker = new StabilityWorker(HOST, PLACE, { silentMs: 500 });
  // The process has started, which may take longer.
  await worker.do(jobOf("wave"), never());
  const { stopped, done } = await worker.do(jobOf("hang"), never());
  assertEquals([stopped?.message, done], ['job 0-hang stood still at "did hang"', 0]);
});

Deno.test("StabilityWorker answers for a lost process and a failed job, and does the next one", async () => {
  await using worker = new StabilityWorker(HOST, PLACE);
  const failures = [];
  for (const how of ["exit", "fail"]) failures.push((await worker.do(jobOf(how), never())).stopped?.failure);
  assertEquals(failures, ["LostProcess", "Error"]);
  const answer: unknown = await worker.do(jobOf("wave"), never());
  assertEquals(answer, { how: "wave", kept: 0 });
});

Deno.test("StabilityWorker shows what a crashing process says, and that it is started again", async () => {
  const io = new MemoryIo();
  await using worker = new StabilityWorker({ ...HOST, display: displayOf(io) }, PLACE);
  const { stopped } = await worker.do(jobOf("crash"), never());
  assertEquals(stopped?.failure, "LostProcess");
  assertMatch(io.err, /TypeError: nobody waits for it\n[^]*; it is started again\n$/);
});

Deno.test("StabilityWorker rejects with the reason of its signal", async () => {
  await using worker = new StabilityWorker(HOST, PLACE);
  const stop = AbortSignal.abort(new Error("enough"));
  await assertRejects(() => worker.do(jobOf("wave"), stop), Error, "enough");
});
