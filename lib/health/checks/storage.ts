import { join } from "node:path";
import { type Bilingual, formatCount, mayUseProxy, messageOf, sayDuration } from "../../base/mod.ts";
import { API_HOSTS, NAMED_FILE_HOSTS, USER_AGENT } from "../../civitai/mod.ts";
import { type BreakerStatus, classifyFailure, type FailureClass, type WaitStep } from "../../failsafe/mod.ts";
import { stateFolder } from "../../library/mod.ts";
import { readActive } from "../../monitor/mod.ts";
import { type ProblemId, PROBLEMS } from "../../problems/mod.ts";
import { createTransport } from "../../transfer/mod.ts";
import { readBreakers } from "../api_probe.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";
import { askHost, originOf } from "../shell_commands.ts";

/** How a host was tried. */
export type HostProbe =
  /** No request is sent now; by hand, or because its last calls failed. */
  | { readonly host: string; readonly type: "open"; readonly until: string | null; readonly isByHand: boolean }
  | { readonly host: string; readonly type: "answered"; readonly durationMs: number }
  /** It accepts a connection, and sends no byte of an answer. */
  | { readonly host: string; readonly type: "silent" }
  | { readonly host: string; readonly type: "failed"; readonly problem: FailureClass; readonly reason: string };

/** Hosts that were tried, or the reason why none was. */
export type StorageFacts =
  | { readonly skipped: Bilingual }
  | {
    readonly hosts: readonly HostProbe[];
    /** Whether a run is under way, which holds the library. */
    readonly isRunning: boolean;
  };

/** Time to connect, and then to answer, in milliseconds. */
const CONNECT_MS = 5000;
const SILENT_MS = 10_000;
const NO_HOST = {
  en: "the sandbox has used no storage host yet",
  ja: "サンドボックスのストレージはまだ使われていません",
};
/** A run knows a handful of hosts; an old state may have many. */
const MAX_HOSTS = 8;

export const STORAGE_CHECK = defineCheck({
  name: "storage",
  ja: "ストレージ",
  touches: "network",
  problem: "connection",
  measure: measureStorage,
  judge: judgeStorage,
});

/** Ask each host that the library's runs used for something small. A host whose breaker is open is left alone. */
async function measureStorage(place: HealthPlace): Promise<StorageFacts> {
  const { client, clock, env, isOffline } = place;
  if (isOffline) {
    return { skipped: { en: "not tried: --offline", ja: "--offline が指定されているため、確認していません" } };
  }
  const base = new URL(client.baseUrl);
  const isStorage = (host: string): boolean =>
    host !== base.host && /^[a-z0-9.-]+(?::\d+)?$/i.test(host) && !API_HOSTS.includes(host);
  const breakers = readBreakers(place).filter(({ key }) => isStorage(key));
  const active = await readActive(join(stateFolder(place.library), "active"), { now: clock.now() })
    .catch(() => []);
  // The breaker of a host begins with the end of a request; a transfer may be open long before.
  const open = active.flatMap(({ downloads }) => downloads.flatMap(({ host }) => host ?? [])).filter(isStorage);
  const used = [...new Set([...open, ...breakers.map(({ key }) => key)])].slice(0, MAX_HOSTS);
  // A library without a run knows no host yet.
  const unused = API_HOSTS.includes(base.hostname) ? NAMED_FILE_HOSTS : [];
  const hosts = used.length > 0 ? used : unused;
  if (hosts.length === 0) {
    return { skipped: { en: "no run has used a storage host yet", ja: "ストレージを使った実行はまだありません" } };
  }
  if (hosts.some((host) => mayUseProxy(new URL(`https://${host}`), env))) {
    return {
      skipped: { en: "not tried: a proxy makes the connections", ja: "プロキシを経由するため、確認していません" },
    };
  }
  // After its wait, the next run tries the host; so may this check.
  const isResting = ({ state, until }: BreakerStatus) =>
    state === "open" && until !== null && Date.parse(until) > clock.now();
  const resting = new Map(breakers.filter(isResting).map((breaker) => [breaker.key, breaker]));
  const probes = await Promise.all(
    hosts.map(async (host): Promise<HostProbe> => restOf(resting.get(host)) ?? await ask(host, place)),
  );
  const isRunning = active.length > 0;
  if (!place.isSandbox) return { hosts: probes, isRunning };
  // The ports of earlier sandboxes are closed.
  const alive = probes.filter(({ type }) => type !== "failed");
  return alive.length === 0 ? { skipped: NO_HOST } : { hosts: alive, isRunning };
}

function restOf(breaker: BreakerStatus | undefined): HostProbe | null {
  if (breaker === undefined) return null;
  const { key, until, cause } = breaker;
  return { host: key, type: "open", until, isByHand: cause?.failure === "tripped" };
}

/** Ask a host for one byte of its first page, which costs nothing; whatever it answers shows that it is up. */
async function ask(host: string, { clock, env, signal }: HealthPlace): Promise<HostProbe> {
  using transport = createTransport({ env, userAgent: USER_AGENT });
  const start = clock.monotonic();
  const silence = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const request = {
    headers: { range: "bytes=0-0" },
    signal: AbortSignal.any([signal, silence.signal]),
    connectTimeoutMs: CONNECT_MS,
    onStep(step: WaitStep) {
      // From the connection on, be it encrypted or not, the host has its time to say something.
      if (step !== "connect") timer ??= setTimeout(() => silence.abort(), SILENT_MS);
    },
  };
  try {
    await using _response = await transport.send(`${originOf(host)}/`, request);
    return { host, type: "answered", durationMs: clock.monotonic() - start };
  } catch (error) {
    signal.throwIfAborted();
    if (silence.signal.aborted) return { host, type: "silent" };
    const failure = classifyFailure(error);
    const problem = failure === "dns" || failure === "tls" || failure === "timeout" ? failure : "connection";
    return { host, type: "failed", problem, reason: messageOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** Judge the hosts: one that does not answer is a warning, because files come from several; none at all is a failure. */
export function judgeStorage(facts: StorageFacts): HealthFinding {
  if ("skipped" in facts) return finding("skipped", facts.skipped);
  const { hosts, isRunning } = facts;
  // The lock would refuse another run, and the one under way goes on by itself.
  const then = isRunning ? null : "civitai-dl download";
  const good = hosts.filter((host) => host.type === "answered");
  const figures = {
    answered: good.map(({ host }) => host),
    open: hosts.filter(({ type }) => type === "open").map(({ host }) => host),
    silent: hosts.filter(({ type }) => type === "silent").map(({ host }) => host),
    failed: hosts.filter(({ type }) => type === "failed").map(({ host }) => host),
  };
  const bad = hosts.flatMap((host) => host.type === "answered" ? [] : [describe(host)]);
  const slowestMs = Math.max(0, ...good.map(({ durationMs }) => durationMs));
  const reached = {
    en: `${good.length} of ${formatCount(hosts.length, "host answers", "hosts answer")}`,
    ja: good.length === 0
      ? `ストレージが応答しません（${hosts.length} 台中 ${hosts.length} 台）`
      : `ストレージ ${hosts.length} 台中 ${good.length} 台が応答`,
  };
  if (bad.length === 0) {
    const time = sayDuration(Math.max(1, Math.round(slowestMs)));
    return finding("ok", {
      en: `${reached.en}, the slowest in ${time.en}`,
      ja: `${reached.ja}（最も遅いもので ${time.ja}）`,
    }, { figures });
  }
  const state = {
    en: `${reached.en}; ${bad.map(({ en }) => en).join("; ")}`,
    ja: `${reached.ja}。${bad.map(({ ja }) => ja).join("。")}`,
  };
  const tripped = hosts.find((host) => host.type === "open" && host.isByHand);
  const worst = hosts.find((host) => host.type === "failed") ?? hosts.find((host) => host.type === "silent");
  if (worst === undefined && tripped !== undefined) {
    return finding("tripped", state, { values: { HOST: tripped.host }, then, figures });
  }
  // A host that does not answer is worth more attention than one that is given a rest.
  const host = worst?.host ?? figures.open[0]!;
  const problem = worst !== undefined && good.length > 0 ? "host-down" : problemOf(worst);
  return finding(problem, state, { next: askHost(host), then, figures });
}

function describe(probe: Exclude<HostProbe, { type: "answered" }>): Bilingual {
  const { host } = probe;
  switch (probe.type) {
    case "open":
      return {
        en: `${host}: breaker open until ${probe.until}`,
        ja: `${host} は${probe.until === null ? "" : ` ${probe.until} まで`}遮断中`,
      };
    case "silent": {
      const span = sayDuration(SILENT_MS);
      return {
        en: `${host} accepts connections and says nothing for ${span.en}`,
        ja: `${host} は接続を受け付けますが、${span.ja}待っても応答しません`,
      };
    }
    case "failed":
      return { en: probe.reason, ja: `${host}: ${PROBLEMS[probe.problem].ja.meaning}` };
  }
}

function problemOf(probe: HostProbe | undefined): ProblemId {
  if (probe?.type === "failed") return probe.problem;
  return probe?.type === "silent" ? "timeout" : "breaker-left";
}
