import { SILENT_MS } from "./headline.js";

/** Tones of the words for a host, the worst first. */
export const HOST_TONES = {
  blocked: "bad",
  silent: "bad",
  failing: "bad",
  tried: "warn",
  slow: "warn",
  someFail: "warn",
  working: "good",
  unused: "plain",
};
/** From this share of failed calls, a host that is still called is failing. */
const FAILING_SHARE = 0.5;

/** One row for each host that has a breaker, or that a downloader uses now: the worst first. */
export function hostRows({ breakers, hosts, silence }) {
  const order = Object.keys(HOST_TONES);
  const rank = (row) => order.indexOf(hostState(row));
  const keys = new Set([...breakers.map(({ key }) => key), ...hosts.map(({ host }) => host)]);
  return [...keys].map((key) => ({
    key,
    breaker: breakers.find((breaker) => breaker.key === key) ?? null,
    host: hosts.find(({ host }) => host === key) ?? null,
    isSilent: silence !== null && silence.ms >= SILENT_MS && silence.hosts.includes(key),
  })).sort((a, b) => rank(a) - rank(b) || a.key.localeCompare(b.key));
}

/** The word for a host: what its breaker does, or else whether bytes come, how its last calls ended and how fast it is. */
export function hostState({ breaker, host, isSilent }) {
  if (breaker?.state === "open") return "blocked";
  if (breaker?.state === "half-open") return "tried";
  // A request that waits for its answer has not failed yet.
  if (isSilent) return "silent";
  const { failures, calls } = breaker ?? { failures: 0, calls: 0 };
  if (failures > 0 && failures >= calls * FAILING_SHARE) return "failing";
  if (host !== null && host.slowSince !== null) return "slow";
  if (failures > 0) return "someFail";
  return calls === 0 && host === null ? "unused" : "working";
}

/** How many requests may be in flight to a host, in words; empty unless that is lowered. */
export function hostLimit({ host }, { words, format, now }) {
  if (host === null || host.limit.value >= host.limit.ceiling) return "";
  return words.limitOf(host.limit, host.limit.changedAt === null ? "" : format.time(host.limit.changedAt, now));
}
