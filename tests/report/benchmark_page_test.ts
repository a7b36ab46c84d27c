import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import {
  benchmarkPage,
  formatQuantity,
  judgeBenchmark,
  renderReportFor,
  renderReportHtml,
  renderReportMarkdown,
  renderReportText,
  type ReportedChart,
  type TargetStatus,
} from "../../lib/report/mod.ts";
import { dotChart } from "../../lib/report/charts/dot_chart.ts";
import { SAMPLE_REPORT } from "./_sample_report.ts";

const PAGE = benchmarkPage(SAMPLE_REPORT);

/** The pages as last reviewed; `UPDATE_SNAPSHOTS=1` writes them again. */
async function assertSnapshot(name: string, text: string): Promise<void> {
  const path = new URL(`./__snapshots__/${name}`, import.meta.url);
  if (Deno.env.get("UPDATE_SNAPSHOTS") === "1") await Deno.writeTextFile(path, text);
  assertEquals(text, await Deno.readTextFile(path));
}

Deno.test("renderReportText() of a benchmark matches the snapshot", () =>
  assertSnapshot("benchmark.txt", renderReportText(PAGE)));

Deno.test("renderReportMarkdown() of a benchmark matches the snapshot", () =>
  assertSnapshot("benchmark.md", renderReportMarkdown(PAGE)));

Deno.test("renderReportHtml() of a benchmark matches the snapshot and is deterministic", async () => {
  const page = renderReportHtml(PAGE);
  assertEquals(renderReportHtml(PAGE), page);
  await assertSnapshot("benchmark.html", page);
});

Deno.test("renderReportHtml() of a benchmark needs no script and nothing external", () => {
  const page = renderReportHtml(PAGE);
  assert(!/<script|javascript:|<link|<iframe|@import|url\(|\bon\w+="/i.test(page));
  const addresses = new Set([...page.matchAll(/https?:[^"\s<]+/g)].map((match) => match[0]));
  assertEquals([...addresses].filter((address) => !address.startsWith("http://www.w3.org/")), []);
});

Deno.test("renderReportHtml() of a benchmark has a color for every status", () => {
  for (const status of ["met", "missed", "not certain", "no verdict", "not measured"] as const) {
    const page = renderReportHtml(
      benchmarkPage({ ...SAMPLE_REPORT, targets: [{ ...SAMPLE_REPORT.targets[0]!, status }] }),
    );
    const [word] = /(?<=<span class="status )\w+(?=">)/.exec(page)!;
    assertMatch(page, new RegExp(`\\.${word}\\b[^{}]*\\{ color: var\\(--\\w+\\); \\}`));
  }
});

Deno.test("renderReportHtml() of a benchmark draws every run as a dot", () => {
  const page = renderReportHtml(PAGE);
  const [wall] = page.split("<h3>Wall time</h3>")[1]!.split("</svg>");
  assertEquals(wall!.match(/<circle /g)?.length, 10);
});

Deno.test("renderReportHtml() of a benchmark escapes foreign text", () => {
  const page = renderReportHtml(PAGE);
  assertStringIncludes(page, "Some &lt;CPU&gt;");
  assertStringIncludes(page, "failed: &lt;no&gt; answer");
  assert(!page.includes("<CPU>"));
});

Deno.test("rendered HTML and Markdown have no foreign active, loading or hidden content", () => {
  const foreign = "![x](https://t.example/1.gif) <img src=x> &lt;b&gt; a\u202eb\x1b]0;o\x07c";
  const [target] = SAMPLE_REPORT.targets;
  const targets = [{ ...target!, workload: foreign, notes: [foreign] }];
  const report = benchmarkPage({ ...SAMPLE_REPORT, title: foreign, targets });
  const markdown = renderReportMarkdown(report);
  const inert = "!\\[x\\](https://t.example/1.gif) \\<img src=x\\> \\&lt;b\\&gt; abc";
  for (const line of [`# ${inert}`, inert, `- ${inert}`]) assertStringIncludes(markdown, `${line}\n`);
  const page = renderReportHtml(report);
  assertStringIncludes(page, "&lt;img src=x&gt; &amp;lt;b&amp;gt; abc");
  for (const text of [markdown, page]) assert(!/[\u202e\p{Cc}]/u.test(text.replaceAll("\n", "")));
  assert(!page.includes("<img"));
});

Deno.test("renderReportHtml() of a benchmark states that a preview has no verdict", () => {
  const page = renderReportHtml(benchmarkPage({ ...SAMPLE_REPORT, reservation: "the sizes are scaled to 0.1" }));
  assertStringIncludes(page, '<p class="warn">No verdict: the sizes are scaled to 0.1.</p>');
});

Deno.test("renderReportText() of a benchmark, Markdown and HTML accept a report without targets", () => {
  const empty = benchmarkPage({ ...SAMPLE_REPORT, targets: [] });
  assertStringIncludes(renderReportHtml(empty), "no targets");
  assertMatch(renderReportText(empty), /^Against its peers\nno targets · .*\n$/);
});

Deno.test("renderReportFor() chooses by the extension", () => {
  assertMatch(renderReportFor("a/b.html", PAGE, SAMPLE_REPORT), /^<!doctype html>/);
  assertMatch(renderReportFor("b.md", PAGE, SAMPLE_REPORT), /^# Against/);
  assertEquals(JSON.parse(renderReportFor("b.json", PAGE, SAMPLE_REPORT)), SAMPLE_REPORT);
  assertThrows(() => renderReportFor("b.pdf", PAGE, SAMPLE_REPORT), RangeError);
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

Deno.test("judgeBenchmark() prefers a missed target, and does not pass without numbers", () => {
  const end = (...statuses: readonly TargetStatus[]) =>
    judgeBenchmark({ targets: statuses.map((status) => ({ ...SAMPLE_REPORT.targets[0]!, status })) });
  assertEquals(end("met", "met"), null);
  assertEquals(end("met", "not measured", "missed"), "failed");
  assertEquals(end("met", "not measured"), "inconclusive");
  assertEquals(end("no verdict"), "inconclusive");
  assertEquals(end(), "inconclusive");
});

Deno.test("renderReportHtml() of a benchmark draws the limit of short times at the right place", () => {
  const chart = (unitOfTime: number): ReportedChart => ({
    title: "Wall time",
    unit: "seconds",
    series: [{ name: "a", isOurs: true, values: [2 * unitOfTime], median: null, problem: null }],
    limits: [{ label: "limit", value: 1.5 * unitOfTime }],
  });
  // The charts of seconds and of microseconds have their line at the same place.
  const places = [1, 1e-6].map((unitOfTime) => {
    const median = { value: 2 * unitOfTime, low: 2 * unitOfTime, high: 2 * unitOfTime, confidence: 0, n: 1 };
    const { series: [one], ...rest } = chart(unitOfTime);
    const svg = dotChart({ ...rest, series: [{ ...one!, median }] });
    return /<line x1="([\d.]+)"[^>]*stroke-dasharray/.exec(svg)?.[1] ?? svg;
  });
  assertEquals(places[0], places[1]);
});

Deno.test("dotChart() takes a dollar sign in a name literally", () => {
  const median = { value: 2, low: 2, high: 2, confidence: 0, n: 1 };
  const svg = dotChart({
    title: "Wall time",
    unit: "seconds",
    series: [{ name: "sum $& and $1", isOurs: true, values: [2], median, problem: null }],
    limits: [],
  });
  assertMatch(svg, /^<svg role="img" aria-label="[^"]*sum \$&amp; and \$1[^"]*"/);
});
