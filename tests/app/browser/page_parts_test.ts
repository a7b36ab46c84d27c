import { assert, assertEquals } from "@std/assert";
import { findPageFile } from "../../../lib/app/page/find_page_file.ts";
import { parseRoute } from "../../../lib/app/browser/frame/route.ts";
import { newsOf } from "../../../lib/app/browser/health/news_of.ts";
import { sparkLabels, sparkPaths } from "../../../lib/app/browser/health/sparkline.ts";
import { english as pageEnglish } from "../../../lib/app/browser/messages/en.ts";
import { japanese as pageJapanese } from "../../../lib/app/browser/messages/ja.ts";
import { english } from "../../../lib/status/english.ts";
import { toneOfEvent } from "../../../lib/status/event_tone.ts";
import { Format } from "../../../lib/status/format.ts";
import { japanese } from "../../../lib/status/japanese.ts";
import { sayEvent } from "../../../lib/status/say_event.ts";
import type { EventOf } from "../../../lib/status/sayings.ts";
import { fullDiskStatus, morningStatus, quietStatus, sampleStatus } from "../../helpers/servers/sample_status.ts";

const PAGE = new URL("../../../lib/app/page/", import.meta.url);
const BROWSER = new URL("../../../lib/app/browser/", import.meta.url);

/** The names of all messages, including nested ones, with their types. */
function shape(words: object): unknown {
  return Object.fromEntries(
    Object.entries(words).map(([name, value]) => [name, typeof value === "object" ? shape(value) : typeof value]),
  );
}

Deno.test("the page has the same messages in both languages, except names that stay English", () => {
  assertEquals(shape(japanese), shape(english));
  assertEquals(shape(pageJapanese), shape(pageEnglish));
});

Deno.test("the page's HTML refers only to existing files, and to nothing inline or external", () => {
  const { body } = findPageFile("index.html")!;
  const names = Array.from(body.matchAll(/(?:src|href)="\/page\/([^"]+)"/g), ([, name]) => name!);
  assert(names.length > 5);
  for (const name of names) assert(findPageFile(name) !== null, name);
  assert(!/https?:\/\//.test(body));
  assert(!/<script>|<style|\sstyle=|\son[a-z]+=/.test(body));
});

Deno.test("findPageFile() has every style sheet of the page, and nothing else", async () => {
  const { body } = findPageFile("index.html")!;
  for await (const name of listNames(PAGE, ".css")) {
    assert(findPageFile(name) !== null && body.includes(`/page/${name}`), name);
  }
  for (const name of ["", "__proto__", "constructor", "main.tsx", "../mod.ts"]) {
    assertEquals([name, findPageFile(name)], [name, null]);
  }
});

async function* listNames(folder: URL, ending: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* listNames(new URL(`${name}/`, folder), ending);
    else if (name.endsWith(ending)) yield name;
  }
}

Deno.test("the page's sources write no markup", async () => {
  for (const folder of [PAGE, BROWSER]) {
    for await (const path of listScripts(folder)) {
      const text = await Deno.readTextFile(path);
      const isBundle = path.pathname.includes("/bundle/");
      // Preact can, but nothing of ours asks it to.
      const markup = isBundle
        ? /insertAdjacentHTML|document\.write|\beval\(/
        : /[iI]nnerHTML|outerHTML|insertAdjacentHTML/;
      assert(!markup.test(text), path.href);
    }
  }
});

async function* listScripts(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* listScripts(new URL(`${name}/`, folder));
    else if (/\.(?:tsx?|js)$/.test(name)) yield new URL(name, folder);
  }
}

Deno.test("the page's scripts are at most 60 kB when they are compressed, in either language", async () => {
  const sizeOf = async (name: string): Promise<number> => {
    const stream = new Blob([findPageFile(name)!.body]).stream().pipeThrough(new CompressionStream("gzip"));
    return (await new Response(stream).arrayBuffer()).byteLength;
  };
  const main = await sizeOf("main.js");
  for (const words of [await sizeOf("words_en.js"), await sizeOf("words_ja.js")]) {
    assert(main + words <= 60_000, `${main} + ${words} bytes`);
  }
});

Deno.test("parseRoute() reads the address of a view, and takes anything else for the library", () => {
  const read = (hash: string) => {
    const { view, id, query } = parseRoute(hash);
    return `${view} ${id} ${query}`;
  };
  assertEquals(
    ["", "#/queue", "#/library/123", "#/library?q=a", "#/add?url=https%3A%2F%2Fa%2Fb%3Fc", "#/model", "#/x/1", "#main"]
      .map(read),
    [
      "library null ",
      "queue null ",
      "model 123 ",
      "library null q=a",
      "add null url=https%3A%2F%2Fa%2Fb%3Fc",
      "library null ",
      "library null ",
      "library null ",
    ],
  );
});

Deno.test("Format writes sizes in powers of 1024, like the program", () => {
  const format = new Format("en");
  const texts = [0, 512, 1536, 1023.6 * 1024, 5.25 * 2 ** 20, 1.5 * 2 ** 30, 3 * 2 ** 50].map((size) =>
    format.bytes(size)
  );
  assertEquals(texts, ["0 B", "512 B", "1.5 KiB", "1.0 MiB", "5.3 MiB", "1.50 GiB", "3,072 TiB"]);
  assertEquals(format.speed(2 ** 20), "1.0 MiB/s");
});

Deno.test("Format writes durations with two units, in both languages", () => {
  const en = new Format("en");
  const ja = new Format("ja");
  const spans = [-5, 0, 900, 59_000, 60_000, 3_840_000, 86_400_000, 93_600_000];
  assertEquals(spans.map((ms) => en.duration(ms)), ["0s", "0s", "1s", "59s", "1m", "1h 4m", "1d", "1d 2h"]);
  assertEquals(ja.duration(3_840_000), "1 時間 4 分");
});

Deno.test("Format adds the date to a time of another day, and writes a dash for none", () => {
  const format = new Format("en");
  const now = Date.UTC(2026, 4, 5, 12);
  assertEquals(format.time(now, now).length, "00:00".length);
  assert(format.time(now - 5 * 86_400_000, now).includes("Apr"));
  assertEquals([format.time("rubbish", now), format.clock("rubbish")], ["–", "–"]);
  assertEquals(format.clock(now).length, "00:00:00".length);
});

Deno.test("newsOf() reports what started and ended, and nothing for the first document or a tick", () => {
  const busy = sampleStatus(0);
  const quiet = quietStatus(0);
  assertEquals(newsOf(null, busy, english), []);
  assertEquals(newsOf(busy, { ...busy, downloads: [], throughput: quiet.throughput }, english), []);
  assertEquals(newsOf(quiet, busy, english).length, 3);
  assertEquals(newsOf(busy, { ...busy, alerts: busy.alerts.slice(1) }, english), ["Resolved: HighTimeoutRate."]);
});

Deno.test("sparkPaths() ends at the right edge, and accepts no points, one point and zeros", () => {
  assertEquals(sparkPaths([]), { curve: "", area: "", peak: 0 });
  assertEquals(sparkPaths([5]).peak, 5);
  assertEquals(sparkPaths([0, 0]).curve, "M595.0 99.0L600.0 99.0");
  const many = sparkPaths(Array.from({ length: 300 }, (_, index) => index));
  assert(many.curve.startsWith("M0.0 99.0L") && many.curve.endsWith("L600.0 7.0"), many.curve.slice(-20));
});

Deno.test("sparkLabels() places labels at their points within the chart", () => {
  assertEquals(sparkLabels(Array(120).fill(1)).from, { left: 0 });
  // A quarter of the slots is filled: the first point is at three quarters of the width.
  const { from, peak } = sparkLabels([1, 9, ...Array(28).fill(2)]);
  assertEquals([from?.right?.toFixed(3), peak.right?.toFixed(3)], ["0.244", "0.235"]);
  assertEquals(sparkLabels([5, ...Array(119).fill(1)]).peak, { left: 0 });
  for (const history of [[], [3], [3, 3]]) {
    const { from, peak } = sparkLabels(history);
    const share = peak.left ?? peak.right ?? NaN;
    assert(share >= 0 && share <= 0.5, JSON.stringify(peak));
    // The label of the newest point is at the right edge: the first of a young chart would be on it.
    assertEquals(from, null);
  }
});

Deno.test("Format writes ratios like the program, and no 100 % before the end", () => {
  const format = new Format("en");
  assertEquals([0, 0.0219, 0.62, 0.999, 1].map((share) => format.percent(share)), [
    ...["0 %", "2.2 %", "62 %", "99.9 %", "100 %"],
  ]);
});

const SAYINGS = {
  format: new Format("en"),
  count: String,
  left: () => "1m",
  time: () => "03:00",
  span: () => "1h",
  problem: () => null,
  remedy: (_: string, english: string) => english,
  failure: (name: string) => name,
};

/** An event of type `outage` while it lasts, after an end that no log has, and after its known end. */
function outageTexts(words: typeof english, event: Partial<EventOf<"outage">>): readonly string[] {
  const time = "2026-05-05T02:00:00.000Z";
  const states = [{ until: null, isOpen: true }, { until: null, isOpen: false }, { until: time, isOpen: true }];
  return states.map(({ until, isOpen }) => {
    const told = { ...SAYINGS, span: () => "1h", isOut: () => isOpen };
    const outage = {
      type: "outage",
      key: "b2",
      time,
      tries: 2,
      isByHand: false,
      reason: "",
      ja: { reason: null },
    } as const;
    return words.happened.outage({ ...outage, ...event, until }, told);
  });
}

Deno.test("the page shows an outage as ongoing only while its breaker is open", () => {
  const ja = { reason: "エラー（500）を返しています（直近 10 回のうち 6 回が失敗しました）" };
  const event = { reason: "answers with errors (500): 6 of its last 10 calls failed", ja };
  assertEquals(outageTexts(english, event), [
    `b2 is failing, tried 2 times without success: ${event.reason}`,
    `b2 was failing, tried 2 times without success: ${event.reason}`,
    `b2 was failing until 03:00 (1h), tried 2 times without success: ${event.reason}`,
  ]);
  const { reason } = ja;
  assertEquals(outageTexts(japanese, event), [
    `b2 で障害が発生しています（再試行 2 回）: ${reason}`,
    `b2 で障害が発生しました（再試行 2 回）: ${reason}`,
    `b2 では 03:00 まで障害が発生していました（1h、再試行 2 回）: ${reason}`,
  ]);
});

Deno.test("the page shows a host that somebody blocked as blocked, not as failing", () => {
  const event = { reason: "opened manually", ja: { reason: null }, isByHand: true, tries: 0 };
  assertEquals(outageTexts(english, event), [
    "b2 is blocked manually",
    "b2 was blocked manually",
    "b2 was blocked manually until 03:00 (1h)",
  ]);
  assertEquals(outageTexts(japanese, event), [
    "b2 への接続を手動で遮断しています",
    "b2 への接続を手動で遮断しました",
    "b2 への接続を 03:00 まで手動で遮断していました（1h）",
  ]);
});

Deno.test("toneOfEvent() colors current problems, losses and recoveries", () => {
  const tones = [...sampleStatus(0).events, ...morningStatus(0).events].map((event) =>
    `${event.type} ${toneOfEvent(event, (key: string) => key === "b2.civitai.com")}`
  );
  assertEquals([...new Set(tones)].toSorted(), [
    ...["alert bad", "alert good", "end warn", "mode good", "mode warn", "outage bad", "outage plain"],
    ...["retries plain", "run plain"],
  ]);
  assertEquals(
    toneOfEvent(
      { type: "mode", time: "", from: "stable", to: "paused", reason: "", ja: { reason: null } },
      () => false,
    ),
    "bad",
  );
});

Deno.test("the page renders every event completely in both languages", () => {
  const events = [...sampleStatus(0).events, ...morningStatus(0).events, ...fullDiskStatus(0).events];
  assertEquals(new Set(events.map(({ type }) => type)).size, Object.keys(english.happened).length);
  for (const [language, words] of [["en", english], ["ja", japanese]] as const) {
    const view = { status: sampleStatus(0), words, format: new Format(language), now: 0 };
    for (const event of events) {
      const { text } = sayEvent(event, view);
      assert(typeof text === "string" && text.length > 8 && !/undefined|null|NaN|\[object/.test(text), `${text}`);
    }
  }
});
