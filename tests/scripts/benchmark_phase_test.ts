import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { command } from "../../scripts/benchmark.ts";
import { requiredSpeedUps } from "../../benchmarks/phases.ts";
import { judgePhaseReport, PHASE_SCHEMA, readBenchDocument } from "../../lib/bench/mod.ts";
import { withSteadySources } from "../helpers/steady_sources.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { steady, writeBenchFile } from "./_bench_file.ts";
import { callCommand } from "../helpers/call_command.ts";

Deno.test("benchmark --phase measures a phase against phase 1, and a preview has no verdict", () =>
  withSteadySources(() =>
    inTempDir(async (folder) => {
      const json = join(folder, "reports", "phase.json");
      const page = join(folder, "phase.html");
      const words = ["--phase", "4", "--quick", "--only", "small", "--only", "mixed", "--runs", "2", "--scale", "0.02"];
      const outputs = ["--output", json, "--output", page, "--work-folder", join(folder, "work")];
      const { code, out, err } = await callCommand(command, [...words, ...outputs]);
      assertEquals(code, 3, err);
      assertMatch(out, /No verdict: the work is scaled by 0.02/);
      const document = await readBenchDocument(json);
      assertEquals([document.schema, document.phase, document.profile], ["civitai-dl/benchmark-phase", 4, "turbo"]);
      const find = (name: string) => document.benchmarks.find((one) => one.name === name)!;
      const time = find("mixed: time");
      assertEquals([time.samples.length, time.unit, time.isExact], [2, "seconds", false]);
      assertEquals(document.baselineBenchmarks.find(({ name }) => name === "mixed: time")!.again.length, 2);
      assert(find("small: requests").samples.every((count) => count > 0));
      assert(find("small: bytes on the wire").samples.every((bytes) => bytes >= 6 * 2 ** 16));
      for (const name of ["file p50", "file p95", "file p99", "processor time", "peak memory"]) {
        assert(find(`mixed: ${name}`).samples.every((value) => value > 0), name);
      }
      const claims = judgePhaseReport(document).map(({ claim }) => claim);
      assertEquals(claims.map(({ id, requirement }) => [id, requirement]), [
        ["speed_up:phase 4:small: time", { op: ">", value: 0 }],
        ["speed_up:phase 4:mixed: time", { op: ">=", value: 2 }],
      ]);
      assertEquals(claims[1]!.verdict, "inconclusive");
      // Baseline, target, baseline again; then reversed.
      const sides = document.order.filter(({ side }) => side.startsWith("mixed")).map(({ side }) => side.slice(7));
      assertEquals(
        sides.map((side) => side.startsWith("ours") ? "B" : side.endsWith("again") ? "a" : "A").join(""),
        "ABaaBAABa",
      );
      assertStringIncludes(await Deno.readTextFile(page), "<svg");
    })
  ));

Deno.test("judgePhaseReport() compares the lower bound, not the estimate, with the promise", () =>
  inTempDir(async (folder) => {
    const judge = async (phase: number, base: number, samples: readonly number[]) => {
      const path = await writeBenchFile(folder, "phase.json", [{ ...steady("mixed: time", 1), samples }], {
        schema: PHASE_SCHEMA,
        target: { name: `phase ${phase}`, sha: "" },
        baselineBenchmarks: [steady("mixed: time", base)],
        required: requiredSpeedUps(phase, ["mixed"]),
      });
      return judgePhaseReport(await readBenchDocument(path))[0]!.claim;
    };
    const one = steady("", 1).samples;
    const wide = one.map((value, index) => value * (index % 2 === 0 ? 0.8 : 1.25));
    assertEquals((await judge(4, 2.2, one)).verdict, "pass");
    assertEquals((await judge(4, 1.8, one)).verdict, "fail");
    assertEquals((await judge(4, 2.1, wide)).verdict, "inconclusive");
    assertEquals((await judge(4, 9, one.slice(0, 1))).verdict, "inconclusive");
    const { estimate, low, requirement, trials } = await judge(3, 1.5, one);
    assert(low! <= estimate! && low! > 1.48 && trials === 20);
    assertEquals(requirement, { op: ">=", value: 1.2 });
    assertEquals([(await judge(2, 1, one)).verdict, (await judge(2, 0.9, one)).verdict], ["pass", "fail"]);
    assertEquals((await judge(1, 0.5, one)).verdict, "pass");
  }));

Deno.test("benchmark --phase refuses unknown phases and workloads", async () => {
  for (
    const [words, said] of [[["--phase", "5"], "--phase"], [["--phase", "1", "--peers"], "two comparisons are given"], [
      [
        "--phase",
        "1",
        "--only",
        "huge",
      ],
      "large, capped, small, mixed, faults",
    ]] as const
  ) {
    const { code, err } = await callCommand(command, words);
    assertEquals(code, 2);
    assertStringIncludes(err, said);
  }
});
