import type { RequestNotice } from "../../civitai/mod.ts";
import type { MetricLabels, MetricRegistry } from "../../metrics/mod.ts";
import type { DownloadEvent, ItemOutcome } from "../download_event.ts";
import { defineDownloadMetrics, type DownloadInstruments } from "./download_instruments.ts";
import { routeOf } from "../hosts/route_of.ts";

/** An item in progress. */
interface Running {
  /** Built once per item, since its bytes are counted very often. */
  readonly labels: MetricLabels;
  hasTimedOut: boolean;
}

type Event<Type extends DownloadEvent["type"]> = Extract<DownloadEvent, { readonly type: Type }>;

/** States of a rollout; the index is the value of the gauge. */
const ROLLOUT_STATES = ["idle", "running", "paused", "degraded", "completed"];
const UNKNOWN: MetricLabels = { host: "unknown" };
const TRIED: ReadonlySet<ItemOutcome> = new Set<ItemOutcome>(["done", "failed", "corrupted"]);
const TIMEOUTS: ReadonlySet<string> = new Set(["timeout", "stall"]);

/**
 * Turns the events of a run, and the requests to the API, into metrics.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { DownloadMeter } from "@civitai-dl/civitai-dl/downloader";
 * import { MetricRegistry } from "@civitai-dl/civitai-dl/metrics";
 *
 * const meter = new DownloadMeter(new MetricRegistry());
 * meter.record({ type: "mode", from: "turbo", to: "parallel", reason: "8 of 20 calls failed within a minute" });
 * meter.recordRequest({ url: "https://civitai.com/api/v1/models/1", status: 200, durationMs: 80 });
 * assertEquals(meter.instruments.switches.series(), [{ labels: { from: "turbo", to: "parallel" }, value: 1 }]);
 * ```
 */
export class DownloadMeter {
  /** The instruments that it records into; callers also record measurements that no event carries. */
  readonly instruments: DownloadInstruments;
  readonly #running = new Map<string, Running>();

  /**
   * Define all metrics of this program; nothing is recorded yet.
   *
   * @param registry Receives the definitions
   */
  constructor(registry: MetricRegistry) {
    this.instruments = defineDownloadMetrics(registry);
  }

  /** Record one event. */
  record(event: DownloadEvent): void {
    switch (event.type) {
      case "bytes":
        this.instruments.bytes.add(event.count, this.#running.get(event.key)?.labels ?? UNKNOWN);
        break;
      case "start":
        this.#start(event);
        break;
      case "retry":
        this.#retry(event);
        break;
      case "limit":
        this.instruments.limit.set(event.to, { host: event.host });
        break;
      case "mode":
        this.instruments.switches.add(1, { from: event.from, to: event.to });
        break;
      case "rollout":
        this.#rollout(event);
        break;
      case "end":
        this.#end(event);
        break;
    }
  }

  /** Record one request to the API: its route, status and duration. */
  recordRequest(notice: Pick<RequestNotice, "url" | "status" | "durationMs">): void {
    const { url, status, durationMs } = notice;
    this.instruments.apiRequests.add(1, { route: routeOf(url), status: status === null ? "none" : String(status) });
    const host = URL.parse(url)?.hostname ?? "unknown";
    this.instruments.requestDuration.record(Math.max(0, durationMs / 1000), { host });
  }

  /** Count a file that the judge of a rollout counts. */
  recordArm(arm: string, outcome: string): void {
    this.instruments.armDownloads.add(1, { arm, outcome });
  }

  #rollout({ action, to, weight }: Event<"rollout">): void {
    const { rolloutTransitions, rolloutState, rolloutWeight } = this.instruments;
    if (action !== "follow") rolloutTransitions.add(1, { action, to });
    const state = ROLLOUT_STATES.indexOf(to);
    if (state >= 0) rolloutState.set(state);
    rolloutWeight.set(weight / 100);
  }

  #start(event: Event<"start">): void {
    const { key } = event.item;
    this.#running.set(key, {
      labels: this.#labelsOf(event.host, key),
      hasTimedOut: this.#running.get(key)?.hasTimedOut ?? false,
    });
    this.instruments.active.set(this.#running.size);
  }

  #retry(event: Event<"retry">): void {
    const { item: { key }, host, failure } = event;
    const labels = this.#labelsOf(host, key);
    this.instruments.retries.add(1, { ...labels, class: failure });
    if (!TIMEOUTS.has(failure)) return;
    // An item that times out before its `start` event has received no byte yet.
    const running = this.#running.get(key) ?? { labels, hasTimedOut: true };
    running.hasTimedOut = true;
    this.#running.set(key, running);
    this.instruments.active.set(this.#running.size);
  }

  #end(event: Event<"end">): void {
    const { item: { key }, host, outcome, failure } = event;
    const { downloads, errors, refusals, timeouts, duration, active } = this.instruments;
    const running = this.#running.get(key);
    const labels = this.#labelsOf(host, key);
    downloads.add(1, { ...labels, outcome });
    if (TRIED.has(outcome)) {
      if (outcome !== "done") errors.add(1, { ...labels, class: failure ?? "unknown" });
      if (event.refusedBy !== undefined) refusals.add(1, { host: event.refusedBy, class: failure ?? "unknown" });
      if (running?.hasTimedOut || (failure !== null && TIMEOUTS.has(failure))) timeouts.add(1, labels);
    }
    if (outcome === "done") duration.record(event.durationMs / 1000);
    this.#running.delete(key);
    active.set(this.#running.size);
  }

  /** Labels of an event; one without a host gets the labels of the item's start. */
  #labelsOf(host: string | null, key: string): MetricLabels {
    return host === null ? this.#running.get(key)?.labels ?? UNKNOWN : { host };
  }
}
