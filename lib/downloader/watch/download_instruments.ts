import type { Counter, Gauge, Histogram, MetricRegistry } from "../../metrics/mod.ts";
import { DISK_METRIC, DOWNLOAD_METRICS, downloadMetric } from "./metric_definitions.ts";

/** The instruments of {@linkcode DOWNLOAD_METRICS}, ready to record. */
export interface DownloadInstruments {
  /** `civitai_dl.download.count` {host, outcome}. */
  readonly downloads: Counter;
  /** `civitai_dl.download.errors` {host, class}. */
  readonly errors: Counter;
  /** `civitai_dl.breaker.refusals` {host, class}. */
  readonly refusals: Counter;
  /** `civitai_dl.download.timeouts` {host}. */
  readonly timeouts: Counter;
  /** `civitai_dl.download.retries` {host, class}. */
  readonly retries: Counter;
  /** `civitai_dl.download.bytes` {host}. */
  readonly bytes: Counter;
  /** `civitai_dl.api.requests` {route, status}. */
  readonly apiRequests: Counter;
  /** `civitai_dl.failsafe.switches` {from, to}. */
  readonly switches: Counter;
  /** `civitai_dl.rollout.downloads` {arm, outcome}. */
  readonly armDownloads: Counter;
  /** `civitai_dl.rollout.transitions` {action, to}. */
  readonly rolloutTransitions: Counter;
  /** `civitai_dl.rollout.state`: 0 idle to 4 completed. */
  readonly rolloutState: Gauge;
  /** `civitai_dl.rollout.weight`, 0 to 1. */
  readonly rolloutWeight: Gauge;
  /** `civitai_dl.download.active`. */
  readonly active: Gauge;
  /** `civitai_dl.download.silence`, seconds. */
  readonly silence: Gauge;
  /** `civitai_dl.breaker.state` {host}: 0 closed, 1 half-open, 2 open. */
  readonly breakerState: Gauge;
  /** `civitai_dl.failsafe.mode`: 4 turbo to 0 paused. */
  readonly mode: Gauge;
  /** `civitai_dl.concurrency.limit` {host}. */
  readonly limit: Gauge;
  /** `civitai_dl.host.speed` {host}, 1 for its usual speed. */
  readonly hostSpeed: Gauge;
  /** `civitai_dl.disk.utilization`, 0 to 1. */
  readonly diskUse: Gauge;
  /** `process.memory.usage`, bytes. */
  readonly memory: Gauge;
  /** `process.open_files`. */
  readonly openFiles: Gauge;
  /** `civitai_dl.download.duration`, seconds. */
  readonly duration: Histogram;
  /** `civitai_dl.request.duration` {host}, seconds. */
  readonly requestDuration: Histogram;
}

/**
 * Define all metrics of this program in a registry.
 *
 * @param registry Receives all of {@linkcode DOWNLOAD_METRICS}
 * @returns One instrument for each metric
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { defineDownloadMetrics } from "@civitai-dl/civitai-dl/downloader";
 * import { MetricRegistry } from "@civitai-dl/civitai-dl/metrics";
 *
 * const { bytes } = defineDownloadMetrics(new MetricRegistry());
 * bytes.add(1000, { host: "example.com" });
 * assertEquals(bytes.series(), [{ labels: { host: "example.com" }, value: 1000 }]);
 * ```
 */
export function defineDownloadMetrics(registry: MetricRegistry): DownloadInstruments {
  for (const definition of DOWNLOAD_METRICS) registry.define(definition);
  const counter = (name: string) => registry.counter(downloadMetric(name));
  const gauge = (name: string) => registry.gauge(downloadMetric(name));
  const histogram = (name: string) => registry.histogram(downloadMetric(name));
  return {
    downloads: counter("civitai_dl.download.count"),
    errors: counter("civitai_dl.download.errors"),
    refusals: counter("civitai_dl.breaker.refusals"),
    timeouts: counter("civitai_dl.download.timeouts"),
    retries: counter("civitai_dl.download.retries"),
    bytes: counter("civitai_dl.download.bytes"),
    apiRequests: counter("civitai_dl.api.requests"),
    switches: counter("civitai_dl.failsafe.switches"),
    armDownloads: counter("civitai_dl.rollout.downloads"),
    rolloutTransitions: counter("civitai_dl.rollout.transitions"),
    rolloutState: gauge("civitai_dl.rollout.state"),
    rolloutWeight: gauge("civitai_dl.rollout.weight"),
    active: gauge("civitai_dl.download.active"),
    silence: gauge("civitai_dl.download.silence"),
    breakerState: gauge("civitai_dl.breaker.state"),
    mode: gauge("civitai_dl.failsafe.mode"),
    limit: gauge("civitai_dl.concurrency.limit"),
    hostSpeed: gauge("civitai_dl.host.speed"),
    diskUse: gauge(DISK_METRIC),
    memory: gauge("process.memory.usage"),
    openFiles: gauge("process.open_files"),
    duration: histogram("civitai_dl.download.duration"),
    requestDuration: histogram("civitai_dl.request.duration"),
  };
}
