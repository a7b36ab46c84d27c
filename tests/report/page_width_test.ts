import { assertEquals } from "@std/assert";
import { renderReportHtml, type ReportTable } from "../../lib/report/mod.ts";
import { Browser, findBrowser } from "../helpers/browser/browser.ts";
import { measureWidth } from "../helpers/browser/width.ts";
import { SAMPLE_REPORT } from "./_sample_report.ts";

// Debian: apt-get install chromium. Without a browser these tests are skipped.
const chromium = await findBrowser();
const ignore = chromium === null;

const PATH = `/home/user/${"very_long_name_of_a_folder/".repeat(8)}file.safetensors`;
const TABLE: ReportTable = {
  title: "Hosts",
  heads: ["Host", "Requests", "Failed", "Median", "p95", "Note"],
  rows: [["image-b2.civitai.com", "12 345", "1.23 %", "123 ms", "4.5 s", PATH]],
};
const FACTS: readonly (readonly [string, string])[] = [["Commit", "4b91186e".repeat(15)], ["Path", PATH]];
const CHART = {
  title: "Throughput",
  lead: PATH,
  unit: "MB/s",
  series: [{ name: "all", points: [[0, 1], [60_000, 7], [120_000, 4]] }],
} as const;

/** One page of each kind, with words that are wider than the screen. */
function renderPages(): Readonly<Record<string, string>> {
  const [first, ...others] = SAMPLE_REPORT.sections!;
  const wide = { ...first!, title: PATH, lead: PATH, notes: [PATH] };
  const run = { title: `Soak of ${PATH}`, lead: PATH, notes: [PATH], charts: [CHART], tables: [TABLE], facts: FACTS };
  const claim = {
    id: "errors",
    title: PATH,
    required: "< 1 %",
    measured: "0.5 %",
    verdict: "pass",
    note: PATH,
  } as const;
  return {
    benchmark: renderReportHtml({ ...SAMPLE_REPORT, sections: [wide, ...others] }),
    judged: renderReportHtml({ ...run, verdict: "pass", claims: [claim] }),
    analysis: renderReportHtml({ ...run, claims: [] }),
  };
}

Deno.test("HTML reports fit a phone, and a shadow shows where a table or chart is wider", { ignore }, async () => {
  const pages = renderPages();
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const html = pages[new URL(request.url).pathname.slice(1)];
    return new Response(html ?? "", { headers: { "content-type": "text/html; charset=utf-8" } });
  });
  await using browser = await Browser.start(chromium!);
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const page = await browser.openPage(`${origin}/benchmark`, { width: 390, height: 844 });
  for (const name of Object.keys(pages)) {
    await page.goto(`${origin}/${name}`);
    assertEquals([name, await measureWidth(page)], [name, { scrollWidth: 390, offScreen: [], unmarked: [] }]);
  }
  assertEquals(page.complaints, []);
});
