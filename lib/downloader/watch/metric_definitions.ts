import type { DerivedMetric, MetricDefinition } from "../../metrics/mod.ts";

/** Gauges that no run writes: whoever evaluates the rules measures them; those of checks only a monitor. */
export const LIBRARY_METRICS = [
  {
    name: "civitai_dl.runs.failed",
    kind: "gauge",
    unit: "",
    help: "1 if the last download or the last check of the library failed, 0 if not; its exit code, or killed",
    labels: ["command", "exit"],
  },
  { name: "civitai_dl.runs.end", kind: "gauge", unit: "s", help: "When the last run ended, since the epoch" },
  { name: "civitai_dl.runs.success", kind: "gauge", unit: "s", help: "When the last download that succeeded ended" },
  {
    name: "civitai_dl.runs.awaited",
    kind: "gauge",
    unit: "s",
    help: "Time since the last success; no data in a library without a nightly job",
  },
  { name: "civitai_dl.runs.left", kind: "gauge", unit: "{file}", help: "Files that the last download left" },
  {
    name: "civitai_dl.key.refused",
    kind: "gauge",
    unit: "",
    help: "1 if the service refused the API key when it was last used, 0 if it accepted it; where the key comes from",
    labels: ["origin"],
  },
  {
    name: "civitai_dl.disk.at_reserve",
    kind: "gauge",
    unit: "",
    help: "1 if the disk has no room above the reserve for what is left, 0 if it has",
  },
  {
    name: "civitai_dl.disk.exhaustion",
    kind: "gauge",
    unit: "s",
    help: "Time until the disk is at its reserve, at the rate at which it fills; no data if it does not fill",
  },
  {
    name: "civitai_dl.library.missing",
    kind: "gauge",
    unit: "",
    help: "1 if the library is not in its folder, such as while its disk is not mounted; otherwise 0",
  },
  {
    name: "civitai_dl.rollouts.stopped",
    kind: "gauge",
    unit: "",
    help: "1 while the rollout is aborted, 0 otherwise",
  },
  {
    name: "civitai_dl.check.failing",
    kind: "gauge",
    unit: "",
    help: "1 if a check of doctor failed in the last two rounds of the monitor, 0 if it did not; no data before that",
    labels: ["check"],
  },
] as const satisfies readonly MetricDefinition[];

/** All metrics of this program; `docs/metrics.md` documents them. */
export const DOWNLOAD_METRICS: readonly MetricDefinition[] = [
  {
    name: "civitai_dl.download.count",
    kind: "counter",
    unit: "{download}",
    help: "Files and images that ended, by outcome",
    labels: ["host", "outcome"],
  },
  {
    name: "civitai_dl.download.errors",
    kind: "counter",
    unit: "{download}",
    help: "Files and images that failed or were put aside as corrupt, by failure class",
    labels: ["host", "class"],
  },
  {
    name: "civitai_dl.breaker.refusals",
    kind: "counter",
    unit: "{download}",
    help: "Files and images that failed because a breaker stayed open, by the failure class that opened it",
    labels: ["host", "class"],
  },
  {
    name: "civitai_dl.download.timeouts",
    kind: "counter",
    unit: "{download}",
    help: "Files and images with at least one attempt that timed out or stalled",
    labels: ["host"],
  },
  {
    name: "civitai_dl.download.retries",
    kind: "counter",
    unit: "{try}",
    help: "Attempts after the first",
    labels: ["host", "class"],
  },
  {
    name: "civitai_dl.download.bytes",
    kind: "counter",
    unit: "By",
    help: "Bytes received from the network",
    labels: ["host"],
  },
  {
    name: "civitai_dl.api.requests",
    kind: "counter",
    unit: "{request}",
    help: "Requests to the API, by route and status; none if there was no response",
    labels: ["route", "status"],
  },
  {
    name: "civitai_dl.failsafe.switches",
    kind: "counter",
    unit: "{switch}",
    help: "Changes of the mode",
    labels: ["from", "to"],
  },
  {
    name: "civitai_dl.rollout.downloads",
    kind: "counter",
    unit: "{download}",
    help: "Files that the judge of a rollout counted, by arm and outcome",
    labels: ["arm", "outcome"],
  },
  {
    name: "civitai_dl.rollout.transitions",
    kind: "counter",
    unit: "{transition}",
    help: "Transitions of the rollout, by action",
    labels: ["action", "to"],
  },
  {
    name: "civitai_dl.rollout.state",
    kind: "gauge",
    unit: "",
    help: "0 idle, 1 running, 2 paused, 3 aborted, 4 completed",
  },
  { name: "civitai_dl.rollout.weight", kind: "gauge", unit: "1", help: "Share of the files that the canary gets" },
  { name: "civitai_dl.download.active", kind: "gauge", unit: "{download}", help: "Files and images under way" },
  {
    name: "civitai_dl.download.silence",
    kind: "gauge",
    unit: "s",
    help: "Time since the last byte in which files waited for one, and how long it was when the last run failed",
  },
  {
    name: "civitai_dl.breaker.state",
    kind: "gauge",
    unit: "",
    help: "0 closed, 1 half-open, 2 open",
    labels: ["host"],
  },
  {
    name: "civitai_dl.failsafe.mode",
    kind: "gauge",
    unit: "",
    help: "4 turbo, 3 parallel, 2 resilient, 1 stable, 0 paused",
  },
  {
    name: "civitai_dl.concurrency.limit",
    kind: "gauge",
    unit: "{request}",
    help: "Maximum number of requests in flight per host",
    labels: ["host"],
  },
  {
    name: "civitai_dl.host.speed",
    kind: "gauge",
    unit: "1",
    help: "Speed of a host, as a share of its usual speed",
    labels: ["host"],
  },
  {
    name: "civitai_dl.disk.utilization",
    kind: "gauge",
    unit: "1",
    help: "Share of the library's disk that is used",
  },
  ...LIBRARY_METRICS,
  { name: "process.memory.usage", kind: "gauge", unit: "By", help: "Resident memory" },
  {
    name: "process.open_files",
    kind: "gauge",
    unit: "{file}",
    help: "Open file descriptors, where they can be counted",
  },
  {
    name: "civitai_dl.download.duration",
    kind: "histogram",
    unit: "s",
    help: "Time to fetch a file or image, including waits and retries",
  },
  {
    name: "civitai_dl.request.duration",
    kind: "histogram",
    unit: "s",
    help: "Time from a request to its response headers or its failure",
    labels: ["host"],
  },
];

/** Name of the metric for the used fraction of the library's disk. */
export const DISK_METRIC = "civitai_dl.disk.utilization";

/** Outcomes of downloads that were attempted; files that were already on disk or were refused do not count. */
const TRIED = { outcome: ["done", "failed", "corrupted"] } as const;
const TRIED_DOWNLOADS = { name: "civitai_dl.download.count", match: TRIED } as const;

/** Derived metrics that reports show and alert rules name; the first four come from the specification. */
export const DOWNLOAD_DERIVED: readonly DerivedMetric[] = [
  { name: "error_rate", kind: "ratio", of: { name: "civitai_dl.download.errors" }, over: TRIED_DOWNLOADS },
  { name: "timeout_rate", kind: "ratio", of: { name: "civitai_dl.download.timeouts" }, over: TRIED_DOWNLOADS },
  {
    name: "memory_usage_mb",
    kind: "gauge",
    of: { name: "process.memory.usage" },
    scale: 2 ** -20,
    aggregate: "max",
  },
  { name: "disk_usage_percent", kind: "gauge", of: { name: DISK_METRIC }, scale: 100, aggregate: "max" },
  {
    name: "run_failed",
    kind: "gauge",
    of: { name: "civitai_dl.runs.failed" },
    aggregate: "max",
    splitBy: ["command", "exit"],
  },
  { name: "last_run_end_timestamp", kind: "gauge", of: { name: "civitai_dl.runs.end" }, aggregate: "max" },
  { name: "last_success_timestamp", kind: "gauge", of: { name: "civitai_dl.runs.success" }, aggregate: "max" },
  { name: "seconds_since_success", kind: "gauge", of: { name: "civitai_dl.runs.awaited" }, aggregate: "max" },
  { name: "left_files", kind: "gauge", of: { name: "civitai_dl.runs.left" }, aggregate: "max" },
  {
    name: "key_rejected",
    kind: "gauge",
    of: { name: "civitai_dl.key.refused" },
    aggregate: "max",
    splitBy: ["origin"],
  },
  { name: "reserve_reached", kind: "gauge", of: { name: "civitai_dl.disk.at_reserve" }, aggregate: "max" },
  { name: "disk_full_in_seconds", kind: "gauge", of: { name: "civitai_dl.disk.exhaustion" }, aggregate: "min" },
  { name: "library_missing", kind: "gauge", of: { name: "civitai_dl.library.missing" }, aggregate: "max" },
  {
    name: "health_check_failing",
    kind: "gauge",
    of: { name: "civitai_dl.check.failing" },
    aggregate: "max",
    splitBy: ["check"],
  },
  { name: "bytes_per_second", kind: "rate", of: { name: "civitai_dl.download.bytes" } },
  { name: "active_downloads", kind: "gauge", of: { name: "civitai_dl.download.active" }, aggregate: "sum" },
  { name: "host_speed_ratio", kind: "gauge", of: { name: "civitai_dl.host.speed" }, aggregate: "min" },
  { name: "no_progress_seconds", kind: "gauge", of: { name: "civitai_dl.download.silence" }, aggregate: "max" },
  { name: "rollout_stopped", kind: "gauge", of: { name: "civitai_dl.rollouts.stopped" }, aggregate: "max" },
  { name: "download_seconds_p95", kind: "quantile", of: { name: "civitai_dl.download.duration" }, q: 0.95 },
];

/**
 * Find one of {@linkcode DOWNLOAD_METRICS}.
 *
 * @param name Full name, such as `civitai_dl.download.count`
 * @returns Kind, unit, help and labels of the metric
 * @throws {TypeError} If no metric has that name
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { downloadMetric } from "@civitai-dl/civitai-dl/downloader";
 *
 * const { kind, unit } = downloadMetric("civitai_dl.download.bytes");
 * assertEquals([kind, unit], ["counter", "By"]);
 * ```
 */
export function downloadMetric(name: string): MetricDefinition {
  const definition = DOWNLOAD_METRICS.find((candidate) => candidate.name === name);
  if (definition === undefined) throw new TypeError(`Cannot find metric "${name}": it is not defined`);
  return definition;
}
