import { assertEquals, assertMatch } from "@std/assert";
import { problemsOfSoak } from "../../../checks/phase/problems_of_soak.ts";
import type { Evidence } from "../../../lib/base/mod.ts";
import { evidenceText } from "../../helpers/evidence/gate_evidence.ts";

const FAILED: Readonly<Record<string, unknown>> = {
  settings: { toxics: "mild", lanes: 4, pace: 2 },
  seed: 11,
  plannedMs: 7_200_000,
  actualMs: 7_200_000,
  failures: [
    {
      jobIndex: 59,
      kind: "wrong_bytes",
      text: "59-download:turbo: wrong bytes: models/a.safetensors: SHA-256 is 1, expected 2",
    },
    { jobIndex: 60, kind: "other", text: "60-update: images/b.png: no answer" },
    { jobIndex: 63, kind: "missing", text: "63-download:turbo: missing: file:1:2, not planned" },
    {
      jobIndex: 65,
      kind: "too_many_bytes",
      text: "65-download:turbo: too many bytes: file:1:2: 400 were sent, 200 were wanted",
    },
    {
      jobIndex: 64,
      kind: "late_cut",
      text: "64-download:stable: cut too late: 64-7 was silent before its headers for 9000 ms, 7500 ms are allowed",
    },
  ],
  differences: [{ jobIndex: 61, text: "61-verify: 61-verify-3 was counted by the server alone" }],
  deadlocks: [{
    id: "62-plan",
    jobIndex: 62,
    silentMs: 61_000,
    jobs: [{ id: "62-plan", state: "listing" }],
    dump: "at list (a.ts:1)",
  }],
};

function problems(claim: string, changes: Readonly<Record<string, unknown>> = {}): readonly string[] {
  const evidence = JSON.parse(evidenceText({ ...FAILED, ...changes })) as Evidence;
  return problemsOfSoak(evidence, claim).map(({ message }) => message);
}

Deno.test.each(
  [
    ["integrity", /^59-download:turbo: wrong bytes: models\/a\.safetensors/, "2m 30s"],
    ["completeness", /^63-download:turbo: missing: file:1:2/, "2m 32s"],
    ["late_cut_rate", /^64-download:stable: cut too late: 64-7 was silent/, "2m 33s"],
    ["wire_bytes", /^65-download:turbo: too many bytes: file:1:2: 400 were sent/, "2m 33s"],
    ["success_rate", /^60-update: images\/b\.png/, "2m 31s"],
    ["reconciliation_requests", /^61-verify: /, "2m 31s"],
    ["deadlocks", /^62-plan: gave no sign of life for 1m 1s, last at "listing"\nat list \(a\.ts:1\)$/, "2m 32s"],
  ] as const,
)("problemsOfSoak() names the job of %s, and the command that repeats it", (claim, wanted, length) => {
  const [first, last, ...rest] = problems(claim);
  assertMatch(first!, wanted);
  assertEquals(rest, []);
  const duration = length.replaceAll(" ", "");
  assertEquals(
    last,
    `repeat it from its seed: deno task stability --duration ${duration} --seed 11 --toxics mild --lanes 4 --pace 2 ` +
      `--abort-on ${claim}`,
  );
});

Deno.test("problemsOfSoak() repeats a run of one engine, and names the failures of one group", () => {
  const settings = { toxics: "mild", lanes: 4, pace: 2, engine: "stable" };
  const [first, last] = problems("success_rate:stable", { settings });
  assertMatch(first!, /^60-update: images\/b\.png/);
  assertMatch(last!, /--toxics mild --engine stable --lanes 4 --pace 2 --abort-on success_rate$/);
});

Deno.test("problemsOfSoak() names the jobs whose process ended, for restarts and for what failed with them", () => {
  const lost = '66-plan: The process ended with SIGKILL, last at "listing"';
  const failures = [...FAILED.failures as readonly unknown[], { jobIndex: 66, kind: "lost", text: lost }];
  assertEquals(problems("restarts", { failures })[0], lost);
  assertEquals(problems("success_rate", { failures })[1], lost);
});

Deno.test("problemsOfSoak() repeats the whole run if no job is known, and knows nothing of other reports", () => {
  assertMatch(problems("leak_heap")[0]!, /--duration 2h --seed 11 /);
  assertEquals(problems("integrity", { settings: null, failures: "none" }), []);
  assertEquals(problems("speed_up:phase 4"), []);
});
