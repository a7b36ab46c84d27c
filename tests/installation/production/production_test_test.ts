import { assertEquals } from "@std/assert";
import { readProductionTests, textsOfTag } from "../../../lib/installation/production/production_test.ts";

function report(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    schema: "civitai-dl/production",
    version: 1,
    tool: { name: "civitai-dl", version: "1.0.0", deno: "2.9.6", v8: "15.0" },
    commit: { sha: "a".repeat(40), isDirty: false, ref: "v1.0.0" },
    machine: { cpu: "any", cores: 2, memoryBytes: 2 ** 32, kernel: "linux", arch: "x86_64" },
    seed: null,
    startedAt: "2026-01-01T00:00:00.000Z",
    endedAt: "2026-01-01T00:01:00.000Z",
    plannedMs: 0,
    actualMs: 60_000,
    settings: { live: true },
    claims: [{ id: "download", verdict: "pass", trials: 1 }],
    ...changes,
  });
}

const read = (...texts: readonly string[]) => readProductionTests(texts.map((text) => ({ source: "x.json", text })));

Deno.test("readProductionTests() reads verdict, tag and time of reports, the latest first", () => {
  const [first, second] = read(report(), report({ endedAt: "2026-02-01T00:00:00.000Z", settings: { live: false } }));
  assertEquals([first!.tag, first!.isPassed, first!.isLive, first!.endedAt], [
    ...["v1.0.0", true, false, "2026-02-01T00:00:00.000Z"],
  ]);
  assertEquals(second!.isLive, true);
});

Deno.test("readProductionTests() takes nothing for a pass that is not one, and ignores truncated reports", () => {
  const isPassed = (claims: unknown) => read(report({ claims }))[0]!.isPassed;
  const pass = { id: "a", verdict: "pass", trials: 1 };
  assertEquals(
    [[], null, [pass, { id: "b", verdict: "fail" }], [pass, { id: "b", verdict: "inconclusive" }]].map(isPassed),
    [
      ...[false, false, false, false],
    ],
  );
  assertEquals(isPassed([pass]), true);
  assertEquals(read("{", report().slice(0, 99), "{}"), []);
});

Deno.test("textsOfTag() finds the reports in a message", () => {
  const text = report();
  assertEquals(textsOfTag("v1.0.0", `Release\n\n${text}\nThanks {to all}\n`), [{ source: "tag v1.0.0", text }]);
});
