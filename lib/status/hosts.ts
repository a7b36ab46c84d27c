import type { Format } from "./format.ts";
import type { RowTone } from "./event_tone.ts";
import type { StatusWords } from "./english.ts";
import { SILENT_MS } from "./headline.ts";
import type { StatusBreaker, StatusDocument } from "./status_document.ts";

/** A host with what is known of it. */
export interface HostRow {
  readonly key: string;
  readonly breaker: StatusBreaker | null;
  readonly host: StatusDocument["hosts"][number] | null;
  readonly isSilent: boolean;
}

/** The word for a host. */
export type HostState = keyof typeof HOST_TONES;

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
} as const satisfies Readonly<Record<string, RowTone>>;
/** From this share of failed calls, a host that is still called is failing. */
const FAILING_SHARE = 0.5;

/** One row for each host that has a breaker, or that a downloader uses now: the worst first. */
export function hostRows(
  { breakers, hosts, silence }: Pick<StatusDocument, "breakers" | "hosts" | "silence">,
): HostRow[] {
  const order = Object.keys(HOST_TONES);
  const rank = (row: HostRow): number => order.indexOf(hostState(row));
  const keys = new Set([...breakers.map(({ key }) => key), ...hosts.map(({ host }) => host)]);
  return [...keys].map((key) => ({
    key,
    breaker: breakers.find((breaker) => breaker.key === key) ?? null,
    host: hosts.find(({ host }) => host === key) ?? null,
    isSilent: silence !== null && silence.ms >= SILENT_MS && silence.hosts.includes(key),
  })).sort((a, b) => rank(a) - rank(b) || a.key.localeCompare(b.key));
}

/** The word for a host: what its breaker does, or else whether bytes come, how its last calls ended and how fast it is. */
export function hostState({ breaker, host, isSilent }: Omit<HostRow, "key">): HostState {
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

/** What the words for a host need. */
export interface HostLimitWords {
  readonly words: StatusWords;
  readonly format: Format;
  readonly now: number;
}

/** How many requests may be in flight to a host, in words; empty unless that is lowered. */
export function hostLimit({ host }: Pick<HostRow, "host">, { words, format, now }: HostLimitWords): string {
  if (host === null || host.limit.value >= host.limit.ceiling) return "";
  return words.limitOf(host.limit, host.limit.changedAt === null ? "" : format.time(host.limit.changedAt, now));
}
