import type { StatusDocument, StatusLastRun } from "../../../lib/monitor/mod.ts";
import { PROBLEM_IDS, PROBLEMS } from "../../../lib/problems/mod.ts";

const MIB = 2 ** 20;
const GIB = 2 ** 30;
/** As in `config/alerts.yml`. */
const NETWORK =
  "Look at the network; if one host only is slow, lower --max-connections. Downloads go on where they stood.";
const NETWORK_JA =
  "ネットワークを確認してください。特定のホストだけが遅い場合は --max-connections の値を小さくしてください。ダウンロードは続きから再開します。";
const SPACE_JA =
  "空き容量を増やすか、ライブラリを大きなディスクに移動してください。空き容量が予備の容量を下回ると、ダウンロードは自動的に停止します。";

interface Why {
  readonly reason: string;
  readonly ja: { readonly reason: string };
}

const OPENED: Why = {
  reason: "the breaker of b2.civitai.com opened",
  ja: { reason: "b2.civitai.com への接続が遮断されました" },
};
const SLOW_ANSWERS: Why = {
  reason: "does not answer in time: 6 of its last 10 calls failed",
  ja: { reason: "時間内に応答しません（直近 10 回のうち 6 回が失敗しました）" },
};
const UNREACHABLE: Why = {
  reason: "cannot be reached: 5 calls in a row failed",
  ja: { reason: "接続できません（5 回連続で失敗しました）" },
};
const CALM: Why = { reason: "no reason to change it", ja: { reason: "問題は見つかっていません" } };
const NO_TROUBLE: Why = { reason: "no trouble for 2m", ja: { reason: "2 分にわたって問題は発生していません" } };
const ALL_FAIL: Why = {
  reason: "every host has failed for 1m",
  ja: { reason: "すべてのホストが 1 分にわたって失敗し続けています" },
};
const NO_REASON = { reason: null, fault: null, ja: { reason: null, fault: null } } as const;
/** As `buildStatus` adds them, for all problems. */
const JAPANESE = Object.fromEntries(
  PROBLEM_IDS.filter((id) => PROBLEMS[id].page !== "exit-codes").map((id) => [id, PROBLEMS[id].ja]),
);

const RUN_END = { type: "end", command: "update", exitCode: 0, left: 0, cause: null, message: null } as const;
const DISK = { reserveBytes: GIB, fullInSeconds: null } as const;
const SPACE = "Free some space, or move the library to a larger disk; downloads stop by themselves at the reserve.";

/** The state of a monitor on a day with some trouble; `now` is its clock. */
export function sampleStatus(now: number = Date.now()): StatusDocument {
  const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();
  return {
    schema: "civitai-dl/status",
    version: 1,
    time: ago(0),
    startedAt: ago(3 * 24 * 60 + 250),
    source: { machine: "nas", library: "/srv/civitai" },
    run: {
      activity: "fetching",
      target: null,
      listedModels: 1204,
      files: 366,
      bytes: 214 * GIB,
      doneFiles: 87,
      doneBytes: 73 * GIB,
      failedFiles: 33,
      leftMs: 28 * 60_000,
    },
    mode: {
      name: "parallel",
      since: ago(23),
      ceiling: "turbo",
      isRising: false,
      hold: null,
      nextCheck: ago(-7),
      ...OPENED,
    },
    breakers: [
      { ...closed("civitai.com", ago(900)), calls: 214 },
      {
        key: "b2.civitai.com",
        state: "open",
        since: ago(2),
        until: ago(-1.2),
        failures: 6,
        calls: 10,
        reason: SLOW_ANSWERS.reason,
        fault: "does not answer in time",
        ja: { ...SLOW_ANSWERS.ja, fault: "時間内に応答しません" },
      },
      {
        key: "image.civitai.com",
        state: "half-open",
        since: ago(0.4),
        until: null,
        failures: 3,
        calls: 12,
        reason: "2 of 3 probes failed",
        fault: null,
        ja: { reason: "回復確認のリクエスト 3 回のうち 2 回が失敗しました", fault: null },
      },
      { ...closed("civitai-delivery.r2.cloudflarestorage.com", ago(4000)), failures: 1, calls: 120 },
      { ...closed("disk", ago(4000)), calls: 388 },
    ],
    hosts: [
      {
        host: "civitai-delivery.r2.cloudflarestorage.com",
        speed: { kind: "bytes", ratio: 0.9, usual: 14 * MIB, current: 12.6 * MIB },
        slowSince: null,
        limit: { value: 2, ceiling: 4, reason: "refused", changedAt: ago(3) },
      },
    ],
    downloads: [
      download("Checkpoint/Illustrious/WAI-illustrious-SDXL/waiIllustriousSDXL_v150.safetensors", 0.625, 6.46, 38.4),
      download("LORA/Flux.1 D/Retro Anime Flux/retro_anime_flux_v2.safetensors", 0.91, 0.292, 12.7),
      download("Checkpoint/SDXL 1.0/Juggernaut XL/juggernautXL_ragnarok.safetensors", 0.08, 6.62, 35.1),
      {
        path: "TextualInversion/SD 1.5/背景スタイル集/haikei_style_night.pt",
        host: null,
        bytes: 48_120,
        totalBytes: null,
        bytesPerSecond: 0,
        connections: 1,
        waiting: null,
      },
      {
        ...download("LORA/Pony/Ink Wash/ink_wash_pony.safetensors", 0.33, 0.214, 0),
        host: "b2.civitai.com",
        waiting: { ...SLOW_ANSWERS, until: ago(-1.2) },
      },
    ],
    silence: null,
    throughput: { bytesPerSecond: 86.2 * MIB, history: history(), tickMs: 30_000 },
    alerts: [
      {
        rule: "HighTimeoutRate",
        severity: "critical",
        state: "firing",
        since: ago(4),
        value: 0.0312,
        summary: "High timeout rate: 3.12 % of the downloads of the last 5m timed out, more than 1 %",
        valueText: "3.12 %",
        ja: {
          summary: "タイムアウト率が高くなっています: 直近 5 分で 3.12 % がタイムアウト（上限 1 %）",
          remedy: NETWORK_JA,
        },
        remedy: NETWORK,
        runbook: "https://example.com/civitai-dl/runbook#timeout-rate",
      },
      {
        rule: "DiskAlmostFull",
        severity: "warning",
        state: "firing",
        since: ago(190),
        value: 91.4,
        summary: "The library's disk is 91.4 % full, more than 90 %",
        runbook: "docs/runbook/high-disk-usage.md",
        valueText: "91.4 %",
        ja: { summary: "ライブラリのディスク使用率が 91.4 % です（上限 90 %）", remedy: SPACE_JA },
        remedy: SPACE,
      },
      {
        rule: "HighErrorRate",
        severity: "warning",
        state: "resolved",
        since: ago(11),
        value: 0.012,
        summary: "High error rate: 1.2 % of the downloads of the last 5m failed, more than 5 %",
        runbook: null,
        valueText: "1.2 %",
        ja: { summary: "エラー率が高くなっています: 直近 5 分で 1.2 % が失敗（上限 5 %）", remedy: null },
        remedy: null,
      },
    ],
    undelivered: [
      {
        address: "ntfys://ntfy.example/…",
        alerts: ["HighTimeoutRate"],
        state: "waiting",
        since: ago(9),
        tries: 5,
        retryAt: new Date(now + 6 * 60_000).toISOString(),
        message: 'Cannot notify "ntfys://ntfy.example/…": it answered 503',
      },
      {
        address: "jsons://hooks.example/…",
        alerts: ["DiskAlmostFull"],
        state: "unanswered",
        since: ago(4),
        tries: 1,
        retryAt: null,
        message: 'Cannot notify "jsons://hooks.example/…": no answer within 20s',
      },
    ],
    failures: [
      {
        time: ago(1),
        path: "LORA/Pony/Ink Wash/ink_wash_pony.safetensors",
        class: "timeout",
        message: "Cannot fetch the file: b2.civitai.com sent nothing for 30 s",
        remedy:
          "It is retried automatically; if it keeps failing, check the network, or set the --host-timeout that tune-timeouts proposes",
      },
      {
        time: ago(6),
        path: "Checkpoint/SDXL 1.0/Private Mix/privateMix_v3.safetensors",
        class: "login",
        message: "Cannot fetch the file: the service wants a login (401)",
        remedy: "Create a new API key on the site, and pass it with CIVITAI_API_KEY, --token-file or api_key.md",
      },
      {
        time: ago(38),
        path: "VAE/kl-f8-anime2.ckpt",
        class: "integrity",
        message: "SHA-256 differs from the one that was promised; the file was put into corrupted/",
        remedy: "They are kept in corrupted/; if the creator replaced the file, a later run fetches the new one",
      },
    ],
    failureGroups: [
      {
        class: "timeout",
        message: "Cannot fetch the file: b2.civitai.com sent nothing for 30 s",
        files: 31,
        tries: 58,
        remedy:
          "It is retried automatically; if it keeps failing, check the network, or set the --host-timeout that tune-timeouts proposes",
        since: ago(12),
        time: ago(1),
        isOver: false,
        isFinal: false,
        paths: failedPaths(20),
      },
      {
        class: "login",
        message: "Cannot fetch the file: the service wants a login (401)",
        files: 1,
        tries: 1,
        remedy: "Create a new API key on the site, and pass it with CIVITAI_API_KEY, --token-file or api_key.md",
        since: ago(6),
        time: ago(6),
        isOver: false,
        isFinal: false,
        paths: ["Checkpoint/SDXL 1.0/Private Mix/privateMix_v3.safetensors"],
      },
      {
        class: "integrity",
        files: 1,
        tries: 3,
        since: ago(44),
        time: ago(38),
        isOver: false,
        isFinal: false,
        paths: ["VAE/kl-f8-anime2.ckpt"],
        message: "SHA-256 differs from the one that was promised; the file was put into corrupted/",
        remedy: "They are kept in corrupted/; if the creator replaced the file, a later run fetches the new one",
      },
    ],
    events: newestFirst([
      {
        type: "outage",
        time: ago(12),
        until: null,
        key: "b2.civitai.com",
        tries: 4,
        isByHand: false,
        ...SLOW_ANSWERS,
      },
      { type: "retries", time: ago(13), until: ago(1), host: "b2.civitai.com", failure: "timeout", count: 58 },
      {
        type: "alert",
        time: ago(4),
        rule: "HighTimeoutRate",
        severity: "critical",
        state: "firing",
        summary: "High timeout rate: 3.12 % of the downloads of the last 5m timed out, more than 1 %",
        ja: { summary: "タイムアウト率が高くなっています: 直近 5 分で 3.12 % がタイムアウト（上限 1 %）" },
      },
      {
        type: "mode",
        time: ago(23),
        from: "turbo",
        to: "parallel",
        ...OPENED,
      },
      { type: "run", time: ago(51), files: 366, bytes: 214 * GIB },
    ]),
    library: {
      files: 12_408,
      bytes: 1.93 * 2 ** 40,
      byState: { planned: 211, done: 12_408, deferred: 17, refused: 42, failed: 33, corrupted: 1 },
    },
    gone: null,
    damage: null,
    checks: { checkedAt: ago(4), failing: [] },
    disk: { ...DISK, usedPercent: 91.4, freeBytes: 171.6 * GIB },
    memory: { rssBytes: 143 * MIB },
    commands: { doctor: "civitai-dl doctor", failsafe: "civitai-dl failsafe", rollout: "civitai-dl rollout" },
    processes: 2,
    reserve: null,
    lastRun: null,
    currentRun: null,
    failedRun: null,
    ja: { problems: JAPANESE },
  };
}

/** The same on a day without events. */
export function quietStatus(now: number = Date.now()): StatusDocument {
  const busy = sampleStatus(now);
  return {
    ...busy,
    mode: { ...busy.mode, name: "turbo", ...CALM, nextCheck: null },
    breakers: [],
    hosts: [],
    downloads: [],
    alerts: [],
    undelivered: [],
    failures: [],
    failureGroups: [],
    library: { files: 12_408, bytes: busy.library!.bytes, byState: { done: 12_408 } },
    processes: 0,
    events: [],
    run: null,
    throughput: { bytesPerSecond: 0, history: [] },
    disk: { ...DISK, usedPercent: 41, freeBytes: 900 * GIB },
  };
}

/** Everything is fine and files arrive. */
export function busyStatus(now: number = Date.now()): StatusDocument {
  const sample = sampleStatus(now);
  return {
    ...sample,
    mode: { ...sample.mode, name: "turbo", ...CALM, nextCheck: null },
    breakers: sample.breakers.filter(({ state }) => state === "closed"),
    hosts: [],
    downloads: sample.downloads.filter(({ waiting }) => waiting === null),
    run: { ...sample.run!, failedFiles: 0 },
    library: withFailed(sample, 0),
    alerts: [],
    undelivered: [],
    failures: [],
    failureGroups: [],
    events: sample.events.filter(({ type }) => type === "run"),
    disk: { ...DISK, usedPercent: 62, freeBytes: 741 * GIB },
  };
}

/** The storage does not respond, and nothing arrives. */
export function outageStatus(now: number = Date.now()): StatusDocument {
  const sample = sampleStatus(now);
  const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();
  const waiting = { ...UNREACHABLE, until: ago(-0.2) };
  const breaker = {
    ...sample.breakers[1]!,
    ...waiting,
    fault: "cannot be reached",
    ja: { ...UNREACHABLE.ja, fault: "接続できません" },
    failures: 8,
    calls: 8,
  };
  return {
    ...sample,
    mode: { ...sample.mode, name: "stable", since: ago(6), nextCheck: ago(-3) },
    breakers: [breaker, ...sample.breakers.filter(({ state }) => state === "closed")],
    downloads: sample.downloads.slice(0, 2).map((file) => ({
      ...file,
      host: "b2.civitai.com",
      bytesPerSecond: 0,
      connections: 0,
      waiting,
    })),
    run: { ...sample.run!, leftMs: null },
    throughput: stopped(sample, 14),
    alerts: sample.alerts.slice(0, 1),
    disk: { ...DISK, usedPercent: 62, freeBytes: 741 * GIB },
  };
}

/** The disk is full, which ended the run. */
export function fullDiskStatus(now: number = Date.now()): StatusDocument {
  const sample = sampleStatus(now);
  const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();
  const message = "Cannot fetch 41 files (96.20 GiB): the disk has no room; the run continued with the files that fit";
  return {
    ...busyStatus(now),
    processes: 0,
    run: null,
    reserve: { leftFiles: 41, leftBytes: 96.2 * GIB, missingBytes: 96.26 * GIB },
    ...bothRuns({
      endedAt: ago(12),
      exitCode: 4,
      done: 325,
      left: 41,
      leftBytes: 96.2 * GIB,
      cause: "reserve-reached",
      message,
      hint: "Free at least 96.26 GiB, or lower --reserve; run again to continue",
    }),
    downloads: [],
    throughput: stopped(sample, 24),
    alerts: [{
      ...sample.alerts[1]!,
      value: 99.9,
      valueText: "99.9 %",
      since: ago(44),
      summary: "The library's disk is 99.9 % full, more than 90 %",
      ja: { summary: "ライブラリのディスク使用率が 99.9 % です（上限 90 %）", remedy: SPACE_JA },
    }],
    events: newestFirst([
      { ...RUN_END, time: ago(12), done: 325, failed: 0, fetchedBytes: 118 * GIB, durationMs: 71 * 60_000 },
      { type: "warning", time: ago(19), until: ago(12), problem: "reserve-reached", message, count: 41 },
      {
        type: "alert",
        time: ago(44),
        rule: "DiskAlmostFull",
        severity: "warning",
        state: "firing",
        summary: "The library's disk is 90.1 % full, more than 90 %",
        ja: { summary: "ライブラリのディスク使用率が 90.1 % です（上限 90 %）" },
      },
      { type: "run", time: ago(83), files: 366, bytes: 214 * GIB },
    ]),
    disk: { ...DISK, usedPercent: 99.9, freeBytes: 0.94 * GIB },
  };
}

/** A run of the night has ended; a host was down for hours. */
export function morningStatus(now: number = Date.now()): StatusDocument {
  const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();
  const [timeouts, login] = sampleStatus(now).failureGroups;
  const step = (minutes: number, from: string, to: string, why: Why): StatusDocument["events"][number] => ({
    type: "mode",
    time: ago(minutes),
    from,
    to,
    ...why,
  });
  return {
    ...quietStatus(now),
    ...bothRuns({ endedAt: ago(92), exitCode: 1, done: 358, failed: 8, message: "8 files failed" }),
    library: withFailed(sampleStatus(now), 8),
    failureGroups: [
      { ...login!, files: 6, tries: 6, time: ago(95), since: ago(300), paths: failedPaths(6) },
      { ...timeouts!, files: 2, tries: 9, time: ago(96), since: ago(340), paths: failedPaths(2) },
    ],
    events: newestFirst([
      {
        ...RUN_END,
        time: ago(92),
        exitCode: 1,
        done: 358,
        failed: 8,
        fetchedBytes: 213 * GIB,
        durationMs: 7.1 * 3_600_000,
      },
      step(141, "parallel", "turbo", NO_TROUBLE),
      step(144, "resilient", "parallel", NO_TROUBLE),
      {
        type: "outage",
        time: ago(306),
        until: ago(148),
        key: "b2.civitai.com",
        tries: 23,
        isByHand: false,
        ...UNREACHABLE,
      },
      { type: "retries", time: ago(309), until: ago(148), host: "b2.civitai.com", failure: "connection", count: 212 },
      {
        type: "alert",
        time: ago(149),
        rule: "HighTimeoutRate",
        severity: "critical",
        state: "resolved",
        summary: "High timeout rate: 0.4 % of the downloads of the last 5m timed out, more than 1 %",
        ja: { summary: "タイムアウト率が高くなっています: 直近 5 分で 0.4 % がタイムアウト（上限 1 %）" },
      },
      step(301, "parallel", "resilient", ALL_FAIL),
      step(305, "turbo", "parallel", OPENED),
      {
        type: "alert",
        time: ago(303),
        rule: "HighTimeoutRate",
        severity: "critical",
        state: "firing",
        summary: "High timeout rate: 12 % of the downloads of the last 5m timed out, more than 1 %",
        ja: { summary: "タイムアウト率が高くなっています: 直近 5 分で 12 % がタイムアウト（上限 1 %）" },
      },
      { type: "run", time: ago(518), files: 366, bytes: 214 * GIB },
    ]),
  };
}

/** The run has started and reads the listing. */
export function listingStatus(now: number = Date.now()): StatusDocument {
  const quiet = quietStatus(now);
  return {
    ...quiet,
    breakers: [{ ...closed("civitai.com", quiet.time), calls: 31 }],
    hosts: [],
    library: withFailed(sampleStatus(now), 0),
    processes: 1,
    memory: { rssBytes: 96 * MIB },
    run: {
      activity: "listing",
      target: "user:lodestone",
      listedModels: 3100,
      files: 0,
      bytes: 0,
      doneFiles: 0,
      doneBytes: 0,
      failedFiles: 0,
      leftMs: null,
    },
  };
}

function withFailed({ library }: StatusDocument, failed: number): StatusDocument["library"] {
  return { ...library!, byState: { ...library!.byState, failed } };
}

/** Names as long as real ones. */
function failedPaths(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `LORA/Pony/Ink Wash Collection/ink_wash_pony_v${index + 1}.safetensors`,
  );
}

/** Nothing has arrived for a number of ticks. */
function stopped({ throughput }: StatusDocument, ticks: number): StatusDocument["throughput"] {
  return { ...throughput, bytesPerSecond: 0, history: [...throughput.history.slice(ticks), ...Array(ticks).fill(0)] };
}

/** In the order of the monitor. */
function newestFirst(events: StatusDocument["events"]): StatusDocument["events"] {
  return events.toSorted((a, b) => Date.parse(b.time) - Date.parse(a.time));
}

function closed(key: string, since: string): StatusDocument["breakers"][number] {
  return { key, state: "closed", since, until: null, ...NO_REASON, failures: 0, calls: 0 };
}

function download(path: string, share: number, gib: number, mib: number): StatusDocument["downloads"][number] {
  const totalBytes = Math.round(gib * GIB);
  return {
    path,
    host: "civitai-delivery.r2.cloudflarestorage.com",
    bytes: Math.round(totalBytes * share),
    totalBytes,
    bytesPerSecond: mib * MIB,
    connections: share < 0.9 ? 2 : 1,
    waiting: null,
  };
}

/** About an hour of throughput: steady, a dip during the trouble, and recovery. */
function history(): number[] {
  return Array.from({ length: 120 }, (_, index) => {
    const wave = 96 + 9 * Math.sin(index / 5) + 6 * Math.sin(index * 1.7);
    const dip = index > 70 && index < 88 ? 0.25 + 0.04 * Math.abs(79 - index) : 1;
    return Math.max(0, wave * dip) * MIB;
  });
}

/** A run that failed, which is the last one too. */
function bothRuns(facts: Partial<StatusLastRun>): Pick<StatusDocument, "lastRun" | "failedRun"> {
  const run: StatusLastRun = {
    command: "update",
    state: "ended",
    startedAt: "2026-05-05T00:00:00.000Z",
    endedAt: null,
    exitCode: null,
    done: 0,
    failed: 0,
    left: 0,
    leftBytes: 0,
    cause: null,
    message: null,
    hint: null,
    again: null,
    pause: null,
    target: null,
    failure: null,
    keyOrigin: null,
    ...facts,
  };
  return { lastRun: run, failedRun: run };
}
