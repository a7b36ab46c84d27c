import { assert, assertEquals } from "@std/assert";
import { handleIssue, renderIssueReport } from "../../../lib/monitor/mod.ts";
import { FAILURE_CLASSES, PROBLEMS } from "../../../lib/problems/mod.ts";

Deno.test("handleIssue() explains every class and its remedy", () => {
  for (const failure of FAILURE_CLASSES) {
    const advice = handleIssue(JSON.stringify({ level: "ERROR", type: "end", outcome: "failed", failure }));
    assert(advice.recognized);
    assertEquals([advice.failure, advice.runbook], [failure, `docs/runbook/${failure}.md`]);
    const { next, en: { meaning, remedy } } = PROBLEMS[failure];
    assertEquals([advice.meaning, advice.remedy, advice.next], [meaning, remedy, next]);
  }
});

Deno.test("handleIssue() does not recognize harmless lines", () => {
  for (const line of ["", "all is well", '{"level":"INFO"}', "\u0000\u0001"]) {
    assertEquals(handleIssue(line), {
      recognized: false,
      issue: null,
      problem: null,
      failure: null,
      message: null,
      meaning: null,
      remedy: null,
      next: null,
      runbook: null,
    });
  }
});

Deno.test("handleIssue() names the host whose breaker refused the request in the next command", () => {
  const record = { level: "ERROR", type: "end", outcome: "failed", failure: "tripped", refusedBy: "b2.example" };
  const { next, meaning } = handleIssue(JSON.stringify({ ...record, message: "Cannot fetch it" }));
  assertEquals(next, "civitai-dl failsafe reset b2.example");
  assert(meaning!.endsWith("; the breaker of b2.example then blocked further requests"));
});

Deno.test("renderIssueReport() writes a report that quotes the line", () => {
  const line = "failed: models/a.bin: Cannot fetch it: HTTP 451";
  const facts = { version: "1.2.3", runtime: "Deno 2.9.6", system: "linux x86_64" };
  const report = renderIssueReport(line, handleIssue(line), facts);
  assertEquals(report.split("\n")[0], "# region: failed: models/a.bin: Cannot fetch it: HTTP 451");
  assert(report.includes(`\`\`\`\n${line}\n\`\`\``) && report.includes("civitai-dl 1.2.3, Deno 2.9.6, linux x86_64"));
  assert(renderIssueReport("???", handleIssue("???"), facts).startsWith("# unrecognized line: ???"));
});
