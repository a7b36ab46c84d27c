import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { gateJsonSchema, parseGateConfig, runGate } from "../../lib/gate/mod.ts";
import { CLAIM_IDS } from "../../lib/soak/mod.ts";
import { CHECK_NAMES } from "../../checks/house_checks.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { evidenceText, NOW, SHA } from "../helpers/evidence/gate_evidence.ts";
import { importsOf } from "../helpers/imports_of.ts";

const read = (path: string) => Deno.readTextFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)));
const config = parseGateConfig(read("config/phases.yml"), { file: "config/phases.yml", checks: CHECK_NAMES });

Deno.test("config/phases.yml has the conditions of every phase", () => {
  const own = config.phases.map(({ name, conditions }) =>
    conditions.filter((one) => one.phase === name).map((one) => `${one.id} ${one.require?.text ?? ""}`.trim())
  );
  assertEquals(own, [
    [
      ...["format = 0", "lint = 0", "types = 0", "unit-tests = 0", "touched-tests = 0", "tests = 0"],
      ...[
        "coverage >= 85 %",
        "untested = 0",
        "documents = 0",
        "workflows = 0",
        "memory-test = 0",
        "benchmark",
        "timeout-rate < 1 %",
        "hundred-files = 0",
        "day-run",
        "no-leak",
      ],
    ],
    [
      ...[
        "error-handling = 0",
        "fallback = 0",
        "week-run",
        "no-regression < 1.05",
        "no-regression-over-phase < 1.05",
        "recovery-rate > 95 %",
      ],
      ...["success-rate > 99 %", "completeness = 0", "wire-bytes", "harmless-faults = 0", "stability-improved"],
    ],
    [
      ...["speed-up >= 1.20", "concurrency = 0", "memory", "load-tests = 0", "load", "deadlocks = 0"],
      ...["concurrency-error-rate < 0.1 %", "stability-kept"],
    ],
    [
      ...["speed-up-final >= 2.00", "speed-up-over-phase-3 > 1.50", "stability-kept-final", "long-run"],
      ...["production", "production-live", "packaging = 0"],
    ],
  ]);
});

Deno.test("config/phases.yml: --quick, which branch finish asks, judges what it judges in minutes", () => {
  const quick = config.phases[0]!.conditions.filter((one) => one.isQuick).map(({ id }) => id);
  const house = ["format", "lint", "types", "touched-tests", "documents", "workflows", "memory-test"];
  assertEquals(quick, [...house, "hundred-files"]);
});

Deno.test("config/phases.yml: each phase inherits all conditions of the previous one, and disables none", () => {
  for (const [index, phase] of config.phases.entries()) {
    const before = config.phases[index - 1]?.conditions.map((one) => one.id) ?? [];
    assertEquals(phase.conditions.map((one) => one.id).slice(0, before.length), before);
    for (const condition of phase.conditions) {
      const level = condition.id === "production-live" ? "warn" : "error";
      assertEquals([condition.level, condition.command !== ""], [level, true], condition.id);
    }
  }
});

Deno.test("config/phases.yml says of every minimum what is counted", () => {
  const silent = config.phases[3]!.conditions.filter(({ minCount, counted }) => minCount > 1 && counted === "");
  assertEquals(silent.map(({ id }) => id), []);
});

Deno.test("config/phases.yml requires full runs of a day and a week", () => {
  const durations = config.phases[3]!.conditions.flatMap(({ id, source }) =>
    source.type === "evidence" && /-run$/.test(id) ? [[id, source.demand.minDurationMs / 3_600_000]] : []
  );
  assertEquals(durations, [["day-run", 24], ["week-run", 168], ["long-run", 168]]);
});

Deno.test("config/phases.yml lets no run of one engine, and none with a part of the claims, prove anything", () => {
  for (const { id, source } of config.phases[3]!.conditions) {
    if (source.type === "check" || source.demand.schema !== "civitai-dl/stability") continue;
    const isPerEngine = source.claims.some((claim) => claim.endsWith(":turbo"));
    const { "settings.toxics": toxics, ...others } = source.demand.proofWhere;
    assertEquals([toxics?.includes("mild"), toxics?.includes("none")], [true, false], id);
    assertEquals(others, isPerEngine ? {} : { "settings.engine": ["all"] }, id);
    if (source.judge === "run") assertEquals(source.claims, ["*", ...CLAIM_IDS], id);
  }
});

/** The conditions that fail by one claim of a minute's run, and those that pass it over. */
async function judgeFault(toxics: string, claim: string) {
  const settings = { toxics, engine: "stable" };
  const claims = [{ id: claim, events: 12, trials: 100, verdict: "fail" }];
  const text = evidenceText({ schema: "civitai-dl/stability", plannedMs: 60_000, actualMs: 60_000, settings, claims });
  const { conditions } = config.phases[3]!;
  const only = conditions.flatMap(({ id, source }) =>
    source.type === "evidence" && source.demand.schema === "civitai-dl/stability" ? [id] : []
  );
  const repository = { sha: SHA, isDirty: false, changedSince: () => Promise.resolve([]) };
  const evidence = [{ name: "soak.json", text }];
  const { rows } = await runGate(config.phases[3]!, { only, evidence, repository, clock: new FakeClock(NOW) });
  const isNamed = rows.every((row) => row.evidence !== null || row.passedOver.length === 1);
  return { failed: rows.filter((row) => row.verdict === "fail").map((row) => row.id), isNamed };
}

Deno.test("config/phases.yml lets a fault refute with any settings, and a rate unless the faults are harsher", async () => {
  const runs = ["day-run", "week-run", "long-run"];
  const conditionOf = new Map([
    ["timeout_rate", "timeout-rate"],
    ["late_cut_rate", "timeout-rate"],
    ["success_rate", "success-rate"],
    ["recovery_rate", "recovery-rate"],
    ["recovery_rate:turbo", "recovery-rate"],
    ["concurrency_error_rate", ""],
    ["completeness", "completeness"],
    ["wire_bytes", "wire-bytes"],
    ["deadlocks", "deadlocks"],
    ["restarts", "harmless-faults"],
    ["integrity", "harmless-faults"],
    ["reconciliation_requests", "concurrency"],
    ["reconciliation_bytes", "concurrency"],
    ["leak_heap", "no-leak"],
    ["leak_external", "no-leak"],
    ["leak_handles", "no-leak"],
    ["leak_timers", "no-leak"],
    ["memory_cap", "memory"],
  ]);
  assertEquals(CLAIM_IDS.filter((id) => !conditionOf.has(id)), ["duration"]);
  for (const [claim, own] of conditionOf) {
    for (const toxics of ["none", "mild", "harsh"]) {
      const { failed, isNamed } = await judgeFault(toxics, claim);
      const isExcused = toxics === "harsh" && /^(?:timeout|success|recovery)_rate/.test(claim);
      const expected = isExcused ? [] : [...own === "" ? [] : [own], ...runs];
      assertEquals(failed.toSorted(), expected.toSorted(), `${claim}, ${toxics}`);
      assertEquals(isNamed, true, claim);
    }
  }
});

Deno.test("config/phases.yml lets no short run and no few trials prove a rate", () => {
  for (const { id, source, minCount, require } of config.phases[3]!.conditions) {
    if (source.type === "check") continue;
    const { schema, minDurationMs } = source.demand;
    if (schema === "civitai-dl/stability") assertEquals(minDurationMs >= 7_200_000, true, id);
    // By a smaller count, the rate could not be proven even without a single failure.
    const limit = require?.op.startsWith("<") === true ? require.limit : 1 - (require?.limit ?? 1);
    const fewest = Math.ceil(Math.log(0.05) / Math.log(1 - limit));
    // More where the condition says why: 300 stalls, or what refutes twice the limit.
    const wanted: Readonly<Record<string, number>> = {
      "timeout-rate": 300,
      "recovery-rate": 347,
      "success-rate": 1875,
      "concurrency-error-rate": 22_000,
    };
    if (source.judge === "rate") assertEquals(minCount, wanted[id] ?? fewest, id);
    if (source.judge === "interval") assertEquals(minCount >= 10, true, id);
  }
});

Deno.test("config/phases.yml lets nothing but four hours of one process prove that nothing leaks", () => {
  const [leak] = config.phases[0]!.conditions.filter(({ id }) => id === "no-leak");
  const { source, minCount } = leak!;
  // The trials of these claims are the minutes of the process that lived longest.
  assertEquals([source.type === "evidence" && source.demand.minDurationMs, minCount], [14_400_000, 240]);
  assertEquals(source.type === "evidence" && source.claims, [
    "leak_heap",
    "leak_external",
    "leak_handles",
    "leak_timers",
  ]);
});

Deno.test("config/phases.yml compares each profile with that of the phase before, under the same faults", () => {
  const pairs = config.phases[3]!.conditions.flatMap(({ id, source, minCount }) =>
    source.type === "evidence" && source.demand.schema === "civitai-dl/paired-stability"
      ? [[id, source.demand.where, source.claims.includes("improvement"), minCount]]
      : []
  );
  const where = (profile: string, against: string) => ({
    "settings.profile": [profile],
    "settings.against": [against],
    "settings.toxics": ["mild"],
  });
  assertEquals(pairs, [
    ["stability-improved", where("resilient", "stable"), true, 20_000],
    ["stability-kept", where("parallel", "resilient"), false, 20_000],
    ["stability-kept-final", where("turbo", "parallel"), false, 20_000],
  ]);
});

Deno.test("config/phases.yml accepts no times of another machine", () => {
  const timed = config.phases[3]!.conditions.flatMap(({ id, source }) =>
    source.type === "evidence" && source.demand.sameMachine ? [id] : []
  );
  assertEquals(timed, [
    "benchmark",
    "no-regression",
    "no-regression-over-phase",
    "speed-up",
    "speed-up-final",
    "speed-up-over-phase-3",
  ]);
});

Deno.test("config/phases.yml names only existing test files", async () => {
  for (const { id, source } of config.phases[3]!.conditions) {
    const paths = source.type === "check" ? source.parameters.paths : undefined;
    for (const path of Array.isArray(paths) ? paths : []) {
      const stat = await Deno.stat(fileURLToPath(new URL(`../../${path}`, import.meta.url)));
      assertEquals(stat.isFile || stat.isDirectory, true, id);
    }
  }
});

Deno.test("config/phases.yml names only existing tasks for missing evidence", () => {
  const { tasks } = JSON.parse(read("deno.json"));
  const unknown = config.phases[3]!.conditions.filter(({ command }) => {
    const [, task] = /^deno task (\S+)/.exec(command) ?? [];
    return task === undefined ? !/^(deno lint|deno check|git diff)\b/.test(command) : !Object.hasOwn(tasks, task);
  });
  assertEquals(unknown.map(({ id, command }) => [id, command]), []);
});

Deno.test("config/phases.yml lists every source of the program that a production test is made of", async () => {
  const paths = config.sourcesOf["civitai-dl/production"]!;
  const imported = await importsOf(["cli.ts"], { follows: () => true });
  const isCovered = (file: string) => paths.some((path) => file === path || file.startsWith(`${path}/`));
  assertEquals(imported.filter((file) => !isCovered(file)), []);
});

Deno.test("config/phases.yml lists every source that a stability run imports", async () => {
  assertEquals(Object.keys(config.sourcesOf), [
    "civitai-dl/stability",
    "civitai-dl/paired-stability",
    "civitai-dl/production",
  ]);
  for (const [schema, script] of [["stability", "stability"], ["paired-stability", "paired_stability"]] as const) {
    const paths = config.sourcesOf[`civitai-dl/${schema}`]!;
    // Without the other commands, which cli.ts imports lazily.
    const imported = await importsOf([`scripts/${script}.ts`, "scripts/stability_worker.ts"], {
      follows: ({ from, isDynamic }) => !(isDynamic && from === "cli.ts"),
    });
    assertEquals(imported.includes("lib/transfer/mod.ts") && imported.length > 500, true);
    const isCovered = (file: string) => paths.some((path) => file === path || file.startsWith(`${path}/`));
    assertEquals(imported.filter((file) => !isCovered(file)), []);
    for (const path of [...paths, ...config.sources]) {
      await Deno.stat(fileURLToPath(new URL(`../../${path}`, import.meta.url)));
    }
  }
});

Deno.test("config/phases.schema.json equals the schema of the parser", () => {
  assertEquals(JSON.parse(read("config/phases.schema.json")), gateJsonSchema());
});

Deno.test("docs/gate.md shows a valid file of phases in the terms of the program", () => {
  const text = read("docs/gate.md");
  const { phases } = parseGateConfig(/^```yaml\n(.*?)^```$/ms.exec(text)![1]!, { checks: CHECK_NAMES });
  assertEquals(phases[1]!.conditions.map((one) => `${one.id} ${one.require?.text}`), [
    "lint = 0",
    "timeout-rate < 0.5 %",
  ]);
  for (const name of CHECK_NAMES) assertEquals(text.includes(`\`${name}\``), true, name);
});
