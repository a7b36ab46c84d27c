import { assert, assertEquals, assertStringIncludes } from "@std/assert";
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
import { judgeRolloutFacts } from "../../lib/health/checks/rollout.ts";
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
    judgeApi(part({ type: "refused", host: HOST, breaker: BREAKER })),
    judgeApi({ type: "silent", host: HOST, failure: "timeout", message: "GET /api: none within 10s" }),
  ],
  key: [
    judgeKey(
      part({ isPresent: false, origin: null, problem: null, openFiles: [], isLocal: false, api: { type: "offline" } }),
    ),
    judgeKey(
      part({
        isPresent: true,
        origin: null,
        problem: null,
        openFiles: ["a"],
        isLocal: false,
        api: { type: "offline" },
      }),
    ),
    judgeKey(
      part({
        isPresent: true,
        origin: null,
        problem: null,
        openFiles: [],
        api: { type: "answered", refusal: { failure: "login" } },
      }),
    ),
  ],
  storage: [
    judgeStorage({ hosts: [{ host: HOST, type: "silent" }], isRunning: false }),
    judgeStorage({
      hosts: [{ host: HOST, type: "silent" }, { host: "c", type: "answered", durationMs: 1 }],
      isRunning: false,
    }),
    judgeStorage({ hosts: [{ host: HOST, type: "open", until: AT, isByHand: true }], isRunning: false }),
    judgeStorage({ hosts: [{ host: HOST, type: "open", until: AT, isByHand: false }], isRunning: false }),
  ],
  clock: [judgeClock(part({ type: "answered", skewMs: 400_000 }))],
  disk: [
    judgeDisk(part({ folder: "/srv", freeBytes: 0, usedPercent: 100, reserve: null, fullInMs: null }), place),
    judgeDisk(part({ folder: "/srv", freeBytes: 5, usedPercent: 95, reserve: null, fullInMs: null }), place),
    judgeDisk(part({ folder: "/srv", freeBytes: 5, usedPercent: 50, reserve: null, fullInMs: 3_600_000 }), place),
  ],
  write: [judgeWrite({ folder: "/srv", disk: "/", exists: true, bytesPerSecond: null, problem: "os error 30" })],
  hash: [judgeHash(1e6)],
  permissions: [
    judgePermissions([{ path: "a", mode: 0o644, isOwn: true, isReadable: true }]),
    judgePermissions([{ path: "a", mode: 0o600, isOwn: false, isReadable: true }]),
  ],
  config: [
    judgeConfig({ path: "a.yml", problem: { message: "a.yml:1:1: unknown key", place: { line: 1, column: 1 } } }),
  ],
  catalog: [
    judgeCatalog(
      {
        type: "refused",
        code: "integrity",
        isNewer: false,
        folder: "/srv",
        message: 'Cannot read catalog "a.db": it is damaged',
      },
    ),
  ],
  state: [
    judgeState([{ name: "quota.json", verdict: "corrupt", problem: "it is no JSON" }]),
    judgeState([{ name: "quota.json", verdict: "newer", problem: "it has version 2" }]),
  ],
  rollout: [
    judgeRolloutFacts({ state: "degraded", name: "a", weight: 0, reason: "it is slow" }),
    judgeRolloutFacts({ state: "paused", name: "a", weight: 10, reason: "no data" }),
  ],
  failsafe: [
    judgeFailsafe(part({ mode: { ...MODE, hold: null }, breakers: [], isRunning: true })),
    judgeFailsafe(part({ mode: { ...MODE, hold: null }, breakers: [BREAKER], isRunning: true })),
    judgeFailsafe(part({ mode: { ...MODE, hold: null }, breakers: [BREAKER], isRunning: false })),
    judgeFailsafe(part({ mode: { ...MODE, hold: { until: AT } }, breakers: [], isRunning: false })),
    judgeFailsafe(part({ mode: { ...MODE, name: "paused", hold: null }, breakers: [], isRunning: false })),
    judgeFailsafe(
      part({ mode: { ...MODE, name: "paused", reason: "held manually", hold: { until: AT } }, breakers: [] }),
    ),
  ],
  instance: [
    judgeInstance(
      part({ lock: { isHeld: true, holder: { pid: 7, command: "download", since: AT } }, aliveAtMs: 0, nowMs: NOW }),
    ),
  ],
  progress: [judgeSilence([part({ silence: { ms: 60_000, since: AT, hosts: [HOST], files: 2 } })])],
  speed: [
    judgeSpeed(
      [part({
        hosts: [{
          host: HOST,
          slowSince: Date.parse(AT),
          speed: { kind: "bytes", ratio: 0.01, usual: 1000, current: 10 },
          limit: { value: 4, ceiling: 4 },
        }],
      })],
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
    }),
  ],
  quota: [
    judgeQuota(
      { used: { links: 1, bytes: 1 }, againMs: null, limits: ACCOUNT, areRecorded: false, refusedAt: AT },
    ),
    judgeQuota(
      {
        used: { links: 1, bytes: 1 },
        againMs: null,
        limits: { links: 1, bytes: null },
        areRecorded: false,
        refusedAt: null,
      },
    ),
  ],
  creators: [
    judgeCreators({
      listed: ["user:b"],
      failed: [{ target: "user:a", message: "answers with 500", failure: "server", time: AT }],
      listPath: null,
      choiceWords: "",
    }),
  ],
  runs: [
    judgeLastRun(part({ verdict: { failed: RUN, successAwaitedSinceMs: null }, nowMs: NOW })),
    judgeLastRun(part({ verdict: { failed: null, successAwaitedSinceMs: 1 }, nowMs: NOW })),
  ],
  alerts: [judgeAlerts([{ address: "json://hook.example/…", message: "no answer", tries: 3, since: AT }])],
};

const SMALL_WORDS = new Set("the a an of is are and or not no until by for this it there".split(" "));

function contentOf(text: string): readonly string[] {
  return (text.toLowerCase().match(/[a-z]+/g) ?? []).filter((word) => !SMALL_WORDS.has(word));
}

Deno.test("no headline of doctor repeats its title", () => {
  assertEquals(Object.keys(BAD), HEALTH_CHECKS.map(({ name }) => name));
  for (const [name, findings] of Object.entries(BAD)) {
    for (const { status, problem, measured: { en: measured } } of findings) {
      assert(status === "fail" || status === "warn", `${name}: ${status}: ${measured}`);
      const title = problem === null ? name : PROBLEMS[problem].en.title;
      const words = new Set(contentOf(measured));
      const repeated = contentOf(title).filter((word) => words.has(word));
      assert(repeated.length <= contentOf(title).length / 2, `${title}: ${measured}`);
    }
  }
});

Deno.test("doctor fails on critical problems and warns of the others", () => {
  for (const { status, problem } of Object.values(BAD).flat()) {
    if (problem === null) continue;
    assertEquals([problem, status], [problem, PROBLEMS[problem].severity === "critical" ? "fail" : "warn"]);
  }
});

Deno.test("a slower mode that a run has left is no trouble: the next run rises again", () => {
  const facts = part({ mode: { ...MODE, hold: null }, breakers: [], isRunning: false });
  assertEquals(judgeFailsafe(facts).status, "ok");
  assertEquals(judgeFailsafe({ ...facts!, isRunning: true }).problem, "engine-mode");
});

Deno.test("a paused failsafe says until when, and leads to the reset", () => {
  const mode = { ...MODE, name: "paused", hold: null, nextCheck: AT };
  const { problem, measured } = judgeFailsafe(part({ mode, breakers: [], isRunning: false }));
  assertEquals([problem, PROBLEMS.paused.next], ["paused", "civitai-dl failsafe reset"]);
  assertStringIncludes(measured.en, `; until ${AT}`);
  assertStringIncludes(measured.ja, `。${AT} まで`);
});

Deno.test("judgeStorage names no second command while a run is under way, which goes on by itself", () => {
  const hosts = [{ host: HOST, type: "silent" }] as const;
  assertEquals(judgeStorage({ hosts, isRunning: true }).then, null);
  assertEquals(judgeStorage({ hosts, isRunning: false }).then, "civitai-dl download");
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
  const found = judgeTimeouts(facts);
  assertEquals([found.status, found.measured.en], ["ok", "it takes 100 downloads within an hour to judge (now 22)"]);
  assertStringIncludes(found.measured.ja, "100 件");
});

Deno.test("judgeCreators() counts a creator once, and names a command only if there is one", () => {
  const failure = (target: string) => ({ target, message: "answers with 500", failure: "server", time: AT });
  const listed = ["user:b", "user:b/images", "user:a"];
  const facts = { listed, listPath: null, choiceWords: "" };
  const both = judgeCreators({ ...facts, failed: [failure("user:c/images"), failure("user:c")] });
  assertEquals([both.measured.en, both.figures], [`user:c at ${AT}: answers with 500`, {
    listed: 2,
    failed: ["user:c"],
  }]);
  const images = judgeCreators({ ...facts, failed: [failure("user:a/images")] });
  assertEquals([images.measured.en, images.figures.listed], [`user:a/images at ${AT}: answers with 500`, 1]);
  assertStringIncludes(images.next!, "download user:a/images");
  assertEquals(judgeCreators({ ...facts, failed: [failure('search {"tag":"x"}')] }).next, null);
});
