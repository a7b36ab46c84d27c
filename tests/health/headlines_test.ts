import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../lib/base/mod.ts";
import { judgeAlerts } from "../../lib/health/checks/alerts.ts";
import { judgeApi } from "../../lib/health/checks/api.ts";
import { judgeCatalog } from "../../lib/health/checks/catalog.ts";
import { judgeClock } from "../../lib/health/checks/clock.ts";
import { judgeConfig } from "../../lib/health/checks/config.ts";
import { judgeCreators } from "../../lib/health/checks/creators.ts";
import { judgeDisk } from "../../lib/health/checks/disk.ts";
import { judgeFailsafe } from "../../lib/health/checks/failsafe.ts";
import { judgeHash } from "../../lib/health/checks/hash.ts";
import { judgeInstance } from "../../lib/health/checks/instance.ts";
import { judgeKey } from "../../lib/health/checks/key.ts";
import { judgeLibrary } from "../../lib/health/checks/library.ts";
import { judgeMemory } from "../../lib/health/checks/memory.ts";
import { judgePermissions } from "../../lib/health/checks/permissions.ts";
import { judgeSilence, judgeSpeed } from "../../lib/health/checks/progress.ts";
import { judgeQuota } from "../../lib/health/checks/quota.ts";
import { judgeRollout } from "../../lib/health/checks/rollout.ts";
import { judgeLastRun } from "../../lib/health/checks/runs.ts";
import { judgeState } from "../../lib/health/checks/state.ts";
import { judgeStorage } from "../../lib/health/checks/storage.ts";
import { judgeTimeouts } from "../../lib/health/checks/timeouts.ts";
import { judgeWrite } from "../../lib/health/checks/write.ts";
import type { HealthFinding } from "../../lib/health/mod.ts";
import { HEALTH_CHECKS } from "../../lib/health/mod.ts";
import { PROBLEMS } from "../../lib/problems/mod.ts";
import { placeOf } from "./_health_place.ts";

const AT = "2026-01-01T02:10:00.000Z";
const NOW = Date.parse(AT) + 60_000;
const place = placeOf("/srv/library", { clock: { ...systemClock, now: () => NOW } });
const HOST = "b2.example";
const MODE = {
  name: "parallel",
  since: AT,
  reason: "36 of 139 calls failed",
  ja: { reason: "リクエスト 139 回のうち 36 回が失敗しました" },
  ceiling: "turbo",
  isRising: false,
} as const;
const BREAKER = { key: HOST, state: "open", since: AT, until: AT, reason: "answers with errors (500)", cause: null };
const RUN = {
  command: "download",
  state: "ended",
  exitCode: 6,
  startedAt: AT,
  endedAt: AT,
  done: 3,
  failed: 1,
  left: 2,
  message: "Cannot list models: no answer within 30s",
  hint: null,
  cause: "network",
};
const GONE = { path: "/srv/library", id: "x", seenAt: AT, found: "nothing", hasFiles: false, movedTo: null };
const ACCOUNT = { links: null, bytes: null };

/** Facts are whole only as far as the judges read them. */
// deno-lint-ignore no-explicit-any
const part = (facts: unknown): any => facts;

/** At least one bad finding of each check. */
const BAD: Readonly<Record<string, readonly HealthFinding[]>> = {
  library: [
    judgeLibrary({ gone: GONE, isThere: false }, place),
    judgeLibrary({ gone: { ...GONE, movedTo: "/mnt/b" }, isThere: false }, place),
    judgeLibrary({ gone: null, isThere: false }, place),
  ],
  api: [
    judgeApi(part({ type: "refused", host: HOST, breaker: BREAKER }), place),
    judgeApi({ type: "silent", host: HOST, failure: "timeout", message: "GET /api: none within 10s" }, place),
  ],
  key: [
    judgeKey(part({ isPresent: false, problem: null, openFiles: [], isLocal: false, api: { type: "offline" } }), place),
    judgeKey(
      part({ isPresent: true, problem: null, openFiles: ["a"], isLocal: false, api: { type: "offline" } }),
      place,
    ),
    judgeKey(
      part({ isPresent: true, problem: null, openFiles: [], api: { type: "answered", failure: "login" } }),
      place,
    ),
  ],
  storage: [
    judgeStorage({ hosts: [{ host: HOST, type: "silent" }] }, place),
    judgeStorage({ hosts: [{ host: HOST, type: "silent" }, { host: "c", type: "answered", durationMs: 1 }] }, place),
    judgeStorage({ hosts: [{ host: HOST, type: "open", until: AT, isByHand: true }] }, place),
    judgeStorage({ hosts: [{ host: HOST, type: "open", until: AT, isByHand: false }] }, place),
  ],
  clock: [judgeClock(part({ type: "answered", skewMs: 400_000 }), place)],
  disk: [
    judgeDisk(part({ folder: "/srv", freeBytes: 0, usedPercent: 100 }), place),
    judgeDisk(part({ folder: "/srv", freeBytes: 5, usedPercent: 95 }), place),
    judgeDisk(part({ folder: "/srv", freeBytes: 5, usedPercent: 50, fullInMs: 3_600_000 }), place),
  ],
  write: [judgeWrite({ folder: "/srv", disk: "/", exists: true, bytesPerSecond: null, problem: "os error 30" }, place)],
  hash: [judgeHash(1e6, place)],
  permissions: [
    judgePermissions([{ path: "a", mode: 0o644, isOwn: true, isReadable: true }]),
    judgePermissions([{ path: "a", mode: 0o600, isOwn: false, isReadable: true }]),
  ],
  config: [judgeConfig({ path: "a.yml", problem: "a.yml:1:1: unknown key" }, place)],
  catalog: [
    judgeCatalog(
      { type: "refused", code: "integrity", isNewer: false, message: 'Cannot read catalog "a.db": it is damaged' },
      place,
    ),
  ],
  state: [
    judgeState([{ name: "quota.json", verdict: "corrupt", problem: "it is no JSON" }], place),
    judgeState([{ name: "quota.json", verdict: "newer", problem: "it has version 2" }], place),
  ],
  rollout: [
    judgeRollout({ phase: "degraded", name: "a", weight: 0, reason: "it is slow" }, place),
    judgeRollout({ phase: "paused", name: "a", weight: 10, reason: "no data" }, place),
  ],
  failsafe: [
    judgeFailsafe(part({ mode: { ...MODE, hold: null }, breakers: [], isRunning: true }), place),
    judgeFailsafe(part({ mode: { ...MODE, hold: null }, breakers: [BREAKER], isRunning: true }), place),
    judgeFailsafe(part({ mode: { ...MODE, hold: null }, breakers: [BREAKER], isRunning: false }), place),
    judgeFailsafe(part({ mode: { ...MODE, hold: { until: AT } }, breakers: [], isRunning: false }), place),
    judgeFailsafe(part({ mode: { ...MODE, name: "paused", hold: null }, breakers: [], isRunning: false }), place),
    judgeFailsafe(
      part({ mode: { ...MODE, name: "paused", reason: "held manually", hold: { until: AT } }, breakers: [] }),
      place,
    ),
  ],
  instance: [
    judgeInstance(
      part({ lock: { isHeld: true, holder: { pid: 7, command: "download", since: AT } }, aliveAtMs: 0, nowMs: NOW }),
      place,
    ),
  ],
  progress: [judgeSilence([part({ silence: { ms: 60_000, since: AT, hosts: [HOST], files: 2 } })], place)],
  speed: [
    judgeSpeed(
      [part({
        hosts: [{
          host: HOST,
          kind: "storage",
          slowSince: Date.parse(AT),
          ratio: 0.01,
          limit: { value: 4, ceiling: 4 },
        }],
      })],
      place,
    ),
  ],
  memory: [
    judgeMemory({ runs: [{ pid: 7, mebibytes: 4096 }], strangers: 0, limitMebibytes: 2048 }),
    judgeMemory({ runs: [{ pid: 7, mebibytes: 107 }], strangers: 0, limitMebibytes: 100 }),
  ],
  timeouts: [
    judgeTimeouts({
      rate: 0.5,
      downloads: 200,
      outages: 0,
      expired: { count: 0, limitMs: null },
      apiMs: null,
      limitMs: 1,
    }, place),
  ],
  quota: [
    judgeQuota(
      { used: { links: 1, bytes: 1 }, againMs: null, limits: ACCOUNT, areRecorded: false, refusedAt: AT },
      place,
    ),
    judgeQuota(
      {
        used: { links: 1, bytes: 1 },
        againMs: null,
        limits: { links: 1, bytes: null },
        areRecorded: false,
        refusedAt: null,
      },
      place,
    ),
  ],
  creators: [
    judgeCreators({
      listed: ["user:b"],
      failed: [{ target: "user:a", message: "answers with 500", failure: "server", time: AT }],
      listWord: null,
      choiceWords: "",
    }, place),
  ],
  runs: [
    judgeLastRun(part({ verdict: { failed: RUN, awaitedSinceMs: null }, nowMs: NOW }), place),
    judgeLastRun(part({ verdict: { failed: null, awaitedSinceMs: 1 }, nowMs: NOW }), place),
  ],
  alerts: [judgeAlerts([{ address: "json://hook.example/…", message: "no answer", tries: 3, since: AT }], place)],
};

const SMALL_WORDS = new Set("the a an of is are and or not no until by for this it there".split(" "));

function contentOf(text: string): readonly string[] {
  return (text.toLowerCase().match(/[a-z]+/g) ?? []).filter((word) => !SMALL_WORDS.has(word));
}

Deno.test("no headline of doctor repeats its title", () => {
  assertEquals(Object.keys(BAD), HEALTH_CHECKS.map(({ name }) => name));
  for (const [name, findings] of Object.entries(BAD)) {
    for (const { status, problem, measured } of findings) {
      assert(status === "fail" || status === "warn", `${name}: ${status}: ${measured}`);
      const id = problem ?? HEALTH_CHECKS.find((check) => check.name === name)!.problem;
      const title = id === undefined ? name : PROBLEMS[id].en.title;
      const words = new Set(contentOf(measured));
      const repeated = contentOf(title).filter((word) => words.has(word));
      assert(repeated.length <= contentOf(title).length / 2, `${title}: ${measured}`);
    }
  }
});

Deno.test("doctor fails on critical problems and warns of the others", () => {
  for (const { status, problem } of Object.values(BAD).flat()) {
    if (problem !== null && problem !== "network") {
      assertEquals([problem, status], [problem, PROBLEMS[problem].severity === "critical" ? "fail" : "warn"]);
    }
  }
});

Deno.test("a slower mode that a run has left is no trouble: the next run rises again", () => {
  const facts = part({ mode: { ...MODE, hold: null }, breakers: [], isRunning: false });
  assertEquals(judgeFailsafe(facts, place).status, "ok");
  assertEquals(judgeFailsafe({ ...facts!, isRunning: true }, place).problem, "engine-mode");
});

Deno.test("a paused failsafe says until when a run ends at once, and offers no rerun before the reset", () => {
  const mode = { ...MODE, name: "paused", hold: null, nextCheck: AT };
  const idle = judgeFailsafe(part({ mode, breakers: [], isRunning: false }), place);
  assertMatch(idle.remedy ?? "", /failsafe reset/);
  assertStringIncludes(idle.advice ?? "", `a run before ${AT} ends at once with exit 6`);
  assertStringIncludes(idle.ja.advice ?? "", `${AT} より前に実行すると、すぐに終了コード 6`);
  const running = judgeFailsafe(part({ mode, breakers: [], isRunning: true }), place);
  assertStringIncludes(running.advice ?? "", "tries again by itself");
});

Deno.test("judgeStorage names no second command while a run is under way, which goes on by itself", () => {
  const hosts = [{ host: HOST, type: "silent" }] as const;
  const running = judgeStorage({ hosts, isRunning: true }, place);
  assertEquals(running.afterwards, null);
  assertStringIncludes(running.ja.advice ?? "", "実行中の処理は、ホストが応答すると自動的に続行します");
  assertMatch(judgeStorage({ hosts }, place).afterwards ?? "", / download/);
});

Deno.test("judgeTimeouts says how many downloads it takes, instead of a share of too few", () => {
  const facts = {
    rate: 0.27,
    downloads: 22,
    outages: 0,
    expired: { count: 0, limitMs: null },
    apiMs: null,
    limitMs: 1,
  };
  const found = judgeTimeouts(facts, place);
  assertEquals([found.status, found.measured], ["ok", "it takes 100 downloads within an hour to judge (now 22)"]);
  assertStringIncludes(found.ja.measured, "100 件");
});

Deno.test("judgeCreators() counts a creator once, and names a command only if there is one", () => {
  const failure = (target: string) => ({ target, message: "answers with 500", failure: "server", time: AT });
  const listed = ["user:b", "user:b/images", "user:a"];
  const facts = { listed, listWord: null, choiceWords: "" };
  const both = judgeCreators({ ...facts, failed: [failure("user:c/images"), failure("user:c")] }, place);
  assertEquals([both.measured, both.figures], [`user:c at ${AT}: answers with 500`, { listed: 2, failed: ["user:c"] }]);
  const images = judgeCreators({ ...facts, failed: [failure("user:a/images")] }, place);
  assertEquals([images.measured, images.figures.listed], [`user:a/images at ${AT}: answers with 500`, 1]);
  assertStringIncludes(images.remedy!, "download user:a/images");
  assertEquals(judgeCreators({ ...facts, failed: [failure('search {"tag":"x"}')] }, place).remedy, null);
});
