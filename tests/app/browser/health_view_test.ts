import { assert, assertEquals, assertMatch } from "@std/assert";
import { assertNear } from "../../helpers/assert_near.ts";
import axe from "axe-core";
import { EventClock } from "../../helpers/event_clock.ts";
import { findBrowser } from "../../helpers/browser/browser.ts";
import type { BrowserPage } from "../../helpers/browser/browser_page.ts";
import { SharedBrowser } from "../../helpers/browser/shared_browser.ts";
import {
  busyStatus,
  fullDiskStatus,
  listingStatus,
  morningStatus,
  outageStatus,
  quietStatus,
  sampleStatus,
} from "../../helpers/servers/sample_status.ts";
import { startServer, type TestServer } from "../../helpers/servers/status_server.ts";

// Debian: apt-get install chromium. Without a browser these tests are skipped.
const chromium = await findBrowser();
const shared = chromium === null ? null : await SharedBrowser.start(chromium);
const ignore = shared === null;
const LIVE = `document.querySelector("#link").dataset.state === "live"`;

/** What axe reports, with the elements; it must have checked the page, and colors must be certain. */
async function violations(page: BrowserPage): Promise<string[]> {
  await page.evaluate(`${axe.source}; true`);
  const tags = JSON.stringify(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]);
  const { passed, broken } = await page.evaluate<{ passed: number; broken: string[] }>(
    `axe.run(document, { runOnly: { type: "tag", values: ${tags} } }).then(({ passes, violations, incomplete }) => ({
      passed: passes.length,
      broken: [...violations, ...incomplete].flatMap(({ id, nodes }) =>
        nodes.map((node) => id + ": " + node.html + " " + node.failureSummary)),
    }))`,
  );
  assert(passed > 20, `axe looked at ${passed} rules only`);
  return broken;
}

async function firing(test: TestServer, rule: string): Promise<void> {
  const alert = { ...sampleStatus().alerts[0]!, rule, summary: "Memory is above 2048 MB" };
  test.status = { ...test.status, alerts: [...test.status.alerts, alert] };
  await test.server.publish("status");
}

Deno.test(
  "the view of the health shows and updates the state, and requests nothing elsewhere",
  { ignore },
  async () => {
    await using test = await startServer({ first: quietStatus() });
    await using browser = await shared!.connect();
    const page = await browser.openPage(`${test.url}/#/health`);
    await page.waitFor(LIVE);
    assertEquals(await page.text("#headline-text"), "No downloader is running, all quiet");
    assertEquals(await page.text("#run-words"), "mode turbo · no run yet");
    assertMatch(await page.text("#downloads .none"), /^Nothing is being downloaded/);
    test.status = sampleStatus();
    await test.server.publish("status");
    await page.waitFor(`document.querySelectorAll("#download-list > li").length === 5`);
    assertMatch(
      await page.text("#headline"),
      /^Trouble\s+b2\.civitai\.com does not answer in time, next try in 1m 1\ds\s+What to do: Nothing/,
    );
    assertMatch(
      await page.text("#run-words"),
      /^mode parallel · 87 of 366 files · 73\.00 GiB of 214\.0 GiB · 33 failed so far · 86\.2 MiB\/s · 28m left$/,
    );
    assertEquals(await page.evaluate(`document.querySelector("#headline .track").getAttribute("aria-valuenow")`), "34");
    assertMatch(
      await page.text("#download-list > li"),
      /waiIllustriousSDXL_v150[\s\S]+4\.04 GiB of 6\.46 GiB[\s\S]+62 %/,
    );
    const waiting = `Array.from(document.querySelectorAll("#download-list > li"), (row) => row.innerText).join("\\n")`;
    assertMatch(
      await page.evaluate(waiting),
      /waiting\s+33 %\s+Waiting: does not answer in time: 6 of its last 10 calls failed · tries again at \d\d:\d\d:\d\d, in 1m/,
    );

    assertMatch(await page.text("#ladder [aria-current]"), /^parallel/);
    assertMatch(await page.text("#breaker-list > li"), /^Blocked\s+b2\.civitai\.com\s+6 of 10 calls failed/);
    assertMatch(
      await page.text("#breaker-list"),
      /Some calls fail\s+civitai-delivery\S+\s+1 of 120 calls failed\s+12\.6 MiB\/s for each connection, usually 14\.0 MiB\/s\s+2 of 4 connections: it refused more at once, since \d/,
    );
    assertMatch(
      await page.text("#failure-list > li"),
      /^timeout\s+31 files[\s\S]+What to do: It is retried automatically; if it keeps failing, check the network, or set the --host-timeout that tune-timeouts proposes/,
    );
    assertMatch(
      await page.text("#event-list"),
      /Alert: High timeout rate[\s\S]+b2\.civitai\.com is failing, tried 4 times/,
    );
    const alert = await page.text("#alert-list > li");
    assertMatch(alert, /3\.12 % of the downloads[\s\S]+What to do: Look at the network/);
    assert(!/0\.03|Value/.test(alert), alert);
    assert(!(await page.text("#alerts")).includes("docs/runbook"));
    const undelivered = await page.text("#undelivered");
    assertMatch(undelivered, /Not delivered\s+ntfys:\/\/ntfy\.example\/…[\s\S]+HighTimeoutRate: .+ it answered 503/);
    assertMatch(undelivered, /sent again at \d\d:\d\d[\s\S]+No answer[\s\S]+DiskAlmostFull[\s\S]+may have arrived/);
    assertMatch(await page.text("#total-list"), /12,408[\s\S]+1\.93 TiB[\s\S]+91 % used, 171\.6 GiB free/);
    assertEquals(await page.evaluate("document.title"), "✕ (2) Health · civitai-dl nas");
    assertEquals(page.complaints, []);
  },
);

Deno.test(
  "the view of the health announces alerts and modes to a screen reader, but no ticks",
  { ignore },
  async () => {
    await using test = await startServer();
    await using browser = await shared!.connect();
    const page = await browser.openPage(`${test.url}/#/health`);
    await page.waitFor(`document.querySelectorAll("#alert-list > li").length === 3`);
    assertEquals(await page.text("#news"), "");
    await page.evaluate(
      `globalThis.told = []; new MutationObserver(() => told.push(document.querySelector("#news").textContent))
    .observe(document.querySelector("#news"), { childList: true, characterData: true, subtree: true })`,
    );
    await firing(test, "HighMemory");
    await page.waitFor(`document.querySelectorAll("#alert-list > li").length === 4`);
    for (const bytesPerSecond of [1000, 2000, 3000]) {
      test.status = { ...test.status, throughput: { ...test.status.throughput, bytesPerSecond } };
      await test.server.publish("status");
    }
    await page.waitFor(`document.querySelector("#speed").innerText.startsWith("2.9")`);
    assertEquals(await page.evaluate("told"), ["Critical: HighMemory. Memory is above 2048 MB."]);
    test.status = { ...test.status, mode: { ...test.status.mode, name: "paused", reason: "The disk is full" } };
    await test.server.publish("status");
    await page.waitFor(`told.length === 2`);
    assertMatch(await page.evaluate("told[1]"), /Engine mode is now paused: The disk is full\.$/);
    assertEquals(await page.evaluate(`document.querySelectorAll("[aria-live]").length`), 1);
  },
);

Deno.test(
  "the view of the health reports a lost connection and recovers when the monitor is back",
  { ignore },
  async () => {
    await using browser = await shared!.connect();
    const first = await startServer();
    const page = await browser.openPage(`${first.url}/#/health`);
    await page.waitFor(LIVE);
    await first.server.close();
    await page.waitFor(`document.querySelector("#link").dataset.state === "lost"`);
    assertMatch(
      await page.text("#lost"),
      /^Connection lost, retrying since \d\d:\d\d:\d\d\. What you see is the state of/,
    );
    assertEquals(await page.evaluate(`document.querySelectorAll("#download-list > li").length`), 5);
    assertEquals(await violations(page), []);
    await using _second = await startServer({ listen: `127.0.0.1:${first.server.port}`, first: quietStatus() });
    await page.waitFor(LIVE);
    await page.waitFor(`document.querySelectorAll("#download-list > li").length === 0`);
    assertEquals(await page.evaluate(`document.querySelector("#lost")`), null);
    assertEquals(
      await page.text("#news"),
      "Connection to the server restored. Engine mode is now turbo: no reason to change it. " +
        "Resolved: HighTimeoutRate. Resolved: DiskAlmostFull.",
    );
  },
);

Deno.test("the view of the health retries after a response that is not a stream", { ignore }, async () => {
  let isBroken = true;
  const status = () => {
    if (isBroken) throw new Error("not yet");
    return sampleStatus();
  };
  await using test = await startServer({ status });
  await using browser = await shared!.connect();
  const page = await browser.openPage(`${test.url}/#/health`);
  await page.waitFor(`document.querySelector("#link").dataset.state === "lost"`);
  assertMatch(await page.text("#lost"), /Nothing has been received yet\.$/);
  isBroken = false;
  await page.waitFor(LIVE);
  await page.waitFor(`document.querySelectorAll("#download-list > li").length === 5`);
});

Deno.test("the view of the health detects a silent connection and opens another", { ignore }, async () => {
  // This clock stands still, so the server never sends a keep-alive.
  await using test = await startServer({ clock: new EventClock(), beatMs: 400 });
  await using browser = await shared!.connect();
  const page = await browser.openPage(`${test.url}/#/health`);
  await page.waitFor(LIVE);
  await page.waitFor(`document.querySelector("#news").textContent.includes("Connection to the server restored.")`);
});

Deno.test("the view of the health reports that it is too old for the monitor", { ignore }, async () => {
  await using test = await startServer({ first: { ...sampleStatus(), version: 2 as 1 } });
  await using browser = await shared!.connect();
  const page = await browser.openPage(`${test.url}/#/health`);
  await page.waitFor(`document.querySelector("#lost") !== null`);
  assertMatch(await page.text("#lost"), /The server uses a newer format than this page\. Reload the page\./);
});

Deno.test(
  "the view of the health orders headline, alerts and downloads on a phone, and folds failures",
  { ignore },
  async () => {
    const sample = sampleStatus();
    const [group] = sample.failureGroups;
    const failureGroups = Array.from({ length: 20 }, (_, index) => ({
      ...group!,
      files: 351,
      message: `Cannot fetch it, reason ${"x".repeat(index)}: ${group!.message.repeat(8)}`,
    }));
    await using test = await startServer({ first: { ...sample, failureGroups } });
    await using browser = await shared!.connect();
    const page = await browser.openPage(`${test.url}/#/health`, { width: 390, height: 844 });
    await page.waitFor(`document.querySelectorAll("#failure-rest > li").length === 16`);
    const tops = `["headline", "alerts", "downloads", "events", "failures", "throughput", "mode"].map((id) =>
    document.getElementById(id).getBoundingClientRect().top)`;
    const order = await page.evaluate<number[]>(tops);
    assertEquals(order, order.toSorted((a, b) => a - b));
    assertEquals(await page.text("#failure-more > summary"), "16 more");
    assertEquals(await page.text("#failures-count"), "7,020 files");
    const height = `document.getElementById("failures").getBoundingClientRect().height`;
    const folded = await page.evaluate<number>(height);
    assert(folded < 900, `${folded} px`);
    await page.evaluate(`document.querySelector("#failure-list details").open = true`);
    assertMatch(await page.text("#failure-list > li"), /ink_wash_pony_v1\.safetensors[\s\S]+and 331 more/);
    // Unfolded cards stay unfolded when the state changes.
    test.status = { ...test.status, failureGroups: failureGroups.map((one) => ({ ...one, tries: 99, files: 352 })) };
    await test.server.publish("status");
    await page.waitFor(`document.querySelector("#failures-count").textContent === "7,040 files"`);
    assertEquals(await page.evaluate(`document.querySelector("#failure-list details").open`), true);
  },
);

Deno.test(
  "the view of the health collapses an empty card to a line, and places the labels of the chart",
  { ignore },
  async () => {
    await using test = await startServer({ first: quietStatus() });
    await using browser = await shared!.connect();
    const page = await browser.openPage(`${test.url}/#/health`, { width: 1280 });
    await page.waitFor(LIVE);
    const heights = `["alerts", "downloads", "events", "failures", "breakers", "throughput"].map((id) =>
    document.getElementById(id).getBoundingClientRect().height)`;
    for (const height of await page.evaluate<number[]>(heights)) assert(height > 20 && height < 60, `${height} px`);
    const sample = sampleStatus();
    test.status = { ...sample, throughput: { ...sample.throughput, history: [1e6, 9e6, 2e6, 2e6] } };
    await test.server.publish("status");
    await page.waitFor(`document.querySelector("#spark-peak").textContent !== ""`);
    // Four of 120 slots have data: there is no room for the label of the first beside that of the last.
    assertEquals(await page.text("#spark-from"), "");
    test.status = { ...sample, throughput: { ...sample.throughput, history: [9e6, ...Array(39).fill(2e6)] } };
    await test.server.publish("status");
    await page.waitFor(`document.querySelector("#spark-from").textContent === "19m 30s ago"`);
    const [from, right, width] = await page.evaluate<[number, number, number]>(
      `[document.querySelector("#spark-from").getBoundingClientRect().right,
      document.querySelector("#spark").getBoundingClientRect().right,
      document.querySelector("#spark").getBoundingClientRect().width]`,
    );
    // Forty of 120 slots have data.
    assertNear((right - from) / width, 39 / 119, 0.03);
  },
);

for (const theme of ["light", "dark"] as const) {
  Deno.test(
    `the view of the health has no violations for axe in ${theme}, in both languages, wide and narrow`,
    { ignore },
    async () => {
      await using test = await startServer();
      await using browser = await shared!.connect();
      for (const [language, width] of [["en-US", 1280], ["ja", 320]] as const) {
        const page = await browser.openPage(`${test.url}/#/health`, { theme, language, width });
        await page.waitFor(`document.querySelectorAll("#download-list > li").length === 5`);
        assertEquals(await violations(page), []);
      }
      // One page for all of them: another one would be another process of the browser.
      const page = await browser.openPage(`${test.url}/#/health`, { theme, width: 390 });
      const statuses = [quietStatus, busyStatus, outageStatus, fullDiskStatus, morningStatus, listingStatus];
      for (const [index, makeStatus] of statuses.entries()) {
        test.status = makeStatus();
        // An address that differs in no more than its hash loads nothing.
        await page.goto(`${test.url}/?${index}#/health`);
        await page.waitFor(`document.querySelector("#headline-text").textContent !== ""`);
        await page.evaluate(`document.querySelectorAll("details").forEach((one) => one.open = true)`);
        assertEquals(await violations(page), []);
      }
    },
  );
}

Deno.test("the view of the health uses the reader's language and remembers a choice", { ignore }, async () => {
  await using test = await startServer();
  await using browser = await shared!.connect();
  const page = await browser.openPage(`${test.url}/#/health`, { language: "ja" });
  await page.waitFor(LIVE);
  assertEquals(await page.evaluate("document.documentElement.lang"), "ja");
  assertMatch(
    await page.text("#headline-text"),
    /^b2\.civitai\.com: 時間内に応答しません（次の試行まで 1 分 1\d 秒）$/,
  );
  assertMatch(await page.text("#run-words"), /^モード parallel · 366 件中 87 件完了 · .+ · 残り 28 分$/);
  assertEquals(await page.text("#mode-reason"), "b2.civitai.com への接続が遮断されました");
  assertEquals(await page.evaluate(`document.querySelector("#mode-reason").lang`), "");
  assertMatch(await page.text("#failure-list .remedy"), /^対処: 自動的に再試行します/);
  assertEquals(await page.evaluate(`document.querySelector("#failure-list .message").lang`), "en");
  assertEquals(await page.evaluate(`document.querySelector("#failure-list .remedy span").lang`), "");
  await page.evaluate(`document.querySelector("input[value=en]").click()`);
  // The words of another language are a script of their own.
  await page.waitFor(`document.querySelector("#downloads-title").innerText === "Downloads 5"`);
  await page.evaluate(`document.querySelector("input[value=dark]").click()`);
  await page.goto(`${test.url}/?again#/health`);
  await page.waitFor(LIVE);
  assertEquals(await page.evaluate("[document.documentElement.lang, document.documentElement.dataset.theme]"), [
    "en",
    "dark",
  ]);
  assertEquals(await page.evaluate("getComputedStyle(document.body).colorScheme"), "dark");
});

Deno.test("the view of the health works without storage", { ignore }, async () => {
  await using test = await startServer();
  await using browser = await shared!.connect();
  const page = await browser.openPage(`${test.url}/#/health`);
  await page.waitFor(LIVE);
  await page.evaluate(
    `Object.defineProperty(globalThis, "localStorage", { get() { throw new Error("forbidden"); } }); true`,
  );
  await page.evaluate(`document.querySelector("input[value=ja]").click()`);
  await page.waitFor(`document.querySelector("#downloads-title").innerText === "ダウンロード 5"`);
  assertEquals(page.complaints, []);
});

Deno.test("the view of the health fits 320 pixels without horizontal scrolling", { ignore }, async () => {
  await using test = await startServer();
  await using browser = await shared!.connect();
  for (const language of ["en-US", "ja"] as const) {
    const page = await browser.openPage(`${test.url}/#/health`, { width: 320, height: 640, language });
    await page.waitFor(`document.querySelectorAll("#download-list > li").length === 5`);
    const cut = `Array.from(document.querySelectorAll("body *")).filter((node) => !node.closest(".unseen, .skip"))
      .filter((node) => node.getBoundingClientRect().right > 320.5).map((node) => node.outerHTML.slice(0, 200))`;
    assertEquals(await page.evaluate(cut), []);
    assertEquals(await page.evaluate("document.documentElement.scrollWidth"), 320);
  }
});

Deno.test("the view of the health supports the keyboard, and keeps the focus across updates", { ignore }, async () => {
  await using test = await startServer();
  await using browser = await shared!.connect();
  const page = await browser.openPage(`${test.url}/#/health`);
  await page.waitFor(`document.querySelectorAll("#alert-list > li").length === 3`);
  const focus =
    `(() => { const node = document.activeElement; return node.id || node.value || node.getAttribute("href"); })()`;
  const seen: string[] = [];
  for (let step = 0; step < 9; step++) {
    await page.press("Tab", { code: 9 });
    seen.push(await page.evaluate(focus));
    const outline = `[document.activeElement, document.activeElement.nextElementSibling].some((node) =>
      node !== null && getComputedStyle(node).outlineStyle === "solid")`;
    assert(await page.evaluate(outline), `no ring around ${seen.at(-1)}`);
  }
  assertEquals(seen, [
    "#main",
    ...["library", "add", "queue", "updates", "health"].map((view) => `#/${view}`),
    ...["en", "auto", "https://example.com/civitai-dl/runbook#timeout-rate"],
  ]);
  await firing(test, "HighMemory");
  await page.waitFor(`document.querySelectorAll("#alert-list > li").length === 4`);
  assertEquals(await page.evaluate(focus), seen.at(-1));
  await page.evaluate(`document.querySelector("input[value=auto]").focus()`);
  await page.press("ArrowRight", { code: 39 });
  assertEquals(await page.evaluate("document.documentElement.dataset.theme"), "light");
  await page.evaluate(`document.querySelector(".skip").focus()`);
  await page.press("Enter", { code: 13, text: "\r" });
  await page.waitFor(`document.activeElement.id === "main"`);
});

Deno.test("the view of the health renders data as text", { ignore }, async () => {
  const evil = `<img src=x onerror="globalThis.hit=1"><script>globalThis.hit=1</script>`;
  const sample = sampleStatus();
  const why = { reason: evil, ja: { reason: evil } };
  const first = {
    ...sample,
    mode: { ...sample.mode, ...why },
    breakers: [{ ...sample.breakers[1]!, key: evil, reason: evil, ja: { reason: evil, fault: evil } }],
    downloads: [{ ...sample.downloads[0]!, path: `${evil}/${evil}`, host: evil }],
    alerts: [{
      ...sample.alerts[0]!,
      rule: evil,
      severity: evil as "warning",
      summary: evil,
      runbook: "javascript:globalThis.hit=1",
    }],
    source: { machine: evil, library: evil },
    run: { ...sample.run!, activity: "listing" as const, target: evil },
    events: [
      { type: "outage", time: sample.time, until: null, key: evil, ...why, isByHand: false, tries: 1 },
      { type: "warning", time: sample.time, until: sample.time, problem: evil, message: evil, count: 1 },
    ] as const,
    failureGroups: [{ ...sample.failureGroups[0]!, paths: [evil], class: evil, message: evil, remedy: evil }],
    failures: [],
    library: { files: 1, bytes: 1, byState: { [evil]: 3, __proto__: 1 } },
  };
  await using test = await startServer({ first });
  await using browser = await shared!.connect();
  const page = await browser.openPage(`${test.url}/#/health`);
  await page.waitFor(`document.querySelectorAll("#failure-list > li").length === 1`);
  assertEquals(await page.evaluate(`document.querySelector("#failure-list .paths li").textContent`), evil);
  assertEquals(await page.evaluate(`document.querySelectorAll("main img, main script, main a").length`), 0);
  assertEquals(await page.evaluate("globalThis.hit ?? null"), null);
  assertEquals(page.complaints, []);
});

Deno.test("the view of the health of a monitor with a token opens by the URL with the token", { ignore }, async () => {
  const token = "0123456789abcdef0123";
  await using test = await startServer({ token });
  await using browser = await shared!.connect();
  const page = await browser.openPage(`${test.url}/#/health`);
  assertMatch(await page.text("main"), /requires its token/);
  await page.goto(`${test.url}/?token=${token}`);
  await page.waitFor(LIVE);
  assertEquals(await page.evaluate("location.search + document.cookie"), "");
});
