import { assert, assertEquals } from "@std/assert";
import {
  FAILURE_CLASSES,
  FAILURE_REMEDIES,
  handleIssue,
  renderIssueReport,
  runbookOf,
} from "../../../lib/monitor/mod.ts";

Deno.test("handleIssue() explains every class and its remedy", () => {
  for (const failure of FAILURE_CLASSES) {
    const advice = handleIssue(JSON.stringify({ level: "ERROR", type: "end", outcome: "failed", failure }));
    assert(advice.recognized);
    assertEquals([advice.failure, advice.runbook], [failure, `docs/runbook/${failure}.md`]);
    assertEquals([advice.meaning, advice.remedy, advice.next], Object.values(FAILURE_REMEDIES[failure]));
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
      next: null,
      runbook: null,
    });
  }
});

Deno.test("handleIssue() names the host in the next command only if it may be allowed", () => {
  const next = (state: string) => {
    const message = `Cannot fetch the file: the server points to ${state}`;
    return handleIssue(
      JSON.stringify({ level: "ERROR", type: "end", outcome: "failed", failure: "refused-host", message }),
    )
      .next;
  };
  assertEquals(
    next('"files.example", which is not a known storage host'),
    "civitai-dl download --allow-host files.example",
  );
  assertEquals(next('"router.lan", which is private and never followed'), "civitai-dl download --allow-host HOST");
});

Deno.test("renderIssueReport() writes a report that quotes the line", () => {
  const line = "failed: models/a.bin: Cannot fetch it: HTTP 451";
  const facts = { version: "1.2.3", runtime: "Deno 2.9.6", system: "linux x86_64" };
  const report = renderIssueReport(line, handleIssue(line), facts);
  assertEquals(report.split("\n")[0], "# region: Cannot fetch it: HTTP 451");
  assert(report.includes(`\`\`\`\n${line}\n\`\`\``) && report.includes("civitai-dl 1.2.3, Deno 2.9.6, linux x86_64"));
  assert(renderIssueReport("???", handleIssue("???"), facts).startsWith("# unrecognized line: ???"));
});

Deno.test("handleIssue() takes the outcome of an older version for the one that it is now", () => {
  const explained = handleIssue("quarantined: models/a.bin: SHA-256 is x, expected y");
  assertEquals(explained, handleIssue("corrupted: models/a.bin: SHA-256 is x, expected y"));
  assertEquals(explained?.failure, "integrity");
});

Deno.test("runbookOf() links to the page of the class", () => {
  assertEquals(runbookOf("early-access"), "docs/runbook/early-access.md");
});
