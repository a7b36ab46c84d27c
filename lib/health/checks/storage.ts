import { formatCount, formatDuration, isLoopback, mayUseProxy } from "../../base/mod.ts";
import type { BreakerStatus } from "../../failsafe/mod.ts";
import { readBreakers } from "../api_probe.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";
import { type CommandPlace, nextCommand } from "../next_command.ts";

/** How a host was tried. */
export type HostProbe =
  /** No request is sent now; by hand, or because its last calls failed. */
  | { readonly host: string; readonly type: "open"; readonly until: string | null; readonly isByHand: boolean }
  | { readonly host: string; readonly type: "connected"; readonly durationMs: number }
  | { readonly host: string; readonly type: "failed"; readonly reason: string };

/** Hosts that were tried, or the reason why none was. */
export type StorageFacts = { readonly skipped: string } | { readonly hosts: readonly HostProbe[] };

/** Hosts that a new library will need; others are known once a run has used them. */
const DEFAULT_HOSTS = ["b2.civitai.com", "image.civitai.com"];
const TIMEOUT_MS = 5000;
/** A run knows a handful of hosts; an old state may have many. */
const MAX_HOSTS = 8;

export const STORAGE_CHECK = defineCheck({
  name: "storage",
  question: "Can the storage hosts be reached?",
  problem: "connection",
  measure: measureStorage,
  judge: judgeStorage,
});

/** Connect to each host that the library's runs used, without a request. A host whose breaker is open is left alone. */
async function measureStorage(place: HealthPlace): Promise<StorageFacts> {
  const { client, clock, env, isOffline } = place;
  if (isOffline) return { skipped: "not tried: --offline" };
  const base = new URL(client.baseUrl);
  const breakers = readBreakers(place).filter(({ key }) => key !== base.host && /^[a-z0-9.-]+(?::\d+)?$/i.test(key));
  const isOwn = base.hostname === "civitai.com" || base.hostname === "civitai.red";
  const used = breakers.filter(({ key }) => !/^civitai\.(?:com|red)$/.test(key)).slice(0, MAX_HOSTS);
  const hosts = used.length > 0 ? used.map(({ key }) => key) : isOwn ? DEFAULT_HOSTS : [];
  if (hosts.length === 0) return { skipped: "no run has used a storage host yet" };
  if (hosts.some((host) => mayUseProxy(new URL(`https://${host}`), env))) {
    return { skipped: "not tried: a proxy makes the connections" };
  }
  // After its wait, the next run tries the host; so may this check.
  const isResting = ({ state, until }: BreakerStatus) =>
    state === "open" && until !== null && Date.parse(until) > clock.now();
  const resting = new Map(used.filter(isResting).map((breaker) => [breaker.key, breaker]));
  const probes = await Promise.all(
    hosts.map(async (host): Promise<HostProbe> => restOf(resting.get(host)) ?? await connect(host, place)),
  );
  if (place.isSandbox !== true) return { hosts: probes };
  // The ports of earlier sandboxes are closed.
  const alive = probes.filter(({ type }) => type !== "failed");
  return alive.length === 0 ? { skipped: "the sandbox has used no storage host yet" } : { hosts: alive };
}

function restOf(breaker: BreakerStatus | undefined): HostProbe | null {
  if (breaker === undefined) return null;
  const { key, until, cause } = breaker;
  return { host: key, type: "open", until, isByHand: cause?.failure === "tripped" };
}

async function connect(host: string, { clock, signal }: HealthPlace): Promise<HostProbe> {
  const { hostname, port } = new URL(`https://${host}`);
  const start = clock.monotonic();
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const options = { hostname, port: port === "" ? 443 : Number(port), signal: AbortSignal.any([signal, limit]) };
    (await Deno.connect(options)).close();
    return { host, type: "connected", durationMs: clock.monotonic() - start };
  } catch (error) {
    signal.throwIfAborted();
    const reason = limit.aborted ? `no connection within ${formatDuration(TIMEOUT_MS)}` : messageOf(error);
    return { host, type: "failed", reason };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Judge the hosts: one that does not answer is a warning, because files come from several; none at all is a failure. */
export function judgeStorage(facts: StorageFacts, place: CommandPlace): HealthFinding {
  if ("skipped" in facts) return finding("skipped", facts.skipped);
  const { hosts } = facts;
  const good = hosts.filter((host) => host.type === "connected");
  const figures = {
    connected: good.map(({ host }) => host),
    open: hosts.filter(({ type }) => type === "open").map(({ host }) => host),
    failed: hosts.filter(({ type }) => type === "failed").map(({ host }) => host),
  };
  const bad = hosts.flatMap((host) => host.type === "connected" ? [] : [describe(host)]);
  const slowestMs = Math.max(0, ...good.map(({ durationMs }) => durationMs));
  const reached = `${good.length} of ${formatCount(hosts.length, "host")} reached`;
  if (bad.length === 0) {
    return finding("ok", `${reached}, the slowest in ${formatDuration(Math.max(1, Math.round(slowestMs)))}`, {
      figures,
    });
  }
  const tripped = hosts.find((host) => host.type === "open" && host.isByHand);
  if (figures.failed.length === 0 && tripped !== undefined) {
    return finding(good.length === 0 ? "fail" : "warn", `${reached}; ${bad.join("; ")}`, {
      problem: "tripped",
      remedy: nextCommand(place, `failsafe reset ${tripped.host}`),
      afterwards: nextCommand(place, "download"),
      advice: "the breaker was opened by hand",
      figures,
    });
  }
  // A host that does not answer is worth more attention than one that is given a rest.
  const [host] = [...figures.failed, ...figures.open] as [string];
  const scheme = isLoopback(new URL(`http://${host}`).hostname) ? "http" : "https";
  return finding(good.length === 0 ? "fail" : "warn", `${reached}; ${bad.join("; ")}`, {
    problem: figures.failed.length > 0 ? "connection" : "breaker",
    remedy: `curl -sSI --max-time 10 ${scheme}://${host}`,
    afterwards: nextCommand(place, "download"),
    advice: `if it fails, let the firewall or the proxy pass ${host}, or wait until it is up: the next run resumes`,
    figures,
  });
}

function describe(probe: Exclude<HostProbe, { type: "connected" }>): string {
  return probe.type === "open" ? `${probe.host}: breaker open until ${probe.until}` : `${probe.host}: ${probe.reason}`;
}
