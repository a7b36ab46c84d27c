import { assertEquals } from "@std/assert";
import { sealEvidence, thisMachine, thisProgram } from "../../../lib/base/mod.ts";
import { parseGateConfig } from "../../../lib/gate/mod.ts";
import { chooseSitting, commandOf, type EvidenceStep, planEvidence, stateOfStep } from "../../../checks/mod.ts";

const SHA = "4f1d2c".padEnd(40, "0");
const HOUR_MS = 3_600_000;
const STEP: EvidenceStep = {
  id: "stability-4h",
  schema: "civitai-dl/stability",
  words: ["stability", "--duration", "4h"],
  conditions: ["timeout-rate"],
  ofPhase1: [],
  estimateMs: 4 * HOUR_MS,
  diskBytes: 1e9,
  isResumable: true,
  isLong: false,
};

function reportOf(changes: Readonly<Record<string, unknown>> = {}): string {
  const at = "2026-11-25T12:00:00.000Z";
  const times = { seed: 1, startedAt: at, endedAt: at, plannedMs: 0, actualMs: 0 };
  const commit = { sha: SHA, isDirty: false, ref: "main" };
  const header = { schema: STEP.schema, version: 1, tool: thisProgram(), commit, machine: thisMachine(), ...times };
  return JSON.stringify(sealEvidence({ ...header, end: { type: "planned" }, ...changes }));
}

Deno.test("planEvidence() lists each report of config/phases.yml once, with all conditions that ask for it", async () => {
  const text = await Deno.readTextFile(new URL("../../../config/phases.yml", import.meta.url));
  const { steps, manual } = planEvidence(parseGateConfig(text));
  assertEquals(steps.map(({ id }) => id), [
    "benchmark-phase-4",
    "stability-4h",
    "stability-24h",
    "stability-7d",
    "benchmark-compare-merge-base",
    "benchmark-compare-phase-tag",
    "paired-stability-resilient",
    "benchmark-phase-3",
    "load",
    "concurrency",
    "paired-stability-parallel",
    "paired-stability-turbo",
  ]);
  assertEquals(steps.filter(({ isLong }) => isLong).map(({ id }) => id), ["stability-24h", "stability-7d"]);
  const [phase4] = steps;
  assertEquals(phase4!.words, ["benchmark", "--phase", "4"]);
  assertEquals(phase4!.conditions, ["benchmark", "speed-up-final", "speed-up-over-phase-3"]);
  assertEquals(phase4!.ofPhase1, ["speed-up-final", "speed-up-over-phase-3"]);
  assertEquals(manual.map(({ condition }) => condition), ["environments", "production", "production-live"]);
});

Deno.test("stateOfStep() keeps complete reports of this commit, continues stopped runs, and makes all others anew", () => {
  assertEquals(stateOfStep(STEP, null, SHA), "to make");
  assertEquals(stateOfStep(STEP, reportOf(), SHA), "done");
  // A claim that failed ended the run: that is its result.
  assertEquals(stateOfStep(STEP, reportOf({ end: { type: "claim", claim: "integrity" } }), SHA), "done");
  assertEquals(stateOfStep(STEP, reportOf({ end: undefined }), SHA), "done");
  assertEquals(stateOfStep(STEP, reportOf(), "0".repeat(40)), "to make");
  const dirty = { commit: { sha: SHA, isDirty: true, ref: "main" } };
  assertEquals(stateOfStep(STEP, reportOf(dirty), SHA), "to make");
  for (const end of [{ type: "signal", reason: "Stopped" }, { type: "running" }]) {
    assertEquals(stateOfStep(STEP, reportOf({ end }), SHA), "to continue");
    assertEquals(stateOfStep({ ...STEP, isResumable: false }, reportOf({ end }), SHA), "to make");
  }
  assertEquals(stateOfStep(STEP, reportOf().replace('"seed":1', '"seed":2'), SHA), "to make");
  assertEquals(stateOfStep({ ...STEP, schema: "civitai-dl/load" }, reportOf(), SHA), "to make");
});

Deno.test("chooseSitting() takes what fits, and what can be stopped when the time is over", () => {
  const planned = (id: string, hours: number, changes: Partial<EvidenceStep> = {}, state = "to make") => ({
    step: { ...STEP, id, estimateMs: hours * HOUR_MS, ...changes },
    state: state as "to make" | "done",
  });
  const steps = [
    planned("done", 1, {}, "done"),
    planned("short", 1),
    planned("long", 3, { isResumable: false }),
    planned("parts", 4),
    planned("last", 1),
  ];
  const ids = (hours: number) => chooseSitting(steps, hours * HOUR_MS).map(({ step }) => step.id);
  assertEquals(ids(Infinity), ["short", "long", "parts", "last"]);
  assertEquals(ids(3), ["short", "parts"]);
  assertEquals(ids(0.5), ["short"]);
});

Deno.test("commandOf() starts a task with its permissions, and continues a run without its other flags", () => {
  const command = 'ROOT=$PWD && cd "$INIT_CWD" && deno run -q -P=stability "$ROOT/scripts/stability.ts"';
  const facts = { command, root: "/src", path: "/src/reports/a.json" };
  const [, ...made] = commandOf(STEP, { ...facts, state: "to make" });
  assertEquals(made, [
    ...["run", "-q", "-P=stability", "/src/scripts/stability.ts"],
    ...["--duration", "4h", "--output", "/src/reports/a.json"],
  ]);
  const [, ...continued] = commandOf(STEP, { ...facts, state: "to continue" });
  assertEquals(continued.slice(4), ["--resume", "/src/reports/a.json"]);
});
