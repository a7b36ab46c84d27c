import { assert, assertEquals } from "@std/assert";
import { FAILURE_CLASSES, FAILURE_REMEDIES, handleIssue, runbookOf } from "../../../lib/monitor/mod.ts";

Deno.test("handleIssue() explains every class and its remedy", () => {
  for (const failure of FAILURE_CLASSES) {
    const advice = handleIssue(JSON.stringify({ level: "ERROR", type: "end", outcome: "failed", failure }));
    assert(advice.recognized);
    assertEquals([advice.failure, advice.runbook], [failure, `docs/runbook.md#${failure}`]);
    assertEquals([advice.meaning, advice.remedy], Object.values(FAILURE_REMEDIES[failure]));
    assert([advice.meaning, advice.remedy].every((text) => /^[A-Z].*[^.]$/.test(text!)), failure);
  }
  assertEquals(FAILURE_CLASSES.length, 28);
});

Deno.test("handleIssue() does not recognize harmless lines", () => {
  for (const line of ["", "all is well", '{"level":"INFO"}', "\u0000\u0001"]) {
    assertEquals(handleIssue(line), {
      recognized: false,
      issue: null,
      line: null,
      failure: null,
      message: null,
      meaning: null,
      remedy: null,
      runbook: null,
    });
  }
});

Deno.test("runbookOf() links to the section of the class", () => {
  assertEquals(runbookOf("early-access"), "docs/runbook.md#early-access");
});
