import { assert, assertEquals } from "@std/assert";
import type { Language } from "../../../lib/base/mod.ts";
import {
  type ExplainedProblem,
  explainLine,
  FAILURE_CLASSES,
  PROBLEM_IDS,
  PROBLEMS,
  readLine,
  renderIssueReport,
} from "../../../lib/problems/mod.ts";

/** What a line says of the problem that it reports. */
function explain(record: unknown, language?: Language): ExplainedProblem {
  const explained = explainLine(readLine(typeof record === "string" ? record : JSON.stringify(record)), { language });
  assert(explained.type === "problem");
  return explained;
}

Deno.test("explainLine() explains every class and its remedy", () => {
  for (const failure of FAILURE_CLASSES) {
    const explained = explain({ level: "ERROR", type: "end", outcome: "failed", failure });
    assertEquals([explained.problem, explained.runbook], [failure, `docs/runbook/${failure}.md`]);
    const { en: { meaning, remedy } } = PROBLEMS[failure];
    assertEquals([explained.meaning, explained.remedy], [meaning, remedy]);
  }
});

Deno.test("explainLine() does not recognize harmless lines", () => {
  for (const line of ["", "all is well", '{"level":"INFO"}', "\u0000\u0001"]) {
    assertEquals(explainLine(readLine(line)), { type: "unknown" });
  }
});

Deno.test("explainLine() names the host whose breaker refused the request in the next command", () => {
  const record = { level: "ERROR", type: "end", outcome: "failed", failure: "tripped", refusedBy: "b2.example" };
  const { next, meaning } = explain({ ...record, message: "Cannot fetch it" });
  assertEquals(next, "civitai-dl failsafe reset b2.example");
  assert(meaning.endsWith("; the breaker of b2.example then blocked further requests"));
});

const HEAD = { time: "2026-01-02T03:04:05.678Z", level: "WARN" };

Deno.test("explainLine() proposes a command that can be copied, and the page in its language, for every problem", () => {
  for (const problem of PROBLEM_IDS) {
    const line = { ...HEAD, type: "warning", problem, message: "m" };
    const { next } = explain(line);
    assert(!/\b[A-Z]{3,}\b/.test(next.replace("CIVITAI_API_KEY", "")), next);
    const { runbook } = explain(line, "ja");
    assert(runbook.startsWith("docs/ja/runbook/"), runbook);
    assert(Deno.statSync(new URL(`../../../${runbook}`, import.meta.url)).isFile);
  }
  const fails = { ...HEAD, type: "warning", problem: "creator-fails", target: "user:4712", message: "m" };
  assertEquals(explain(fails).next, "civitai-dl download user:4712");
});

Deno.test("explainLine() says once what to do if an attempt keeps failing, for every class", () => {
  for (const failure of FAILURE_CLASSES) {
    const line = { ...HEAD, type: "api-retry", what: "list", attempt: 1, waitMs: 1000, failure };
    const english = explain(line);
    const japanese = explain(line, "ja");
    assert((english.remedy.match(/\bif it keeps\b/gi)?.length ?? 0) <= 1, english.remedy);
    assert((japanese.remedy.match(/続く場合/g)?.length ?? 0) <= 1, japanese.remedy);
    assertEquals([english.message, japanese.message], ["retry 1, in 1s", "再試行（1 回目、1 秒後）"]);
  }
});

Deno.test("explainLine() says that a trouble is over, not that something is wrong", () => {
  const mode = { ...HEAD, type: "mode", from: "stable", to: "resilient", ja: { reason: "データの受信が再開しました" } };
  const breaker = {
    ...HEAD,
    type: "breaker",
    key: "b2.example",
    from: "half-open",
    to: "closed",
    reason: "3 of 3 probes succeeded",
    ja: { reason: "回復確認のリクエスト 3 回のうち 3 回が成功しました" },
  };
  for (const record of [mode, breaker]) {
    const explained = explainLine(readLine(JSON.stringify(record)), { language: "ja" });
    assert(explained.type === "fine" && explained.remedy === "対応は不要です");
    for (const text of [explained.meaning, explained.message]) {
      assert(/[ぁ-ん]/.test(text) && !/問題がありますが/.test(text), text);
    }
  }
});

Deno.test("explainLine() knows a disk at its reserve from one that cannot be written", () => {
  const message = 'Cannot fetch "a.bin" (2.0 MiB to come): the disk has no room: 103.6 MiB are free';
  assertEquals(explain(message).problem, "reserve-reached");
  assertEquals(explain("Cannot write a.bin: No space left on device (os error 28)").problem, "disk");
});

Deno.test("renderIssueReport() writes a report that quotes the line", () => {
  const line = "failed: models/a.bin: Cannot fetch it: HTTP 451";
  const facts = { version: "1.2.3", runtime: "Deno 2.9.6", system: "linux x86_64" };
  const report = renderIssueReport(line, explainLine(readLine(line)), facts);
  assertEquals(report.split("\n")[0], "# region: failed: models/a.bin: Cannot fetch it: HTTP 451");
  assert(report.includes(`\`\`\`\n${line}\n\`\`\``) && report.includes("civitai-dl 1.2.3, Deno 2.9.6, linux x86_64"));
  assert(renderIssueReport("???", explainLine(readLine("???")), facts).startsWith("# unrecognized line: ???"));
});
