import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  canonicalJson,
  EvidenceError,
  type EvidenceHeader,
  type EvidenceProblem,
  openEvidence,
  type OpenEvidenceOptions,
} from "../../../lib/base/mod.ts";

const HEADER: EvidenceHeader = {
  schema: "civitai-dl/stability",
  version: 1,
  tool: { name: "civitai-dl", version: "1.0.0", deno: "2.9.6", v8: "15.0" },
  commit: { sha: "a".repeat(40), isDirty: false, ref: "main" },
  machine: { cpu: "x", cores: 2, memoryBytes: 4096, kernel: "linux 6", arch: "x86_64" },
  seed: 7,
  startedAt: "2026-11-25T10:00:00.000Z",
  endedAt: "2026-11-25T12:00:00.000Z",
  plannedMs: 7_200_000,
  actualMs: 7_200_004,
};

const REPORT = { ...HEADER, samples: [1.5, 2, 0.1], rates: { timeouts: 3, trials: 900 } };

function problemOf(text: string, options: OpenEvidenceOptions = {}): readonly [EvidenceProblem, string] {
  const error = assertThrows(() => openEvidence(text, options), EvidenceError);
  return [error.problem, error.message];
}

Deno.test("canonicalJson() ignores the order of keys and is valid JSON", () => {
  const text = canonicalJson({ z: [1, { y: "é\n", x: null }], a: -0, gone: undefined });
  assertEquals(text, '{"a":0,"z":[1,{"x":null,"y":"é\\n"}]}');
  assertEquals(canonicalJson(JSON.parse(text)), text);
});

Deno.test.each(
  [
    [{ a: [1, NaN] }, "$.a[1]"],
    [{ a: Infinity }, "$.a"],
    [{ when: new Date(0) }, "$.when"],
    [{ f: () => 1 }, "$.f"],
    [[undefined], "$[0]"],
  ] as const,
)("canonicalJson(%j) reports the place of a value that cannot be written", (value, place) => {
  assertStringIncludes(assertThrows(() => canonicalJson(value), TypeError).message, place);
});

Deno.test("openEvidence() reads a report in any layout", () => {
  for (const text of [JSON.stringify(REPORT), JSON.stringify(REPORT, null, 2), canonicalJson(REPORT)]) {
    assertEquals(openEvidence(text, { schema: "civitai-dl/stability" }), REPORT);
  }
});

Deno.test("openEvidence() refuses a truncated file, wherever it ends", () => {
  const text = JSON.stringify(REPORT);
  for (let length = 0; length < text.length; length++) assertEquals(problemOf(text.slice(0, length))[0], "unreadable");
});

Deno.test("openEvidence() refuses another schema and another version by name", () => {
  const text = JSON.stringify(REPORT);
  const [schema, message] = problemOf(text, { schema: "civitai-dl/comparison" });
  assertEquals(schema, "schema");
  assertStringIncludes(message, '"civitai-dl/stability"');
  assertStringIncludes(message, '"civitai-dl/comparison"');
  assertEquals(problemOf(text, { version: 2 })[0], "version");
  assertEquals(problemOf(JSON.stringify({ ...HEADER, version: 2 }))[0], "version");
});

Deno.test.each(
  [
    ["commit", undefined, '"commit.sha" is missing'],
    ["commit", { sha: "main", isDirty: false, ref: "" }, '"commit.sha" cannot be "main"'],
    ["actualMs", -1, '"actualMs" cannot be -1'],
    ["startedAt", "yesterday", '"startedAt" cannot be "yesterday"'],
    ["seed", undefined, '"seed" is missing'],
  ] as const,
)("openEvidence() checks the header: %s = %j", (field, value, expected) => {
  const text = JSON.stringify({ ...HEADER, [field]: value });
  const [problem, message] = problemOf(text);
  assertEquals(problem, "shape");
  assertStringIncludes(message, expected);
});

Deno.test.each(["", "[]", "null", "7", "{}"])("openEvidence(%j) throws an EvidenceError", (text) => {
  assertEquals(["unreadable", "shape"].includes(problemOf(text)[0]), true);
});
