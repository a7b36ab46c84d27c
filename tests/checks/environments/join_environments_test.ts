import { assertEquals, assertThrows } from "@std/assert";
import { EvidenceError, KitError, sealEvidence, thisProgram } from "../../../lib/base/mod.ts";
import { joinEnvironments, SYSTEMS } from "../../../checks/mod.ts";

interface Part {
  readonly system?: string;
  readonly verdict?: "pass" | "fail";
  readonly sha?: string;
  readonly isDirty?: boolean;
  readonly tests?: string;
  readonly minute?: number;
}

/** A sealed report of one system, as a file. */
function part(options: Part = {}): { readonly name: string; readonly text: string } {
  const { system = "linux", verdict = "pass", sha = "a".repeat(40), isDirty = false, tests = "all", minute = 0 } =
    options;
  const report = sealEvidence({
    schema: "civitai-dl/environment",
    version: 1,
    tool: thisProgram(),
    commit: { sha, isDirty, ref: "main" },
    machine: { cpu: "any", cores: 2, memoryBytes: 2 ** 32, kernel: `${system} 1.0`, arch: "x86_64" },
    seed: null,
    startedAt: `2026-01-01T00:0${minute}:00.000Z`,
    endedAt: `2026-01-01T00:1${minute}:00.000Z`,
    plannedMs: 0,
    actualMs: 600_000,
    settings: { tests },
    system,
    claims: [
      { id: "self-test", events: 0, trials: 4, verdict: "pass", note: "4 steps" },
      { id: "tests", events: verdict === "pass" ? 0 : 2, trials: 900, verdict, note: "900 tests" },
    ],
  });
  return { name: `${system}.json`, text: JSON.stringify(report) };
}

Deno.test("joinEnvironments() makes a claim for each system, and keeps the reports", () => {
  const systems = Object.values(SYSTEMS);
  const report = joinEnvironments(systems.map((system, minute) => part({ system, minute })).toReversed());
  assertEquals(report.claims.map(({ id, events, trials, verdict }) => [id, events, trials, verdict]), [
    ["linux", 0, 904, "pass"],
    ["macos", 0, 904, "pass"],
    ["windows", 0, 904, "pass"],
  ]);
  assertEquals(
    report.claims[1]!.note,
    `self-test: 4 steps; tests: 900 tests (macos 1.0, x86_64, Deno ${Deno.version.deno})`,
  );
  assertEquals([report.startedAt, report.endedAt], ["2026-01-01T00:00:00.000Z", "2026-01-01T00:12:00.000Z"]);
  assertEquals([report.actualMs, report.commit.sha, report.parts.length], [600_000, "a".repeat(40), 3]);
});

Deno.test("joinEnvironments() reports a system that failed, and has no claim for one without a report", () => {
  const { claims } = joinEnvironments([part(), part({ system: "windows", verdict: "fail" })]);
  assertEquals(claims.map(({ id, events, verdict }) => [id, events, verdict]), [["linux", 0, "pass"], [
    "windows",
    2,
    "fail",
  ]]);
  assertEquals(claims[1]!.note.startsWith("tests: 900 tests ("), true);
});

const OTHERS: readonly (readonly [Part, string])[] = [
  [{ system: "macos", sha: "b".repeat(40) }, "it is of commit bbbbbbbbb, the first one of aaaaaaaaa"],
  [{ system: "macos", sha: "" }, "it names no commit"],
  [{ system: "macos", isDirty: true }, "it was made with uncommitted changes to commit aaaaaaaaa"],
  [{ system: "macos", tests: "tests/base" }, "its tests are tests/base, those of the first one all"],
];
for (const [options, reason] of OTHERS) {
  Deno.test(`joinEnvironments() refuses a report: ${reason}`, () => {
    assertThrows(() => joinEnvironments([part(), part(options)]), KitError, `Cannot join "macos.json": ${reason}`);
  });
}

Deno.test("joinEnvironments() refuses two reports of one system, and none at all", () => {
  assertThrows(
    () => joinEnvironments([part(), { ...part(), name: "again.json" }]),
    KitError,
    '"again.json" is also of linux',
  );
  assertThrows(() => joinEnvironments([]), KitError, "none was given");
});

Deno.test("joinEnvironments() refuses a report that was edited, and one of another system", () => {
  const { name, text } = part({ verdict: "fail" });
  const edited = text.replaceAll('"fail"', '"pass"');
  assertThrows(() => joinEnvironments([{ name, text: edited }]), EvidenceError, "its digest is");
  assertThrows(() => joinEnvironments([part({ system: "amiga" })]), KitError, "one has no system");
});
