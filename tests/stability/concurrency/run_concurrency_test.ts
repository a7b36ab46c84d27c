import { assertEquals } from "@std/assert";
import { type ConcurrencyHost, runConcurrency } from "../../../lib/stability/mod.ts";

const SETTINGS = { models: 40, seed: 1 };

function host(changes: Partial<ConcurrencyHost>): ConcurrencyHost {
  return {
    signal: new AbortController().signal,
    commit: { sha: "", isDirty: false, ref: "" },
    workerCommand: () => {
      throw new Error("no worker in this test");
    },
    onProgress: () => {},
    ...changes,
  };
}

Deno.test("runConcurrency() reports nothing as proven when it is stopped", async () => {
  const stop = new AbortController();
  const onProgress = () => stop.abort(new Error("enough"));
  const report = await runConcurrency(host({ signal: stop.signal, onProgress }), SETTINGS);
  assertEquals([report.verdict, report.end], ["aborted", { type: "signal", reason: "Error: enough" }]);
  assertEquals([report.runs, report.claims[0]!.trials], [[], 0]);
});

Deno.test("runConcurrency() counts every file as failed if the process ends, and proves nothing", async () => {
  const workerCommand = () =>
    new Deno.Command(Deno.execPath(), { args: ["eval", "Deno.exit(3)"], stdin: "piped", stdout: "piped" });
  const rounds = [
    { name: "1 worker", workers: 1, processes: 1 },
    { name: "2 workers", workers: 2, processes: 1 },
  ];
  const { runs, verdict, claims } = await runConcurrency(host({ workerCommand }), SETTINGS, rounds);
  const { files } = runs[0]!;
  assertEquals(files > 30, true);
  // One more, for the process itself.
  assertEquals(runs.map(({ failed, errors, peak }) => [failed, errors, peak]), Array(2).fill([files + 1, 0, 0]));
  assertEquals([verdict, claims[0]!.note], [
    "inconclusive",
    "2 workers does not count: at most 0 requests were open at the same time",
  ]);
});
