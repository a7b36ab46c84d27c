import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { openEvidence } from "../../lib/base/mod.ts";
import type { ConcurrencyReport } from "../../lib/stability/mod.ts";
import { call } from "../helpers/call.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

// A process for each of five runs, and one more: some seconds.
Deno.test("concurrency-test does the same work with every number of workers, and reports what it counted", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "reports", "concurrency.json");
    const { code, out, err } = await call(["concurrency-test", "--models", "40", "--seed", "3", "--output", path]);
    assertEquals(code, 3, err + out);
    const report = openEvidence(await Deno.readTextFile(path), { schema: "civitai-dl/concurrency" });
    const { rounds: runs, claims, failures, end, settings } = report as unknown as ConcurrencyReport;
    assertEquals(runs.map(({ name }) => name), ["1 worker", "2 workers", "4 workers", "8 workers", "2 processes"]);
    assertEquals(runs.map(({ files, failed, errors }) => [files, failed, errors]), Array(5).fill([36, 0, 0]));
    assertEquals([failures, end.type, settings], [[], "planned", { models: 40, seed: 3 }]);
    assert(runs.every(({ faults, requests, files }) => faults > 0 && requests > files), JSON.stringify(runs));
    assertEquals(runs.filter(({ peak, workers }) => peak > workers || peak <= workers / 2), []);
    assert(runs[4]!.waits > 0 && runs[4]!.shares.every((share) => share > 0), JSON.stringify(runs[4]));
    const [claim] = claims;
    assertEquals([claim!.id, claim!.trials, claim!.events, claim!.verdict], [
      "concurrency_error_rate",
      144,
      0,
      "inconclusive",
    ]);
    assertMatch(
      out,
      /^inconclusive +concurrency_error_rate +0 % \(0 of 144\), at most 2\.06 % at 95 % \(required < 0\.1 %\); too few trials/m,
    );
    assertStringIncludes(err, "Run 5 of 5: 2 processes");
  }));

Deno.test("concurrency-test refuses another kind of report before it starts", () =>
  inTempDir(async (folder) => {
    const { code, err } = await call(["concurrency-test", "--output", join(folder, "a.txt")]);
    assertEquals(code, 2);
    assertStringIncludes(err, "a report ends with .json");
    assertEquals((await call(["concurrency-test", "--models", "39"])).code, 2);
  }));
