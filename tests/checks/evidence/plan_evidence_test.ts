import { assertEquals } from "@std/assert";
import { parseGateConfig } from "../../../lib/gate/mod.ts";
import { chooseSitting, chooseSteps, commandOf, type EvidenceStep, planEvidence } from "../../../checks/mod.ts";

const HOUR_MS = 3_600_000;
const STEP: EvidenceStep = {
  id: "stability-4h",
  schema: "civitai-dl/stability",
  words: ["stability", "--duration", "4h"],
  conditions: ["timeout-rate"],
  demands: {},
  ofPhase1: [],
  estimateMs: 4 * HOUR_MS,
  diskBytes: 1e9,
  isResumable: true,
  isLong: false,
  shortOf: null,
};

Deno.test("planEvidence() lists each report of config/phases.yml once, with all conditions that ask for it", async () => {
  const text = await Deno.readTextFile(new URL("../../../config/phases.yml", import.meta.url));
  const { steps, manual } = planEvidence(parseGateConfig(text));
  assertEquals(steps.map(({ id }) => id), [
    "benchmark-phase-4",
    "stability-2h",
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

Deno.test("planEvidence() offers a run as long as most conditions need it, and chooseSteps() takes it if asked", async () => {
  const text = await Deno.readTextFile(new URL("../../../config/phases.yml", import.meta.url));
  const { steps } = planEvidence(parseGateConfig(text));
  const [short, whole] = ["stability-2h", "stability-4h"].map((id) => steps.find((step) => step.id === id)!);
  assertEquals([short!.shortOf, short!.words], ["stability-4h", ["stability", "--duration", "2h"]]);
  assertEquals(whole!.conditions.filter((id) => !short!.conditions.includes(id)), ["no-leak"]);
  const stability = (isShort: boolean, isLong: boolean) =>
    chooseSteps(steps, { isShort, isLong }).map(({ id }) => id).filter((id) => id.startsWith("stability"));
  assertEquals(stability(false, false), ["stability-4h"]);
  assertEquals(stability(true, false), ["stability-2h"]);
  assertEquals(stability(true, true), ["stability-2h", "stability-24h", "stability-7d"]);
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
