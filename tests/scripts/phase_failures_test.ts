import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { judgePhaseReport, phasesPage, type SideRuns } from "../../lib/bench/mod.ts";
import { withExit } from "../../lib/cli/mod.ts";
import { renderReportText } from "../../lib/report/mod.ts";
import { importWorkloads, type Workloads } from "../../scripts/_bench/run_benchmark.ts";
import { runPhase } from "../../scripts/_bench/run_phase.ts";
import { ShownReport } from "../../scripts/_frame/report/shown_report.ts";
import { command } from "../../scripts/benchmark.ts";
import { command as reportCommand } from "../../scripts/benchmark_report.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { callCommand } from "../helpers/call_command.ts";

/** The fates of the sides of one workload: how many runs succeed, and why there are no more. */
interface Fate {
  readonly throws?: string;
  readonly base?: readonly [runs: number, problem: string];
  readonly target?: readonly [runs: number, problem: string];
}

/** Workloads on which phase 4 is three times as fast, with sides that fail as specified. */
async function fakeWorkloads(fates: Readonly<Record<string, Fate>>): Promise<Workloads> {
  const real = await importWorkloads();
  const side = (name: string, seconds: number, [runs, problem]: readonly [number, string | null]): SideRuns => ({
    name,
    problem,
    warmup: [],
    samples: Array.from({ length: runs }, (_, round) => ({
      round: round + 1,
      startedMs: round,
      seconds: seconds * (1 + round / 1000),
      bytes: 1,
      stdout: "",
      stderr: "",
      code: 0,
      cpuSeconds: 1,
      peakRssBytes: 1,
    })),
  });
  return {
    ...real,
    phaseTargets: (phase, onRuns) =>
      real.phaseTargets(phase, onRuns).map((target) => ({
        ...target,
        measure() {
          const { throws, base = [10, null], target: ours = [10, null] } = fates[target.id] ?? {};
          if (throws !== undefined) return Promise.reject(new Error(throws));
          const names = real.phaseSides(phase);
          const runs = [
            side(names.baseline, 3, base),
            side(names.target, 1, ours),
            ...target.id === "capped" ? [side(names.previous, 2, [10, null])] : [],
            side(names.again, 3, [10, null]),
          ];
          onRuns({ id: target.id } as Parameters<typeof onRuns>[0], runs);
          return Promise.resolve({ runs, workload: "", claims: [], charts: [], notes: [] });
        },
      })),
  };
}

/** Run `benchmark --phase` on such workloads. */
async function measure(fates: Readonly<Record<string, Fate>>, ...words: readonly string[]) {
  const workloads = await fakeWorkloads(fates);
  const faked: typeof command = {
    ...command,
    async run(context) {
      const { document, exitCode } = await runPhase(context.flags.phase!, context, workloads);
      return withExit(new ShownReport(document, renderReportText(phasesPage([document]))), exitCode);
    },
  };
  const folder = await Deno.makeTempDir();
  try {
    return await callCommand(faked, ["--phase", "4", "--work-folder", join(folder, "work"), ...words]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test.each(
  [
    ["all runs end well", {}, 0],
    ["the phase was given up after 7 runs", { mixed: { target: [7, "exit code 1"] } }, 1],
    ["the phase has no run", { mixed: { target: [0, "exit code 1"] } }, 1],
    ["phase 1 was given up after 7 runs", { mixed: { base: [7, "exit code 1"] } }, 3],
    ["phase 1 has no run", { mixed: { base: [0, "exit code 1"] } }, 3],
    ["the promised workload broke off", { mixed: { throws: "no server" } }, 3],
    ["another workload broke off", { large: { throws: "no server" } }, 3],
    ["the phase was given up where nothing is promised", { large: { target: [0, "exit code 1"] } }, 1],
    ["phase 1 was given up where nothing is promised", { large: { base: [3, "exit code 1"] } }, 3],
    [
      "every workload broke off",
      Object.fromEntries(["large", "capped", "small", "mixed", "faults"].map((id) => [id, { throws: "no server" }])),
      3,
    ],
  ] as readonly (readonly [what: string, fates: Readonly<Record<string, Fate>>, code: number])[],
)("benchmark --phase where %s", async (_what, fates, code) => {
  const ended = await measure(fates, "--json");
  assertEquals(ended.code, code, ended.err);
  const claims = judgePhaseReport(JSON.parse(ended.out)).map(({ claim }) => claim);
  // No claim disappears, and each that is not met has a reason.
  assertEquals(claims.map(({ id }) => id), [
    ...["large", "capped", "small", "mixed", "faults"].map((workload) => `speed_up:phase 4:${workload}: time`),
    "speed_up:phase 4 over phase 3:capped: time",
  ]);
  for (const [workload, { target, base, throws }] of Object.entries(fates)) {
    const claim = claims.find(({ id }) => id === `speed_up:phase 4:${workload}: time`)!;
    assertEquals(claim.verdict, target === undefined ? "not evaluated" : "fail");
    const said = target?.[1] ?? base?.[1];
    if (said !== undefined) assertStringIncludes(`${claim.reason} ${claim.note}`, said);
    if (throws !== undefined) assertStringIncludes(JSON.parse(ended.out).notes.join("\n"), `${workload}: ${throws}`);
  }
});

Deno.test("benchmark --phase 4 compares with phase 3 where a server limits each connection", async () => {
  const { out, code, err } = await measure({}, "--only", "capped", "--json");
  assertEquals(code, 0, err);
  const { notes, previous, phase1, ...document } = JSON.parse(out);
  assertEquals([previous.name, previous.benchmarks[0].name, phase1], ["phase 3", "capped: time", "profile"]);
  const { claim } = judgePhaseReport({ ...document, previous })[1]!;
  assertEquals([claim.verdict, claim.estimate! > 1.9], ["pass", true]);
  assertEquals(
    notes.some((note: string) =>
      note.includes("the gate accepts only the tag of phase 1, which deno task branch finish-phase 1 makes")
    ),
    true,
  );
});

Deno.test("benchmark --phase exits with 3 and reports that nothing was judged without a promise", async () => {
  for (const words of [["--only", "large,small"], ["--only", "large,small", "--phase", "1"]]) {
    const { code, out, err } = await measure({}, ...words);
    assertEquals(code, 3, err);
    assertMatch(out, /No verdict: nothing is promised of phase \d on large, small, so that nothing was judged/);
  }
  const { out } = await measure({}, "--only", "large", "--json");
  const { reservation, notes } = JSON.parse(out);
  // The times are valid and may serve as evidence.
  assertEquals(reservation, null);
  assertStringIncludes(notes.join(), "so that nothing was judged");
  assertEquals((await measure({ large: { target: [3, "exit code 1"] } }, "--only", "large")).code, 1);
  assertEquals((await measure({}, "--only", "mixed")).code, 0);
});

Deno.test("benchmark-report shows that an abandoned phase has failed, and what was not measured as such", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "phase.json");
    const show = async (fate: Fate) => {
      await Deno.writeTextFile(path, (await measure({ mixed: fate }, "--json")).out);
      return await callCommand(reportCommand, [path]);
    };
    for (const runs of [0, 7]) {
      const missed = await show({ target: [runs, "exit code 1"] });
      assertEquals(missed.code, 0, missed.err);
      assertMatch(missed.out, /^mixed: time: fail$/m);
      assertStringIncludes(missed.out, "in the candidate: exit code 1");
    }
    for (const fate of [{ throws: "no server" }, { base: [0, "exit code 1"] as const }]) {
      const open = await show(fate);
      assertEquals(open.code, 0, open.err);
      assertMatch(open.out, /^mixed: time: inconclusive\n +not evaluated /m);
    }
  }));
