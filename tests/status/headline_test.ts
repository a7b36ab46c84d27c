import { assert, assertEquals, assertMatch } from "@std/assert";
import type { StatusDocument, StatusLastRun } from "../../lib/monitor/mod.ts";
import { findingsOf, isAllWell } from "../../lib/status/headline.ts";
import { english } from "../../lib/status/english.ts";
import { japanese } from "../../lib/status/japanese.ts";
import { type HostRow, hostRows, hostState } from "../../lib/status/hosts.ts";
import { sayFinding } from "../../lib/status/say_finding.ts";
import { Format } from "../../lib/status/format.ts";
import { type ProblemId, PROBLEMS } from "../../lib/problems/mod.ts";
import {
  busyStatus,
  fullDiskStatus,
  listingStatus,
  morningStatus,
  outageStatus,
  quietStatus,
  sampleStatus,
} from "../helpers/servers/sample_status.ts";

const NOW = Date.UTC(2026, 4, 5, 6);
const ahead = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();
const kindsOf = (status: StatusDocument): string[] => findingsOf(status, NOW).map(({ kind }) => kind);
const isWell = (status: StatusDocument): boolean => isAllWell(findingsOf(status, NOW));

/** The first line of the headline and the remedy. */
function say(status: StatusDocument, language: "en" | "ja"): { readonly text: string; readonly todo: string } {
  const words = language === "en" ? english : japanese;
  const view = { status, words, now: NOW, format: new Format(language) };
  return sayFinding(findingsOf(status, NOW)[0]!, view);
}

const BREAKER = { ...outageStatus(NOW).breakers[0]!, until: ahead(12) };
const outage = { ...outageStatus(NOW), breakers: [BREAKER] };

Deno.test("the headline shows the worst finding first, with the remedy", () => {
  assertEquals(say(outage, "en").text, "b2.civitai.com cannot be reached, next try in 12s");
  assertMatch(say(outage, "en").todo, /^Nothing for now: .+ check your network/);
  assertEquals(say(outage, "ja").text, "b2.civitai.com: 接続できません（次の試行まで 12 秒）");
  assertEquals(say(fullDiskStatus(NOW), "en").text, "The disk is at its reserve: 41 files (96.20 GiB) are left");
  assertMatch(say(fullDiskStatus(NOW), "en").todo, /^Free at least 96\.26 GiB, .+ run the same command again/);
  assertEquals(say(morningStatus(NOW), "en").text, "8 files failed, most often: login");
  assertMatch(say(morningStatus(NOW), "en").todo, /API key .+ The next run tries what failed again\.$/);
  assertEquals(say(listingStatus(NOW), "en").text, "Listing user:lodestone: 3,100 models so far");
  assertEquals(say(busyStatus(NOW), "en").text, "Downloading 4 files");
  assertEquals(say(quietStatus(NOW), "en").text, "No downloader is running");
  // A pause is worse than the host that caused it.
  const paused = {
    ...outage.mode,
    name: "paused",
    reason: "every storage has failed for 5m",
    ja: { reason: "すべてのストレージが 5 分にわたって失敗し続けています" },
    nextCheck: ahead(90),
  } as const;
  assertEquals(kindsOf({ ...outage, mode: paused }).slice(0, 2), ["paused", "outage"]);
  assertEquals(
    say({ ...outage, mode: paused }, "ja").text,
    "一時停止中です: すべてのストレージが 5 分にわたって失敗し続けています（次の試行まで 1 分 30 秒）",
  );
});

Deno.test("the headline says first of all that the library is gone, and since when", () => {
  const gone = { message: "The library is gone", ja: { message: "" }, lastSeen: ahead(-90) };
  const status = { ...outage, gone };
  assertEquals(kindsOf(status)[0], "libraryGone");
  assertEquals(kindsOf({ ...quietStatus(NOW), library: null, gone }), ["libraryGone", "idle"]);
  assertEquals(isWell({ ...quietStatus(NOW), gone }), false);
  assertMatch(say(status, "en").text, /^The library is gone: it was last seen at .* in \/srv\/civitai$/);
  assertMatch(say(status, "en").todo, /^Mount its disk\./);
  assertMatch(say(status, "ja").text, /^ライブラリが見つかりません：.*（最後の確認 .*）$/);
});

Deno.test("the headline does not report calm where nothing was ever downloaded", () => {
  const status = { ...quietStatus(NOW), library: null };
  assertEquals([kindsOf(status), isWell(status)], [["noLibrary"], false]);
  assertMatch(say(status, "en").text, /^There is no library yet: .* to \/srv\/civitai$/);
  assertMatch(say(status, "ja").text, /^ライブラリはまだありません/);
});

Deno.test("the headline misses no library whose first run has ended before its totals are read", () => {
  const { lastRun } = morningStatus(NOW);
  assert(lastRun !== null);
  assertEquals(kindsOf({ ...quietStatus(NOW), library: null, lastRun }), ["idle"]);
});

Deno.test("the headline reports calm only if nothing is wrong", () => {
  assertEquals([busyStatus(NOW), quietStatus(NOW)].map(isWell), [true, true]);
  assertEquals([outage, fullDiskStatus(NOW), morningStatus(NOW), listingStatus(NOW), sampleStatus(NOW)].map(isWell), [
    ...[false, false, false, false, false],
  ]);
  const busy = busyStatus(NOW);
  const spoiled: Record<string, StatusDocument> = {
    "an open breaker": { ...busy, breakers: [BREAKER] },
    "an open breaker that nobody asks": { ...quietStatus(NOW), breakers: [BREAKER] },
    "a breaker that is tried": { ...busy, breakers: [{ ...BREAKER, state: "half-open", until: null }] },
    "a lowered mode": { ...busy, mode: { ...busy.mode, name: "stable" } },
    "a pause": { ...busy, mode: { ...busy.mode, name: "paused" } },
    "listing beside a run": { ...busy, run: { ...busy.run!, target: "user:x" } },
    "an alert": { ...busy, alerts: sampleStatus(NOW).alerts.slice(1, 2) },
    "a notification without a confirmation": { ...busy, undelivered: sampleStatus(NOW).undelivered },
    "a failure": { ...busy, failureGroups: sampleStatus(NOW).failureGroups.slice(0, 1) },
    "a disk that fails": { ...busy, breakers: [{ ...BREAKER, key: "disk" }] },
    "a full disk": { ...busy, disk: { ...busy.disk, usedPercent: 97, freeBytes: 1000 } },
    "waiting": { ...busy, throughput: { bytesPerSecond: 0, history: [] }, downloads: outage.downloads },
    "silence": { ...busy, throughput: { bytesPerSecond: 0, history: [] } },
  };
  for (const [what, status] of Object.entries(spoiled)) assert(!isWell(status), what);
  // A mode that the user chose is not a step down.
  const chosen = { ...busy, mode: { ...busy.mode, name: "stable", ceiling: "stable" } } as const;
  assertEquals(isWell(chosen), true);
});

Deno.test("the headline names a lowered mode no more after a run that succeeded", () => {
  const lowered = { ...quietStatus(NOW), mode: slow };
  assertEquals(kindsOf(lowered), ["idle"]);
  assertEquals(kindsOf({ ...lowered, mode: rising.mode }), ["idle"]);
  assertEquals(kindsOf({ ...lowered, failedRun: fullDiskStatus(NOW).failedRun }), ["runFailed", "lowered", "idle"]);
});

Deno.test("the headline shows no future event at a past time", () => {
  const late = { ...outage, breakers: [{ ...BREAKER, until: ahead(-30) }] };
  assertEquals(say(late, "en").text, "b2.civitai.com cannot be reached, the next request tries it again");
  assertEquals(say(late, "ja").text, "b2.civitai.com: 接続できません（次のリクエストで再試行）");
  const paused = { ...outage.mode, name: "paused", reason: "the pause", nextCheck: ahead(-5) } as const;
  assertEquals(say({ ...outage, mode: paused }, "en").text, "Downloads are paused: the pause");
});

const SLOW = {
  host: "storage.example",
  speed: { kind: "bytes", ratio: 1 / 110, usual: 900 * 1024, current: 8 * 1024 },
  slowSince: new Date(NOW - 600_000).toISOString(),
  limit: { value: 4, ceiling: 4, reason: null, changedAt: null },
} as const;

/** A run that has waited for bytes. */
function silent(ms: number, files = 12): StatusDocument {
  const silence = { ms, since: new Date(NOW - ms).toISOString(), hosts: ["b2.example"], files };
  return { ...busyStatus(NOW), silence, throughput: { bytesPerSecond: 0, history: [] } };
}

const slow = { ...busyStatus(NOW).mode, name: "resilient", nextCheck: ahead(40) } as const;
const held = { ...busyStatus(NOW), mode: { ...slow, name: "stable", hold: { until: ahead(3600) } } as const };
const rising = { ...busyStatus(NOW), mode: { ...slow, reason: "no trouble for 1m", isRising: true } };
const overGroups = morningStatus(NOW).failureGroups.map((group) => ({ ...group, isOver: true }));

Deno.test("the headline says from whom no byte arrives, also while no file has a response", () => {
  assertEquals(kindsOf(silent(19_000)).includes("noProgress"), false);
  assertMatch(
    say(silent(25_000, 1), "en").text,
    /^No byte has arrived from b2\.example since \S+ \(25s\): 1 file waits$/,
  );
  const early = { ...silent(75_000), downloads: [] };
  assertEquals(findingsOf(early, NOW)[0], { kind: "noProgress", tone: "bad", ...early.silence! });
  assertMatch(
    say(early, "en").text,
    /^No byte has arrived from b2\.example since \S+ \(1m 15s\): 12 files wait$/,
  );
  assertMatch(
    say(early, "ja").text,
    /^b2\.example から \S+ 以降（1 分 15 秒間）データを受信していません。12 件が待機しています$/,
  );
});

Deno.test("the headline says of a mode what is true now: lowered, held manually, or on its way up", () => {
  assertEquals(say(rising, "en"), { text: "Speeding up again: mode resilient, next step in 40s", todo: "" });
  assertEquals(say(held, "en"), {
    text: "Mode stable is held manually, for 1h",
    todo: "civitai-dl failsafe hold --release gives it back to the failsafe.",
  });
  const paused = { ...held, mode: { ...held.mode, name: "paused" } } as const;
  assertEquals(kindsOf(paused).includes("paused"), false);
  assertEquals(say(paused, "en").text, "Mode paused is held manually, for 1h");
});

Deno.test("the headline asks for nothing about failures whose cause is over", () => {
  const morning = { ...morningStatus(NOW), failureGroups: overGroups };
  assertEquals(say(morning, "en"), {
    text: "8 files are missing after earlier failures: login",
    todo: "Downloads have worked again since: run the same command again to fetch what is missing.",
  });
  // While downloads work, it is no news: the run tries the files again, and its counts name them.
  const working = { ...busyStatus(NOW), failureGroups: overGroups };
  const finding = findingsOf(working, NOW)[0]!;
  assertEquals([finding.kind, finding.tone], ["fetching", "good"]);
  assertEquals(kindsOf(working).includes("failedEarlier"), false);
  const [first, ...rest] = morningStatus(NOW).failureGroups;
  const mixed = {
    ...morning,
    failureGroups: [{ ...first!, files: 2 }, ...rest.map((group) => ({ ...group, isOver: true }))],
  };
  assertMatch(say(mixed, "en").text, /^2 files failed, most often: /);
});

/** The problems of the table that findings are about; the others have no entry there. */
const PROBLEM_OF: Readonly<Record<string, ProblemId>> = {
  libraryGone: "library-missing",
  noLibrary: "no-library",
  damaged: "catalog",
  paused: "paused",
  diskFull: "disk",
  diskFails: "disk",
  reserve: "reserve-reached",
  runFailed: "run-failed",
  outage: "breaker",
  leftOpen: "breaker-left",
  probing: "breaker-left",
  noProgress: "no-progress",
  slow: "slow-host",
  diskFilling: "disk-filling",
  held: "held-by-hand",
  lowered: "engine-mode",
  undelivered: "undelivered-alerts",
};

Deno.test("the headline shows every finding in both languages, as urgent as its problem", () => {
  const kinds = new Set<string>();
  const mode = outage.mode;
  const states: readonly StatusDocument[] = [
    ...[outage, fullDiskStatus(NOW), morningStatus(NOW), listingStatus(NOW), busyStatus(NOW), quietStatus(NOW)],
    sampleStatus(NOW),
    { ...quietStatus(NOW), breakers: [BREAKER] },
    { ...outage, mode: { ...mode, name: "paused" } },
    { ...outage, breakers: [{ ...BREAKER, key: "disk" }] },
    { ...outage, breakers: [] },
    { ...quietStatus(NOW), damage: { message: "The catalog is damaged" } },
    { ...quietStatus(NOW), currentRun: { command: "update", startedAt: ahead(-50) } },
    { ...quietStatus(NOW), library: null },
    { ...quietStatus(NOW), gone: { message: "The library is gone", ja: { message: "" }, lastSeen: ahead(-90) } },
    { ...busyStatus(NOW), hosts: [SLOW] },
    { ...busyStatus(NOW), throughput: { bytesPerSecond: 0, history: [] } },
    { ...busyStatus(NOW), downloads: [], throughput: { bytesPerSecond: 0, history: [] } },
    { ...fullDiskStatus(NOW), reserve: null },
    { ...busyStatus(NOW), disk: { ...busyStatus(NOW).disk, fullInSeconds: 60 } },
    {
      ...quietStatus(NOW),
      failedRun: {
        ...fullDiskStatus(NOW).failedRun!,
        endedAt: null,
        exitCode: null,
        message: null,
        hint: null,
        cause: null,
      },
    },
    ...[silent(25_000), held, rising],
    { ...rising, processes: 0, failedRun: fullDiskStatus(NOW).failedRun },
    { ...morningStatus(NOW), failureGroups: overGroups },
    { ...quietStatus(NOW), failureGroups: overGroups.map((group) => ({ ...group, class: "region" })) },
  ];
  for (const status of states) {
    for (const finding of findingsOf(status, NOW)) {
      kinds.add(finding.kind);
      const problem = PROBLEM_OF[finding.kind];
      const isCritical = problem !== undefined && PROBLEMS[problem].severity === "critical";
      if (problem !== undefined) {
        assertEquals([finding.kind, finding.tone], [finding.kind, isCritical ? "bad" : "warn"]);
      }
      for (const [language, words] of [["en", english], ["ja", japanese]] as const) {
        const view = { status, words, now: NOW, format: new Format(language) };
        const { text, todo } = sayFinding(finding, view);
        assert(text.length > 5 && !/undefined|null|NaN|\[object/.test(text + todo), `${finding.kind}: ${text} ${todo}`);
      }
    }
  }
  assertEquals([...kinds].toSorted(), Object.keys(english.findings).toSorted());
});

Deno.test("the headline of an idle monitor says how the last run failed, what is left and what to do", () => {
  const quiet = quietStatus(NOW);
  const run = {
    ...fullDiskStatus(NOW).failedRun!,
    exitCode: 5,
    left: 12,
    cause: "key-rejected",
    message: "Cannot use the API key: it is wrong, expired or revoked",
    hint: "Create a new API key, and put it into api_key.md",
    keyOrigin: '"api_key.md"',
  };
  const failed = { ...quiet, lastRun: run, failedRun: run };
  assertEquals(
    say(failed, "en").text,
    "The last run (update) ended with exit 5: Cannot use the API key: it is wrong, expired or revoked; 12 files are left",
  );
  assertEquals(say(failed, "en").todo, "Create a new API key, and put it into api_key.md.");
  assertEquals(
    say(failed, "ja").text,
    "前回の実行（update）は終了コード 5 で終わりました: API キーの拒否。未取得 12 件",
  );
  assertMatch(say(failed, "ja").todo, /"api_key\.md" のキーを置き換えて/);
  const again = "civitai-dl update --user a";
  const known = { ...failed, failedRun: { ...failed.failedRun!, again } };
  for (const language of ["en", "ja"] as const) {
    assert(say(known, language).todo.includes(again), say(known, language).todo);
  }
  // It is over when a later run has succeeded, and not the news while the next one is under way.
  assertEquals(kindsOf({ ...failed, failedRun: null }), ["idle"]);
  assertEquals(kindsOf({ ...failed, processes: 1 }), ["running"]);
  const killed = {
    ...run,
    state: "killed",
    endedAt: null,
    exitCode: null,
    left: null,
    cause: null,
    hint: null,
  } as const;
  assertEquals(
    say({ ...quiet, lastRun: killed, failedRun: killed }, "en").text,
    "The last run (update) was killed before its end",
  );
});

Deno.test("the headline says when the disk is at the reserve, and warns before", () => {
  const busy = busyStatus(NOW);
  const filling = { ...busy, disk: { ...busy.disk, fullInSeconds: 4800 } };
  assertEquals(say(filling, "en").text, "The disk will be at its reserve in about 1h 20m if it goes on filling");
  assertEquals(kindsOf({ ...busy, disk: { ...busy.disk, fullInSeconds: 20_000 } }), ["fetching"]);
  const reserve = { leftFiles: 0, leftBytes: 0, missingBytes: 1000 };
  assertEquals(kindsOf({ ...filling, reserve }), ["reserve", "fetching"]);
  assertMatch(say({ ...busy, reserve }, "en").text, /^The disk is at its reserve: 741\.0 GiB free/);
  assertMatch(say(fullDiskStatus(NOW), "ja").text, /予備の容量に達し、41 件（96\.20 GiB）が未取得です/);
});

Deno.test("the headline names a host that is slow now, and by how much", () => {
  const status = { ...busyStatus(NOW), hosts: [SLOW] };
  assertMatch(say(status, "en").text, /^Slow: storage\.example at 1\/110 of its usual speed since \d\d:\d\d/);
  assertMatch(say(status, "en").todo, /^Nothing: downloads go on, and speed up when the host does/);
  assertMatch(say(status, "ja").text, /^storage\.example が遅くなっています（普段の 1\/110、\d\d:\d\d.* から）$/);
  const speed = { kind: "answer", ratio: 1 / 200, usual: 300, current: 6000 } as const;
  const api = { ...SLOW, host: "civitai.com", speed };
  const two = { ...status, hosts: [SLOW, api] };
  assertMatch(
    say(two, "en").text,
    /^Slow: civitai\.com takes 6s to answer, 200 times its usual time, since .+, and 1 more host$/,
  );
  assertMatch(say(two, "en").todo, /^Several hosts are slow at once/);
  assertMatch(
    say(two, "ja").text,
    /^civitai\.com の応答が遅くなっています（6 秒、普段の 200 倍、.+から）。ほかに 1 件/,
  );
  assertEquals(kindsOf({ ...status, hosts: [{ ...SLOW, slowSince: null }] }).includes("slow"), false);
  const breaker = { ...BREAKER, key: SLOW.host, state: "open" } as const;
  assertEquals(kindsOf({ ...status, breakers: [breaker] }).includes("slow"), false);
});

Deno.test("a host is not called working if its calls fail, or if it is slow", () => {
  const closed = { ...BREAKER, state: "closed", failures: 0, calls: 0 } as const;
  const word = (breaker: HostRow["breaker"], host: HostRow["host"] = null): string =>
    english.hostState[hostState({ breaker, host, isSilent: false })];
  assertEquals([
    word({ ...closed, failures: 2, calls: 2 }),
    word({ ...closed, failures: 2, calls: 30 }),
    word({ ...closed, calls: 30 }),
    word(closed),
    word(closed, SLOW),
    word(null, { ...SLOW, slowSince: null }),
    word({ ...closed, state: "half-open" }),
    word({ ...closed, state: "open" }),
  ], ["Failing", "Some calls fail", "Working", "Not in use", "Slow", "Working", "Being tried", "Blocked"]);
});

Deno.test("a host is called silent while files wait for its bytes, and only that one", () => {
  const closed = { ...BREAKER, state: "closed", failures: 0, calls: 2 } as const;
  const words = (ms: number) =>
    hostRows({
      breakers: [{ ...closed, key: "a.example" }, { ...closed, key: "b.example" }],
      hosts: [],
      silence: { ms, since: new Date(NOW - ms).toISOString(), hosts: ["b.example"], files: 1 },
    }).map((row) => `${row.key} ${english.hostState[hostState(row)]}`);
  assertEquals(words(70_000), ["b.example No bytes", "a.example Working"]);
  assertEquals(words(5000), ["a.example Working", "b.example Working"]);
});

const FAILED: StatusLastRun = { ...fullDiskStatus(NOW).failedRun!, exitCode: 1, cause: null, failed: 0, left: 0 };
const CREATOR = "1 target was not planned: user:lodestone: the API answers 500";

Deno.test("the headline names the creator that ended the last run before the files that failed", () => {
  const groups = sampleStatus(NOW).failureGroups.slice(0, 1);
  const of = (facts: Partial<StatusLastRun>): StatusDocument => {
    const run = { ...FAILED, message: CREATOR, target: "user:lodestone", ...facts };
    return { ...quietStatus(NOW), lastRun: run, failedRun: run, failureGroups: groups };
  };
  for (const facts of [{}, { failed: 3, cause: "creator-fails" }]) {
    assertEquals(kindsOf(of(facts)).slice(0, 2), ["runFailed", "failed"]);
    for (const language of ["en", "ja"] as const) assertMatch(say(of(facts), language).text, /user:lodestone/);
  }
  // Of a run in which only files failed, these say more.
  assertEquals(kindsOf(of({ failed: 3, message: "3 files failed" })), ["failed", "idle"]);
});

Deno.test("the headline asks for nobody about files that nothing brings back", () => {
  const [group] = sampleStatus(NOW).failureGroups;
  const gone = { ...group!, class: "gone", isFinal: true };
  assertEquals(isWell({ ...quietStatus(NOW), failureGroups: [gone] }), true);
  const both = { ...quietStatus(NOW), failureGroups: [{ ...gone, files: 90 }, { ...group!, files: 2 }] };
  assertMatch(say(both, "en").text, /^2 files failed, most often: /);
});

Deno.test("the headline calls files that the site refuses no failure, and says when they are requested again", () => {
  const [group] = sampleStatus(NOW).failureGroups;
  const region = { ...group!, class: "region", files: 3, isFinal: false, isOver: false };
  const status = { ...quietStatus(NOW), failureGroups: [region] };
  assertEquals([kindsOf(status), isWell(status)], [["refused", "idle"], true]);
  assertEquals(say(status, "en"), {
    text: "3 files cannot be fetched: region",
    todo: "They are requested again after a week.",
  });
  assertEquals(say(status, "ja"), {
    text: "3 件は取得できません（地域制限）",
    todo: "1 週間後に再度リクエストします。",
  });
  const flagged = { ...status, failureGroups: [{ ...region, class: "flagged", remedy: "Do without it" }] };
  assertEquals(say(flagged, "en").todo, "Do without it.");
  const both = { ...status, failureGroups: [region, { ...group!, files: 2 }] };
  assertMatch(say(both, "en").text, /^2 files failed, most often: /);
});

Deno.test("the headline keeps a failure over a run that was stopped, and calls it an earlier one", () => {
  const failedRun = { ...FAILED, exitCode: 6, message: null, startedAt: "2026-05-04T00:00:00.000Z" };
  const lastRun = { ...FAILED, exitCode: 130, startedAt: "2026-05-05T00:00:00.000Z" };
  const status = { ...quietStatus(NOW), failedRun, lastRun };
  assertEquals(say(status, "en").text, "An earlier run (update) ended with exit 6");
  assertMatch(say(status, "ja").text, /^以前の実行（update）は終了コード 6 で終わりました/);
});

Deno.test("the headline says of a run under way what it does, not how the last one failed", () => {
  const run = { ...FAILED, exitCode: 4, message: "The disk is full" };
  const alert = { ...sampleStatus(NOW).alerts[0]!, rule: "RunFailed", severity: "critical", state: "firing" } as const;
  const failed = { ...quietStatus(NOW), lastRun: run, failedRun: run, alerts: [alert] };
  assertEquals(kindsOf(failed)[0], "runFailed");
  // Its process has reported nothing yet: the API hangs.
  const hanging = { ...failed, currentRun: { command: "update", startedAt: ahead(-50) } };
  assertEquals(kindsOf(hanging), ["starting", "alert"]);
  assertMatch(say(hanging, "en").text, /^A run \(update\) is under way since /);
  assertEquals(isWell(hanging), false);
  assertEquals(kindsOf({ ...failed, processes: 1 }), ["running", "alert"]);
  // It may have another key.
  const refused = { ...failed, processes: 1, alerts: [{ ...alert, rule: "KeyRejected" }] };
  assertEquals(kindsOf(refused), ["running", "alert"]);
});

Deno.test("the headline says nothing of the memory of a run that has ended", () => {
  const alert = {
    ...sampleStatus(NOW).alerts[0]!,
    rule: "HighMemoryUsage",
    severity: "warning",
    state: "firing",
  } as const;
  const status = { ...quietStatus(NOW), alerts: [alert] };
  assertEquals(kindsOf({ ...status, processes: 1 }), ["alert", "running"]);
  assertEquals(kindsOf(status), ["idle", "alert"]);
});

Deno.test("the headline names a run's memory before its alert fires, which nothing else does", () => {
  const pending = { ...sampleStatus(NOW).alerts[0]!, rule: "HighMemoryUsage", state: "pending" } as const;
  const status = { ...quietStatus(NOW), processes: 1, alerts: [pending] };
  assertEquals(kindsOf(status), ["alert", "running"]);
  assertEquals(kindsOf({ ...status, processes: 0 }), ["idle"]);
  assertEquals(kindsOf({ ...status, alerts: [{ ...pending, rule: "HighErrorRate" }] }), ["running"]);
});

Deno.test("the headline says that the catalog is damaged, and how to learn more", () => {
  const damage = { message: "The catalog is damaged: file is not a database" };
  const status = { ...quietStatus(NOW), damage };
  assertEquals(kindsOf(status)[0], "damaged");
  assertMatch(say(status, "en").text, /^The catalog is damaged: /);
  for (const language of ["en", "ja"] as const) assertMatch(say(status, language).todo, /civitai-dl doctor/);
});

Deno.test("the headline of a pause says when a run resumes, and how to resume now, once for the run that it ended", () => {
  const until = new Date(NOW + 600_000).toISOString();
  const run = {
    ...fullDiskStatus(NOW).failedRun!,
    exitCode: 6,
    failed: 6,
    failure: "stall",
    cause: "paused",
    message: `Paused by the failsafe until ${until}: every storage has failed for 45s; 6 files failed, the first: x`,
    hint: "Nothing is lost",
    pause: {
      reason: "every storage has failed for 45s",
      ja: { reason: "すべてのストレージが 45 秒にわたって失敗し続けています" },
      until,
    },
    again: "civitai-dl download --user big",
  };
  const quiet = { ...quietStatus(NOW), lastRun: run, failedRun: run };
  const mode = { ...quiet.mode, name: "paused", reason: run.pause.reason, nextCheck: until, hold: null } as const;
  const paused = { ...quiet, mode };
  assertEquals(kindsOf(paused), ["paused", "idle"]);
  const clock = /\d\d:\d\d/;
  for (const [language, words] of [["en", "ends at once with exit 6"], ["ja", "すぐに終了コード 6"]] as const) {
    const { todo } = say(paused, language);
    assertMatch(todo, clock);
    assert(todo.includes(words) && todo.includes("civitai-dl failsafe reset"), todo);
    assert(todo.endsWith(": civitai-dl download --user big"), todo);
  }
  const { text, todo } = say(quiet, "ja");
  assertMatch(text, /フェイルセーフが .*\d\d:\d\d まで一時停止しました.*6 件が失敗しました（転送停止）/);
  assert(!/[a-z]{5}/.test(text.replace("update", "")), text);
  assert(todo.endsWith(": civitai-dl download --user big"), todo);
  assert(!say(quiet, "en").text.includes(until), say(quiet, "en").text);
});
