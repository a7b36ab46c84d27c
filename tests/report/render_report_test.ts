import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  renderReportHtml,
  renderReportMarkdown,
  renderReportText,
  type Report,
  type ReportClaim,
} from "../../lib/report/mod.ts";

function claim(id: string, fields: Partial<ReportClaim> = {}): ReportClaim {
  return { id, title: `About ${id}`, verdict: "pass", required: "= 0", measured: "0 in 3 files", note: "", ...fields };
}

const JUDGED: Report = {
  title: "Gate of phase 1",
  verdict: "fail",
  lead: "2026-11-25T12:00:00.000Z",
  notes: ["Commit abc"],
  claims: [
    claim("format", { command: "deno task format" }),
    claim("lint", { verdict: "fail", measured: "2 in 3 files", command: "deno task lint" }),
    claim("day", { verdict: "not evaluated", measured: "", note: "there is no report", command: "deno task day" }),
    claim("leak", { verdict: "inconclusive" }),
  ],
  charts: [],
  tables: [{
    title: "lint",
    heads: ["Place", "Problem"],
    rows: [["lib/a b.ts:3:7", "a | b <c> & 100%\nsecond"], ["", "\x1b[31mred\x1b[0m \x07bell"]],
  }],
  facts: [],
};
const ANALYSIS: Report = {
  title: "Problems",
  lead: "3 problems",
  notes: [],
  claims: [],
  charts: [],
  tables: [],
  facts: [["Made", "today"]],
};

Deno.test("renderReportMarkdown() is one table of claims with escaped cells", () => {
  const text = renderReportMarkdown(JUDGED);
  const lines = text.split("\n").filter((line) => line.startsWith("|"));
  const claims = lines.slice(0, 2 + JUDGED.claims.length);
  for (const line of claims) assertEquals(line.match(/\|/g)?.length, 6);
  assertStringIncludes(text, "# Gate of phase 1: fail\n");
  assertStringIncludes(text, "| lib/a b.ts:3:7 | a \\| b \\<c\\> & 100% second |");
  assertStringIncludes(claims[3]!, "❌ fail | `deno task lint`");
  assertStringIncludes(claims[4]!, "| there is no report | ⬜ not evaluated | `deno task day` |");
  assertEquals(claims[2]!.includes("deno task"), false);
  assertEquals(text.includes("## Facts"), false);
});

Deno.test("a report without verdict and claims has neither in any form", () => {
  assertEquals(
    renderReportMarkdown(ANALYSIS),
    "# Problems\n\n3 problems\n\n## Facts\n\n|  |  |\n| --- | --- |\n| Made | today |\n",
  );
  assertEquals(renderReportText(ANALYSIS).split("\n").slice(0, 2), ["Problems", "3 problems"]);
  const page = renderReportHtml(ANALYSIS);
  assertStringIncludes(page, "<h1>Problems</h1>");
  assertEquals([page.includes("Claims"), page.includes("undefined")], [false, false]);
});

Deno.test("renderReportHtml() shows the commands of what is open, without markup or control characters of texts", () => {
  const page = renderReportHtml(JUDGED);
  assertStringIncludes(page, '<h1>Gate of phase 1 <span class="status missed">fail</span></h1>');
  assertStringIncludes(page, "Run: deno task day");
  assertStringIncludes(page, "a | b &lt;c&gt; &amp; 100%");
  // deno-lint-ignore no-control-regex
  assertEquals(/[\x00-\x08\x0b-\x1f]/.test(page), false);
});
