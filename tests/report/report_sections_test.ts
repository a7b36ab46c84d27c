import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import {
  formatQuantity,
  renderReportFor,
  renderReportHtml,
  renderReportMarkdown,
  renderReportText,
  type ReportedChart,
  type ReportVerdict,
} from "../../lib/report/mod.ts";
import { runsTable } from "../../lib/report/_runs_table.ts";
import { dotChart } from "../../lib/report/charts/dot_chart.ts";
import { SAMPLE_REPORT as PAGE } from "./_sample_report.ts";

/** The pages as last reviewed; `UPDATE_SNAPSHOTS=1` writes them again. */
async function assertSnapshot(name: string, text: string): Promise<void> {
  const path = new URL(`./__snapshots__/${name}`, import.meta.url);
  if (Deno.env.get("UPDATE_SNAPSHOTS") === "1") await Deno.writeTextFile(path, text);
  assertEquals(text, await Deno.readTextFile(path));
}

Deno.test("renderReportText() of sections matches the snapshot", () =>
  assertSnapshot("sections.txt", renderReportText(PAGE)));

Deno.test("renderReportMarkdown() of sections matches the snapshot", () =>
  assertSnapshot("sections.md", renderReportMarkdown(PAGE)));

Deno.test("renderReportHtml() of sections matches the snapshot and is deterministic", async () => {
  const page = renderReportHtml(PAGE);
  assertEquals(renderReportHtml(PAGE), page);
  await assertSnapshot("sections.html", page);
});

Deno.test("renderReportHtml() of sections needs no script and nothing external", () => {
  const page = renderReportHtml(PAGE);
  assert(!/<script|javascript:|<link|<iframe|@import|url\(|\bon\w+="/i.test(page));
  const addresses = new Set([...page.matchAll(/https?:[^"\s<]+/g)].map((match) => match[0]));
  assertEquals([...addresses].filter((address) => !address.startsWith("http://www.w3.org/")), []);
});

Deno.test("renderReportHtml() of sections has a color for every verdict", () => {
  const verdicts: readonly ReportVerdict[] = ["pass", "fail", "inconclusive", "aborted", "not evaluated"];
  for (const verdict of verdicts) {
    const page = renderReportHtml({ ...PAGE, verdict });
    const [word] = /(?<=<span class="status )\w+(?=">)/.exec(page)!;
    assertMatch(page, new RegExp(`\\.${word}\\b[^{}]*\\{ color: var\\(--\\w+\\); \\}`));
  }
});

Deno.test("renderReportHtml() of sections draws every run as a dot", () => {
  const page = renderReportHtml(PAGE);
  const [wall] = page.split("<h3>Wall time</h3>")[1]!.split("</svg>");
  assertEquals(wall!.match(/<circle /g)?.length, 10);
});

Deno.test("renderReportHtml() of sections escapes foreign text", () => {
  const page = renderReportHtml(PAGE);
  assertStringIncludes(page, "Some &lt;CPU&gt;");
  assertStringIncludes(page, "failed: &lt;no&gt; answer");
  assert(!page.includes("<CPU>"));
});

Deno.test("rendered HTML and Markdown have no foreign active, loading or hidden content", () => {
  const foreign = "![x](https://t.example/1.gif) <img src=x> &lt;b&gt; a\u202eb\x1b]0;o\x07c";
  const [section] = PAGE.sections!;
  const { verdict: _, ...page } = PAGE;
  const report = { ...page, title: foreign, sections: [{ ...section!, lead: foreign, notes: [foreign] }] };
  const markdown = renderReportMarkdown(report);
  const inert = "!\\[x\\](https://t.example/1.gif) \\<img src=x\\> \\&lt;b\\&gt; abc";
  for (const line of [`# ${inert}`, inert, `- ${inert}`]) assertStringIncludes(markdown, `${line}\n`);
  const html = renderReportHtml(report);
  assertStringIncludes(html, "&lt;img src=x&gt; &amp;lt;b&amp;gt; abc");
  for (const text of [markdown, html]) assert(!/[\u202e\p{Cc}]/u.test(text.replaceAll("\n", "")));
  assert(!html.includes("<img"));
});

Deno.test("renderReportFor() chooses by the extension", () => {
  assertMatch(renderReportFor("a/b.html", PAGE, PAGE), /^<!doctype html>/);
  assertMatch(renderReportFor("b.md", PAGE, PAGE), /^# Against/);
  assertEquals(JSON.parse(renderReportFor("b.json", PAGE, PAGE)), PAGE);
  assertThrows(() => renderReportFor("b.pdf", PAGE, PAGE), RangeError);
});

Deno.test("formatQuantity() keeps three digits", () => {
  const words = [[1.874, "seconds"], [0.0421, "seconds"], [12.34, "seconds"], [0.5874, "ratio"], [
    160,
    "count",
  ]] as const;
  assertEquals(words.map(([value, unit]) => formatQuantity(value, unit)), [
    "1.87 s",
    "42.1 ms",
    "12.3 s",
    "0.587×",
    "160",
  ]);
  assertEquals(formatQuantity(69e6, "bytes"), "69.0 MB");
  assertEquals([formatQuantity(912, "bytes"), formatQuantity(2 ** 31, "bytes")], ["912 bytes", "2.15 GB"]);
  assertEquals(formatQuantity(1.5, "seconds per GiB"), "1.50 s/GiB");
  assertEquals([formatQuantity(0, "seconds"), formatQuantity(2.5, "count"), formatQuantity(1234, "seconds")], [
    "0 s",
    "2.50",
    "1234 s",
  ]);
});

Deno.test("renderReportHtml() of sections draws the limit of short times at the right place", () => {
  const chart = (unitOfTime: number): ReportedChart => ({
    title: "Wall time",
    unit: "seconds",
    series: [{ name: "a", isOurs: true, values: [2 * unitOfTime], problem: null }],
    limits: [{ label: "limit", value: 1.5 * unitOfTime }],
  });
  // The charts of seconds and of microseconds have their line at the same place.
  const places = [1, 1e-6].map((unitOfTime) => {
    const svg = dotChart(chart(unitOfTime));
    return /<line x1="([\d.]+)"[^>]*stroke-dasharray/.exec(svg)?.[1] ?? svg;
  });
  assertEquals(places[0], places[1]);
});

Deno.test("dotChart() takes a dollar sign in a name literally", () => {
  const svg = dotChart({
    title: "Wall time",
    unit: "seconds",
    series: [{ name: "sum $& and $1", isOurs: true, values: [2], problem: null }],
    limits: [],
  });
  assertMatch(svg, /^<svg role="img" aria-label="[^"]*sum \$&amp; and \$1[^"]*"/);
});

Deno.test("runsTable() writes a number once that several runs have", () => {
  const rows = [[605, 605, 605], [605, 605, 604], [605]].map((values) => {
    const series = [{ name: "a", isOurs: true, values, problem: null }];
    return runsTable({ title: "Requests", unit: "count", series, limits: [] }).rows[0]!.at(-1);
  });
  assertEquals(rows, ["605 each", "605, 605, 604", "605"]);
});
