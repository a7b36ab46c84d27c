import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import type { PeersReport } from "../../benchmarks/peers/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { call } from "../helpers/call.ts";

Deno.test("benchmark measures the start of the program, and a preview has no verdict", () =>
  inTempDir(async (folder) => {
    const page = join(folder, "reports", "peers.html");
    const words = [
      "benchmark",
      "--peers",
      "--only",
      "p8",
      "--runs",
      "1",
      "--work-folder",
      join(folder, "work"),
      "--json",
    ];
    const { code, out, err } = await call([...words, "--output", page]);
    assertEquals(code, 3, err);
    const report: PeersReport = JSON.parse(out);
    assertEquals([report.schema, report.settings.runs], ["civitai-dl/benchmark", 1]);
    assertMatch(report.reservation!, /1 of at least 6/);
    const [target] = report.targets;
    assertEquals([target!.id, target!.claims[0]!.verdict, target!.notes.length], ["P8", "inconclusive", 1]);
    assert(target!.claims[0]!.estimate! > 0.01);
    assert(target!.charts[0]!.series.every((side) => side.problem === null && side.values.length === 4));
    const order = target!.runs.flatMap(({ name, warmup, samples }) =>
      [...warmup, ...samples].map((run) => ({ name, ...run }))
    )
      .toSorted((a, b) => a.startedMs - b.startedMs).map(({ name }) => name[0]);
    assertEquals(order.join(""), "doDDoddoDDoddoD");
    assertStringIncludes(err, "P8 warm-up");
    assertStringIncludes(await Deno.readTextFile(page), "<svg");
  }));

Deno.test("benchmark refuses invalid flags before it measures", async () => {
  const lines: [words: readonly string[], said: string][] = [
    [[], "Use one of --peers and --phase"],
    [["--peers", "--phase", "4"], "two comparisons"],
    [["--peers", "--output", "x.csv"], '"x.csv"'],
    [["--peers", "--only", "P8,P99"], 'target "P99"'],
    [["--peers", "--output", "peers.pdf"], '"peers.pdf"'],
    [["--peers", "--output", "deno.json/peers.html"], '"deno.json/peers.html"'],
    [["--phase", "4", "--output", "deno.json/phase.json"], '"deno.json/phase.json"'],
    [["--peers", "--scale", "2"], "--scale"],
    [["--peers", "--runs", "0"], "--runs"],
  ];
  for (const [words, said] of lines) {
    const { code, err } = await call(["benchmark", ...words]);
    assertEquals(code, 2, words.join(" "));
    assertStringIncludes(err, said);
  }
});
