import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "node:path";
import { openEvidence, thisMachine, thisProgram } from "../../lib/base/mod.ts";
import { judgePairs, PAIR_SCHEMA, type PairReport, pairsPage } from "../../lib/stability/mod.ts";
import { renderReportText } from "../../lib/report/mod.ts";
import { call } from "../helpers/call.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { roundsOf } from "../stability/pairs/_rounds.ts";

function reportOf(rounds: PairReport["rounds"]): PairReport {
  return {
    schema: PAIR_SCHEMA,
    version: 1,
    tool: thisProgram(),
    commit: { sha: "", isDirty: false, ref: "" },
    machine: thisMachine(),
    seed: 1,
    startedAt: "2026-11-25T12:00:00.000Z",
    endedAt: "2026-11-25T12:10:00.000Z",
    plannedMs: 0,
    actualMs: 600_000,
    verdict: "pass",
    end: { type: "planned" },
    settings: { profile: "parallel", against: "resilient", toxics: "mild", seed: 1, rounds: rounds.length, lanes: 4 },
    claims: judgePairs(rounds),
    rounds,
    sittings: [],
  };
}

Deno.test("pairsPage() shows each claim with its bounds, their confidence and the limit", () => {
  const textOf = (rounds: PairReport["rounds"]) => renderReportText(pairsPage(reportOf(rounds)));
  const text = textOf(roundsOf(120));
  assertStringIncludes(
    text,
    "Paired stability: pass\nparallel against resilient, mild faults, 120 of 120 rounds, 10m\n",
  );
  assertMatch(
    text,
    /^pass +failure_rate +0 %, −0\.02\d* % to 0\.02\d* % at 95 % \(12000 pairs\) \(required ≤ 0\.2 %\)$/m,
  );
  assertMatch(text, /^pass +p99_time +1 times \(12000 pairs\) \(required ≤ 1\.05 times\)$/m);
  assertMatch(text, /^fail +improvement +.*none is better by more than may be worse/m);
  assertStringIncludes(textOf([]), "0 rounds are too few");
});

Deno.test("paired-stability refuses what cannot be compared or continued, before it begins", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "paired.json");
    const cases = [
      { argv: ["--profile", "stable"], code: 2, says: "no profile is before it" },
      { argv: ["--profile", "turbo", "--against", "turbo"], code: 2, says: "with itself" },
      { argv: ["--output", join(folder, "a.txt")], code: 2, says: "a report ends with .json" },
      { argv: ["--rounds", "0"], code: 2, says: "--rounds" },
      { argv: ["--resume", path], code: 2, says: "there is no such report" },
    ];
    for (const { argv, code, says } of cases) {
      const result = await call(["paired-stability", ...argv]);
      assertEquals(result.code, code, result.err);
      assertStringIncludes(result.err, says);
    }
    const text = JSON.stringify(reportOf(roundsOf(3)));
    await Deno.writeTextFile(path, text);
    const other = await call(["paired-stability", "--resume", path, "--seed", "7"]);
    assertEquals(other.code, 4, other.err);
    assertStringIncludes(other.err, "--seed is 7, and the run began with 1");
    await Deno.writeTextFile(path, text.slice(0, -1));
    assertEquals((await call(["paired-stability", "--resume", path])).code, 7);
  }));

// One round of two real downloads.
Deno.test("paired-stability writes a report, and says that a round is too few", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "reports", "paired.json");
    const words = ["--rounds", "1", "--lanes", "1", "--toxics", "none", "--work-folder", join(folder, "work")];
    const { code, out, err } = await call(["paired-stability", ...words, "--output", path]);
    assertEquals(code, 3, err + out);
    assertStringIncludes(err, "Paired stability: turbo against parallel, 1 rounds, no faults, seed 1, 1 at a time");
    assertStringIncludes(out, "Paired stability: inconclusive\n");
    assertStringIncludes(out, "\nReport: ");
    const report = openEvidence(await Deno.readTextFile(path), { schema: PAIR_SCHEMA }) as unknown as PairReport;
    assertEquals([report.rounds.length, report.verdict], [1, "inconclusive"]);
    const { items, failed, hit, times } = report.rounds[0]!;
    assertEquals([failed, hit], [{ both: 0, profile: 0, against: 0 }, 0]);
    assertEquals([items > 60, times.profile.length, times.against.length], [true, items, items]);
    assertEquals(await Array.fromAsync(Deno.readDir(join(folder, "work"))), []);
    // It would be complete at once.
    assertEquals((await call(["paired-stability", "--resume", path])).code, 2);
    assertEquals((await call(["paired-stability", ...words, "--output", path])).code, 4);
    assertEquals(await exists(path), true);
  }));
