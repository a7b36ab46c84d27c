import { assertEquals } from "@std/assert";
import { recognizeIssue } from "../../../lib/monitor/mod.ts";
import { readLine } from "../../../lib/problems/mod.ts";
import { assertLinearTime } from "../../helpers/assert_linear_time.ts";

const TIME = "2026-01-02T03:04:05.678Z";

/** A line of the download log. */
function line(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ time: TIME, level: "ERROR", ...fields });
}

Deno.test("recognizeIssue() classifies a failed item by class and outcome", () => {
  const text = line({
    type: "end",
    item: { key: "file:1:2", path: "models/a.safetensors" },
    outcome: "failed",
    failure: "timeout",
    message: "Cannot fetch it: no answer",
  });
  assertEquals(recognizeIssue(readLine(text)), {
    kind: "timeout:failed",
    failure: "timeout",
    outcome: "failed",
    time: TIME,
    path: "models/a.safetensors",
    message: "Cannot fetch it: no answer",
  });
});

Deno.test("recognizeIssue() reads a line of the failure log", () => {
  const entry = { timestamp: TIME, "error_type": "FailureError", "error_message": "Cannot fetch it", class: "dns" };
  assertEquals(recognizeIssue(readLine(JSON.stringify(entry))), {
    kind: "dns:failure",
    failure: "dns",
    outcome: "failure",
    time: TIME,
    path: null,
    message: "Cannot fetch it",
  });
  assertEquals(recognizeIssue(readLine(JSON.stringify({ ...entry, class: null })))?.failure, "unknown");
});

const KINDS: readonly (readonly [text: string, kind: string | null])[] = [
  // Structured lines are classified by their level, whatever their text.
  [line({ type: "end", outcome: "corrupted", failure: "integrity", message: "x" }), "integrity:corrupted"],
  [line({ type: "mode", message: "paused" }), "unknown:mode"],
  [line({ level: "CRITICAL", failure: "disk" }), "disk:event"],
  [line({ level: "error", failure: "no-such-class" }), "unknown:event"],
  [line({ level: "ERROR", failure: "toString" }), "unknown:event"],
  [line({ level: "INFO", message: "no ERROR, no TIMEOUT, no FAILURE" }), null],
  [line({ level: "WARN", type: "retry", failure: "timeout" }), null],
  ["{}", null],
  // Lines of text are classified by the specified words.
  ["2026-01-02 ERROR connection reset by peer", "connection:line"],
  ["TIMEOUT after 30 s", "timeout:line"],
  ["FAILURE: sha256 is not what it should be", "integrity:line"],
  ["ERROR: HTTP 429 Too Many Requests", "throttled:line"],
  ["ERROR: No space left on device (os error 28)", "disk:line"],
  ["ERROR: name or service not known", "dns:line"],
  ["ERROR of another kind", "unknown:line"],
  ['{"level":"ERROR","message":"half a li', "unknown:line"],
  ["[1, 2] FAILURE", "unknown:line"],
  ["an error in lower case", null],
  ["all is well", null],
  ["", null],
  ["\ufffd\ufffd\u0001", null],
];

for (const [text, kind] of KINDS) {
  Deno.test(`recognizeIssue() recognizes ${JSON.stringify(text.slice(0, 90))} as ${kind}`, () => {
    assertEquals(recognizeIssue(readLine(text))?.kind ?? null, kind);
  });
}

Deno.test("recognizeIssue() finds the time in a line of text, and truncates long ones", () => {
  const issue = recognizeIssue(readLine(`${TIME} ERROR ${"x".repeat(10_000)}`));
  assertEquals(issue?.time, TIME);
  assertEquals(issue?.message.length, 501);
});

Deno.test("recognizeIssue() quotes a line without sequences, line breaks or keys", () => {
  const said =
    "a\x1b]0;owned\x07b\x9b2Jc\u202ed\nerror: e Authorization: Bearer abcdef123456 https://x/?token=s3cret&b=1";
  const clean = "abcd error: e Authorization: Bearer [redacted] https://x/?token=[redacted]&b=1";
  const issue = recognizeIssue(readLine(line({ type: said, item: { path: said }, message: said, time: "\x1b[2Jnow" })));
  assertEquals([issue?.message, issue?.path, issue?.time], [clean, clean, "now"]);
  assertEquals(issue?.outcome, "abcd error: e Authorization: Bearer [red…");
  assertEquals(recognizeIssue(readLine(`ERROR ${said}`))?.message, `ERROR ${clean}`);
});

Deno.test("recognizeIssue() ignores a level nested thousands of levels deep", () => {
  assertEquals(recognizeIssue(readLine(`{"level":${"[".repeat(20_000)}${"]".repeat(20_000)}}`)), null);
});

Deno.test("recognizeIssue() takes linear time for any line", async () => {
  for (const piece of ["ERROR", "ERROR ", "\x1b]", "?token=", "bearer ", "2026-01-02T03:04:05.1", '{"level":"', " "]) {
    await assertLinearTime((text) => recognizeIssue(readLine(`ERROR ${text}`)), piece, { name: "recognizeIssue()" });
  }
});
