import { assertEquals } from "@std/assert";
import { type EvidenceContext, type GateConfig, parseGateConfig } from "../../../lib/gate/mod.ts";
import { type EvidenceStep, listUnused, planEvidence, stateOfStep } from "../../../checks/mod.ts";
import { evidenceText, MACHINE, NOW, SHA } from "../../helpers/evidence/gate_evidence.ts";

const EARLIER = { sha: "b".repeat(40), isDirty: false, ref: "main" };
const UNKNOWN = { sha: "c".repeat(40), isDirty: false, ref: "main" };
const DIRTY = { sha: SHA, isDirty: true, ref: "main" };
const CONFIG: GateConfig = parseGateConfig(`version: 1
sources: [lib]
sourcesOf: { test/stability: [lib/stability] }
phases:
  - name: 1
    title: One
    conditions:
      - id: rates
        title: Two hours
        evidence: { schema: test/stability, minDuration: 2h, maxAge: 14d, sameMachine: true }
        judge: run
        command: deno task stability --duration 4h
      - id: leaks
        title: Four hours
        evidence: { schema: test/stability, minDuration: 4h, maxAge: 14d, sameMachine: true }
        judge: run
        command: deno task stability --duration 4h
`);
const [SHORT, WHOLE] = planEvidence(CONFIG).steps as [EvidenceStep, EvidenceStep];
const HOUR_MS = 3_600_000;

/** At the current commit; between it and {@linkcode EARLIER}, only these files differ. */
function contextAfter(...changes: readonly string[]): EvidenceContext {
  const since: Readonly<Record<string, readonly string[]>> = { [SHA]: [], [EARLIER.sha]: changes };
  return {
    now: NOW,
    machine: MACHINE,
    repository: {
      sha: SHA,
      isDirty: false,
      changedSince(sha, paths) {
        const isSource = (file: string) => paths!.some((path) => file.startsWith(`${path}/`));
        return Promise.resolve(since[sha]?.filter(isSource) ?? null);
      },
    },
  };
}

/** A report of four hours that ended an hour ago. */
function report(changes: Readonly<Record<string, unknown>> = {}): string {
  const startedAt = new Date(NOW - 5 * HOUR_MS).toISOString();
  return evidenceText({
    schema: "test/stability",
    startedAt,
    actualMs: 4 * HOUR_MS,
    end: { type: "planned" },
    ...changes,
  });
}

async function read(
  text: string | null,
  { step = WHOLE, path = "/reports/stability-4h.json", changes = ["docs/evidence/a.json"], except = [] }: {
    readonly step?: EvidenceStep;
    readonly path?: string;
    readonly changes?: readonly string[];
    readonly except?: readonly string[];
  } = {},
): Promise<string> {
  const files = text === null ? [] : [{ name: path, text }];
  const facts = { files, path: "/reports/stability-4h.json", context: contextAfter(...changes), except };
  return (await stateOfStep(step, facts)).state;
}

Deno.test("stateOfStep() keeps complete reports of this commit, continues stopped runs, and makes all others anew", async () => {
  assertEquals(await read(null), "to make");
  assertEquals(await read(report()), "done");
  // A claim that failed ended the run: that is its result.
  assertEquals(await read(report({ actualMs: HOUR_MS, end: { type: "claim", claim: "integrity" } })), "done");
  assertEquals(await read(report({ end: undefined })), "done");
  assertEquals(await read(report({ commit: UNKNOWN })), "to make");
  assertEquals(await read(report({ commit: DIRTY })), "to make");
  for (const end of [{ type: "signal", reason: "Stopped" }, { type: "running" }]) {
    const stopped = { actualMs: HOUR_MS, end };
    assertEquals(await read(report(stopped)), "to continue");
    assertEquals(await read(report(stopped), { step: { ...WHOLE, isResumable: false } }), "to make");
    // It goes on in its own file and at its own commit.
    assertEquals(await read(report(stopped), { path: "/docs/evidence/long.json" }), "to make");
    for (const commit of [EARLIER, DIRTY]) assertEquals(await read(report({ ...stopped, commit })), "to make");
  }
  assertEquals(await read(report().replace('"seed":7', '"seed":8')), "to make");
  assertEquals(await read(report({ schema: "test/load" })), "to make");
});

Deno.test("stateOfStep() keeps a report of an earlier commit while nothing that it is made from has changed", async () => {
  const earlier = report({ commit: EARLIER });
  assertEquals(await read(earlier), "done");
  assertEquals(await read(earlier, { changes: ["lib/gate/a.ts"] }), "done");
  assertEquals(await read(earlier, { changes: ["lib/stability/a.ts"] }), "to make");
});

Deno.test("stateOfStep() finds a report under any name, but keeps none that the gate would not accept", async () => {
  assertEquals(await read(report(), { path: "/docs/evidence/long.json" }), "done");
  const [startedAt, endedAt] = [16, 15].map((days) => new Date(NOW - days * 24 * HOUR_MS).toISOString());
  assertEquals(await read(report({ startedAt, endedAt })), "to make");
  assertEquals(await read(report({ machine: { ...MACHINE, cpu: "another" } })), "to make");
});

Deno.test("stateOfStep() needs the length that each condition asks for, but not what no report would serve", async () => {
  const twoHours = report({ actualMs: 2 * HOUR_MS });
  assertEquals(await read(twoHours), "to make");
  assertEquals(await read(twoHours, { except: ["leaks"] }), "done");
  assertEquals(await read(twoHours, { step: SHORT }), "done");
  assertEquals(await read(report(), { step: SHORT }), "done");
});

Deno.test("listUnused() names the files that no condition accepts, with the reason of the gate", async () => {
  const files = [
    { name: "good.json", text: report({ actualMs: 2 * HOUR_MS }) },
    { name: "old.json", text: report({ commit: EARLIER }) },
    { name: "other.json", text: report({ schema: "test/load" }) },
  ];
  const demands = Object.values(WHOLE.demands);
  assertEquals(await listUnused(files, demands, contextAfter("lib/stability/a.ts")), [
    {
      name: "old.json",
      reason: "it was made at commit bbbbbbbbb, and these sources have changed since: lib/stability/a.ts",
    },
    { name: "other.json", reason: "no condition asks for a report of its kind" },
  ]);
});
