import { assert, assertEquals, assertMatch } from "@std/assert";
import SHIPPED from "../../config/alerts.yml" with { type: "text" };
import { formatMetricValue, parseAlertsConfig } from "../../lib/alerts/mod.ts";
import { formatDuration } from "../../lib/base/mod.ts";
import {
  admitCall,
  advanceBreaker,
  type BreakerRules,
  breakerRules,
  type BreakerState,
  decideMode,
  endProbe,
  freshBreaker,
  freshMode,
  holdMode,
  judgeCalls,
  modeRules,
  type ModeSignals,
  type ModeState,
  releaseMode,
  resetBreaker,
  resetMode,
  tripBreaker,
} from "../../lib/failsafe/mod.ts";
import { FAILURE_CLASSES, PROBLEM_IDS, PROBLEMS } from "../../lib/problems/mod.ts";
import { japanese } from "../../lib/monitor/page/messages_ja.js";
import { sentenceInJapanese } from "../../lib/monitor/page/sentences_ja.js";

/** Names that stay the same in any language. */
const NAMES =
  /https:\/\/[\w./]+|\blogs\/download\.log|\bcivitai-dl rollout [a-z]+|\bcivitai-dl doctor\b|\b(?:doctor|clock|update|CIVITAI_\w+|civitai\.com|API|Ctrl-C|MiB|GiB|turbo|parallel|resilient|stable|b2\.example)\b|--[\w-]+/g;

/** The sentence must be Japanese, without any English word. */
function assertJapanese(text: string): void {
  const told = sentenceInJapanese(text);
  assert(told !== null, `no Japanese for: ${text}`);
  assertMatch(told, /[ぁ-んァ-ヶ一-龠]/);
  assertEquals([text, told.replaceAll(NAMES, "").match(/[A-Za-z]{2,}/g)], [text, null]);
}

Deno.test("the page has title, meaning and remedy of every problem as the table has them", () => {
  const ids = PROBLEM_IDS.filter((id) => PROBLEMS[id].page !== "exit-codes");
  for (const failure of FAILURE_CLASSES) assert(ids.includes(failure), failure);
  for (const id of ids) {
    const { classes, meanings, remedies } = japanese as unknown as Record<string, Record<string, string>>;
    const { title, meaning, remedy } = PROBLEMS[id].ja;
    assertEquals([classes![id], meanings![id], remedies![id]], [title, meaning, remedy]);
  }
});

Deno.test("the page translates every reason of a breaker to Japanese", () => {
  const rules: BreakerRules = breakerRules();
  const reasons = new Set<string>();
  const note = ({ state }: { readonly state: BreakerState }): BreakerState => {
    if (state.reason !== null) reasons.add(state.reason);
    return state;
  };
  const now = 1_000_000;
  const moment = { now, rules, dice: 0.5 };
  const calls = { sinceSuccessMs: Infinity, calls: 0, failures: 0, slow: 0, hardStreak: 0 };
  const fresh = freshBreaker(0);
  const open = note(judgeCalls(fresh, { ...calls, hardStreak: rules.hardFailures }, moment));
  for (const failure of FAILURE_CLASSES) {
    const mainKind = { failure, status: failure === "server" ? 500 : null };
    note(judgeCalls(fresh, { ...calls, calls: 50, failures: 50, mainKind }, moment));
  }
  note(judgeCalls(fresh, { ...calls, calls: 50, slow: 50 }, moment));
  note(tripBreaker(fresh, 1000, moment));
  note(resetBreaker(open, moment));
  const later = { ...moment, now: now + 3_600_000 };
  const probed = note(admitCall(open, { ...later, probe: "p0" }));
  note(endProbe(probed, { id: "p0", outcome: "flowing" }, later));
  note(advanceBreaker(probed, { ...later, now: later.now + rules.probeTimeoutMs }));
  for (const end of ["ok", "failed"] as const) {
    let state = probed;
    for (let probe = 0; probe < rules.probes && state.phase === "half-open"; probe++) {
      state = admitCall(state, { ...later, probe: `p${probe}` }).state;
      state = note(endProbe(state, { id: `p${probe}`, outcome: end }, later));
    }
  }
  assert(reasons.size >= 9, [...reasons].join("\n"));
  for (const reason of reasons) assertJapanese(reason);
});

Deno.test("the page translates the sentences of earlier versions to Japanese", () => {
  for (
    const text of [
      "stops sending: 6 of its last 10 calls failed",
      "makes no secure connection: 6 of its last 10 calls failed",
      "takes no bytes: 6 of its last 10 calls failed",
      "2 of 3 probes did well",
      "the wait is over",
      "bytes come from it again",
      "its host is left alone",
      "no bolder mode than parallel is allowed here",
      "nothing has spoken against it",
      "The disk has no room for 41 files (96.20 GiB); what fits is there. No room for more",
    ]
  ) assertJapanese(text);
});

Deno.test("the page translates a disk without space to Japanese", () => {
  assertJapanese("Cannot fetch 1 file (3 GiB): the disk has no room; the run continued with the files that fit. More");
});

Deno.test("the page translates every reason of a mode to Japanese", () => {
  const rules = modeRules();
  const reasons = new Set<string>(["no reason to change it", "No download has run here yet"]);
  const well: ModeSignals = { calls: 0, failures: 0, flowedAt: null, silentMs: 0, tripped: [], gone: null };
  const step = (state: ModeState, signals: Partial<ModeSignals>, now: number): ModeState => {
    const { state: next, change } = decideMode(state, { ...well, flowedAt: now, ...signals }, { now, rules });
    if (change !== undefined) reasons.add(change.reason);
    return next;
  };
  const fresh = freshMode(rules, 0);
  const reason = "answers with errors (500): 6 of its last 10 calls failed";
  for (
    const cause of [
      null,
      { failure: "tripped", status: null, reason: "opened manually" },
      { failure: "server", status: 500, reason },
    ] as const
  ) {
    step(fresh, { tripped: [{ key: "b2.example", at: 1, cause }] }, 1000);
  }
  step(fresh, { calls: 100, failures: 60 }, 1000);
  for (const gone of ["every storage", "the API", "every host", "disk"]) {
    let state = fresh;
    for (let now = 1000; now < 3_600_000; now += 10_000) state = step(state, { gone, flowedAt: null }, now);
    for (let now = 3_600_000; now < 14_400_000; now += 10_000) state = step(state, {}, now);
  }
  let silent = fresh;
  for (let now = 1000; now < 60_000; now += 1000) silent = step(silent, { flowedAt: 0, silentMs: now }, now);
  for (let now = 61_000; now < 90_000; now += 1000) silent = step(silent, {}, now);
  assertEquals(silent.reason, "bytes arrive again");
  let failing = fresh;
  for (let now = 1000; now < 3_600_000; now += 10_000) failing = step(failing, { calls: 100, failures: 100 }, now);
  const held = holdMode(fresh, { mode: "stable", forMs: 1000 }, { now: 0, rules });
  reasons.add(held.change!.reason);
  step(held.state, {}, 5000);
  reasons.add(releaseMode(held.state, 10).change!.reason);
  reasons.add(resetMode(held.state, { now: 10, rules }).change!.reason);
  for (const reason of ["parallel is the fastest mode allowed here", "--engine stable", "--force-sync-mode"]) {
    reasons.add(reason);
  }
  reasons.add("CIVITAI_DL_DISABLE_EXPERIMENTAL=1");
  assert(reasons.size >= 15, [...reasons].join("\n"));
  for (const reason of reasons) assertJapanese(reason);
});

Deno.test("the page translates summaries and remedies of the shipped rules to Japanese", () => {
  const { rules } = parseAlertsConfig(SHIPPED);
  assert(rules.length >= 10, `${rules.length}`);
  for (const { annotations, metric, value, windowMs } of rules) {
    const words: Record<string, string> = {
      value: formatMetricValue(metric, value * 1.5),
      threshold: formatMetricValue(metric, value),
      window: formatDuration(windowMs),
      command: "update",
      exit: "6",
      origin: "CIVITAI_API_KEY",
      check: "clock",
      details: "",
    };
    const fill = (text: string) => text.replaceAll(/\{\{(\w+)\}\}/g, (_, name) => words[name]!);
    assertJapanese(fill(annotations.summary));
    assertJapanese(fill(annotations.remedy!));
  }
});

Deno.test("the page translates spans of hours as it does spans of minutes", () => {
  assertEquals(
    [
      "every storage has failed for 2h 5m",
      "no trouble for 1h",
      "98 of 139 calls failed within a minute",
      "answers with errors (503): a probe did not end within 1m 30s",
    ].map(sentenceInJapanese),
    [
      "すべてのストレージが 2 時間 5 分にわたって失敗し続けています",
      "1 時間にわたって問題は発生していません",
      "1 分間のリクエスト 139 回のうち 98 回が失敗しました",
      "エラー（503）を返しています（回復確認のリクエストが 1 分 30 秒以内に完了しませんでした）",
    ],
  );
});

Deno.test("the page keeps an unknown sentence in English, marked for a screen reader", () => {
  assertEquals(japanese.translate("my own rule"), { text: "my own rule", lang: "en" });
  // Logs and states of earlier versions say "by hand".
  for (const text of ["opened manually", "opened by hand"]) {
    assertEquals(japanese.translate(text), { text: "手動で遮断しました", lang: null });
  }
  assertEquals(sentenceInJapanese("somebody's toaster has failed for 5m"), null);
});

Deno.test("the page translates current and earlier messages about a full disk to Japanese", () => {
  for (
    const text of [
      'Cannot fetch 2 files (9 GiB): the disk has no room; the run continued with the files that fit. Cannot fetch "a"',
      'The disk has no room for 2 files (9 GiB); what fits is there. No room for "a"',
      "the wait is over",
      "2 of 3 probes did well",
      "bytes come from it again",
      "stops sending: 6 of its last 10 calls failed",
      "makes no secure connection: 6 of its last 10 calls failed",
      "takes no bytes: 6 of its last 10 calls failed",
    ]
  ) {
    assertJapanese(text);
  }
});
