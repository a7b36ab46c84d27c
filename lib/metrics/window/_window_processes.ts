import type { MetricLine } from "../metric_line.ts";
import { matchesLabels } from "../metric_selector.ts";
import type { MetricFamily, ValueSeries } from "../metric_snapshot.ts";
import type { LatestGauge, LatestOptions } from "./window_query.ts";

interface ProcessState {
  readonly time: number;
  readonly isEnded: boolean;
  readonly gauges: readonly MetricFamily[];
}

const STALE_MS = 60_000;

/** The gauges in the last line of each process, and gauges that the reader of the journal measured. */
export class WindowProcesses {
  readonly #processes = new Map<string, ProcessState>();
  readonly #measured = new Map<string, ProcessState>();

  add(time: number, line: Pick<MetricLine, "process" | "end" | "families">): void {
    const known = this.#processes.get(line.process);
    if (known !== undefined && known.time >= time) return;
    const gauges = line.families.filter((family) => family.kind === "gauge");
    this.#processes.set(line.process, { time, isEnded: line.end, gauges });
  }

  /** Store a gauge that no process wrote. It replaces an earlier one with the same name. */
  setGauge(time: number, family: MetricFamily): void {
    this.#measured.set(family.name, { time, isEnded: false, gauges: [family] });
  }

  dropOld(newest: number, horizonMs: number): void {
    for (const [process, state] of this.#processes) {
      if (newest - state.time > horizonMs) this.#processes.delete(process);
    }
  }

  aliveProcesses(options: LatestOptions): readonly string[] {
    return [...this.#processes].filter(([, state]) => isFresh(state, options)).map(([process]) => process);
  }

  /** Every gauge that is not stale, only one for each name. */
  gauges(options: LatestOptions): readonly MetricFamily[] {
    const families = new Map<string, MetricFamily>();
    for (const [, state] of this.#fresh(options)) {
      for (const family of state.gauges) if (!families.has(family.name)) families.set(family.name, family);
    }
    return [...families.values()];
  }

  latest(name: string, options: LatestOptions): readonly LatestGauge[] {
    return this.#fresh(options).flatMap(([process, { time, gauges }]) => {
      const series = gauges.find((family) => family.name === name)?.series ?? [];
      return (series as readonly ValueSeries[])
        .filter(({ labels }) => matchesLabels(labels, options.match))
        .map(({ labels, value }) => ({ labels, value, process, time }));
    });
  }

  #fresh(options: LatestOptions): readonly (readonly [string, ProcessState])[] {
    const measured = [...this.#measured.values()].map((state) => ["", state] as const);
    return [...measured, ...this.#processes].filter(([, state]) => isFresh(state, options));
  }
}

/**
 * Whether a process is alive. Its last line may be up to `staleMs` ahead of `now`, for example because a clock was set
 * back.
 */
function isFresh(state: ProcessState, { now, staleMs = STALE_MS }: LatestOptions): boolean {
  return !state.isEnded && Math.abs(now - state.time) <= staleMs;
}
