import type { SoakGeneration } from "../facts/soak_generation.ts";
import type { SoakReport } from "./soak_report.ts";
import type { SoakProbe } from "../facts/soak_work.ts";
import { ThinnedSeries } from "../facts/thinned_series.ts";

const MAX_GENERATIONS = 20;
const NAMES = ["heapUsed", "external", "handles", "timers", "rss"] as const;

type Curves = Record<typeof NAMES[number], ThinnedSeries>;

/** Records the curves of memory and handles, separately for each process under test. */
export class SoakCurves {
  #past: SoakGeneration[];
  #now: Curves = newCurves();
  #fromMs: number;
  #untilMs: number;
  /** The peak, stored separately because the points of a curve are means and do not preserve it. */
  maxRss: number | null;

  constructor(earlier: SoakReport | undefined) {
    this.#past = [...earlier?.generations ?? []];
    this.#fromMs = earlier?.actualMs ?? 0;
    this.#untilMs = this.#fromMs;
    this.maxRss = earlier?.maxRss ?? null;
  }

  /** Start new curves for a new process under test. */
  begin(atMs: number): void {
    const current = this.#current();
    if (current.heapUsed.points.length + current.handles.points.length > 0) this.#past.push(current);
    if (this.#past.length >= MAX_GENERATIONS) this.#past.splice(this.#shortest(), 1);
    this.#now = newCurves();
    this.#fromMs = atMs;
    this.#untilMs = atMs;
  }

  /** Add a probe. */
  add(atMs: number, probe: SoakProbe): void {
    this.#untilMs = atMs;
    for (const name of NAMES) {
      const value = probe[name];
      if (value !== null) this.#now[name].add(atMs, value);
    }
    if (probe.rss !== null) this.maxRss = Math.max(this.maxRss ?? 0, probe.rss);
  }

  /** The curves of all recorded processes, the current one last. */
  all(): readonly SoakGeneration[] {
    return [...this.#past, this.#current()];
  }

  /** The curves that cover the longest time, because only those allow a reliable judgment. */
  longest(): SoakGeneration {
    return this.all().reduce((best, generation) => spanOf(generation) > spanOf(best) ? generation : best);
  }

  /**
   * The index of the shortest past curves. Dropping the oldest instead could drop the longest, which is the one that is
   * judged.
   */
  #shortest(): number {
    const spans = this.#past.map(spanOf);
    return spans.indexOf(Math.min(...spans));
  }

  #current(): SoakGeneration {
    const { heapUsed, external, handles, timers, rss } = this.#now;
    return {
      fromMs: this.#fromMs,
      untilMs: this.#untilMs,
      heapUsed: heapUsed.state,
      external: external.state,
      handles: handles.state,
      timers: timers.state,
      rss: rss.state,
    };
  }
}

/** The milliseconds between the first and the last point; -1 if there are no points. */
function spanOf({ heapUsed, handles }: SoakGeneration): number {
  const points = heapUsed.points.length > 0 ? heapUsed.points : handles.points;
  return points.length === 0 ? -1 : points.at(-1)![0] - points[0]![0];
}

function newCurves(): Curves {
  return {
    heapUsed: new ThinnedSeries(),
    external: new ThinnedSeries(),
    handles: new ThinnedSeries(),
    timers: new ThinnedSeries(),
    rss: new ThinnedSeries(),
  };
}
