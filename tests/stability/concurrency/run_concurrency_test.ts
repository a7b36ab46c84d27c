import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { runConcurrency } from "../../../lib/stability/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { workerHostOf } from "../../helpers/worker_host.ts";

const SETTINGS = { models: 40, seed: 1 };

Deno.test("runConcurrency() reports nothing as proven when it is stopped", () =>
  inTempDir(async (folder) => {
    const stop = new AbortController();
    const host = workerHostOf({ signal: stop.signal, onProgress: () => stop.abort(new Error("enough")) });
    const report = await runConcurrency(host, SETTINGS, { path: join(folder, "concurrency.json") });
    assertEquals([report.verdict, report.end], ["aborted", { type: "signal", reason: "Error: enough" }]);
    assertEquals([report.rounds, report.claims[0]!.trials], [[], 0]);
  }));

Deno.test("runConcurrency() counts every file as failed if the process ends, and proves nothing", () =>
  inTempDir(async (folder) => {
    const workforces = [
      { name: "1 worker", workers: 1, processes: 1 },
      { name: "2 workers", workers: 2, processes: 1 },
    ];
    const path = join(folder, "concurrency.json");
    const { rounds, verdict, claims } = await runConcurrency(workerHostOf(), SETTINGS, { path, workforces });
    const { files } = rounds[0]!;
    assertEquals(files > 30, true);
    // One more, for the process itself.
    assertEquals(rounds.map(({ failed, errors, peak }) => [failed, errors, peak]), Array(2).fill([files + 1, 0, 0]));
    assertEquals([verdict, claims[0]!.reservation], [
      "inconclusive",
      "2 workers does not count: at most 0 requests were open at the same time",
    ]);
  }));
