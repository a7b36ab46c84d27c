import { assert, assertEquals } from "@std/assert";
import { livePage } from "../../lib/monitor/live_page.ts";
import { toneOfEvent } from "../../lib/monitor/page/event_tone.js";
import { Format } from "../../lib/monitor/page/format.js";
import { english } from "../../lib/monitor/page/messages_en.js";
import { japanese } from "../../lib/monitor/page/messages_ja.js";
import { newsOf } from "../../lib/monitor/page/news.js";
import { sparkLabels, sparkPaths } from "../../lib/monitor/page/sparkline.js";
import { fullDiskStatus, morningStatus, quietStatus, sampleStatus } from "../helpers/servers/sample_status.ts";

/** The names of all messages, including nested ones, with their types. */
function shape(words: object): unknown {
  return Object.fromEntries(
    Object.entries(words).map(([name, value]) => [name, typeof value === "object" ? shape(value) : typeof value]),
  );
}

Deno.test("the page has the same messages in both languages, except names that stay English", () => {
  assertEquals(shape(japanese), shape(english));
});

Deno.test("the page's HTML refers only to existing messages and files, and to nothing inline or external", () => {
  const { body } = livePage("/")!;
  for (const [, name] of body.matchAll(/data-text="(\w+)"/g)) assert(name! in english, name);
  for (const [, path] of body.matchAll(/(?:src|href)="(\/page\/[^"]+)"/g)) assert(livePage(path!) !== null, path);
  assert(!/https?:\/\//.test(body));
  assert(!/<script>|<style|\sstyle=|\son[a-z]+=/.test(body));
});

Deno.test("livePage() has exactly the files of the folder", async () => {
  for await (const { name } of Deno.readDir(new URL("../../lib/monitor/page/", import.meta.url))) {
    const file = livePage(name === "index.html" ? "/" : `/page/${name}`);
    assertEquals(file?.body, await Deno.readTextFile(new URL(`../../lib/monitor/page/${name}`, import.meta.url)), name);
  }
  for (
    const path of ["", "/page/", "/page/index.html", "/page/__proto__.js", "/page/constructor.js", "/page/main.ts"]
  ) {
    assertEquals([path, livePage(path)], [path, null]);
  }
});

Deno.test("the page's scripts write no markup", () => {
  for (
    const name of [
      ...["main", "dom", "fold", "show_alerts", "show_failures", "show_downloads", "show_breakers", "show_machine"],
      ...["show_headline", "show_events", "show_mode", "show_throughput", "sparkline"],
    ]
  ) {
    assert(!/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(/.test(livePage(`/page/${name}.js`)!.body));
  }
});

Deno.test("Format writes sizes in powers of 1024, like the program", () => {
  const format = new Format("en");
  const texts = [0, 512, 1536, 1023.96 * 1024, 5.25 * 2 ** 20, 1.5 * 2 ** 30, 3 * 2 ** 50].map((size) =>
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

/** An event of type `outage` while it lasts, after an end that no log has, and after its known end. */
function outageTexts(words: typeof english | typeof japanese, event: object): readonly string[] {
  const time = "2026-05-05T02:00:00.000Z";
  const states = [{ until: null, isOpen: true }, { until: null, isOpen: false }, { until: time, isOpen: true }];
  return states.map(({ until, isOpen }) => {
    const told = { time: () => "03:00", span: () => "1h", isOut: () => isOpen };
    return words.happened.outage({ key: "b2", time, tries: 2, isByHand: false, ...event, until }, told);
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
  assertEquals(toneOfEvent({ type: "mode", from: "stable", to: "paused" }, () => false), "bad");
});

Deno.test("the page renders every event completely in both languages", () => {
  const events = [...sampleStatus(0).events, ...morningStatus(0).events, ...fullDiskStatus(0).events];
  assertEquals(new Set(events.map(({ type }) => type)).size, Object.keys(english.happened).length);
  for (const [language, words] of [["en", english], ["ja", japanese]] as const) {
    const format = new Format(language);
    const sayings = {
      format,
      count: String,
      time: () => "03:00",
      span: () => "1h",
      isOut: () => true,
      failure: (name: string) => name,
      problem: () => null,
    };
    for (const event of events) {
      const say = words.happened[event.type] as (one: unknown, how: typeof sayings) => string;
      const text = say(event, sayings);
      assert(typeof text === "string" && text.length > 8 && !/undefined|null|NaN|\[object/.test(text), `${text}`);
    }
  }
});
