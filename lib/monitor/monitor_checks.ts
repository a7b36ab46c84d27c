import type { MeasuredGauge, MetricReading } from "../metrics/mod.ts";
import type { CheckOptions } from "./monitor_work.ts";
import type { StatusChecks } from "../status/mod.ts";

/** The checks of `doctor`, as a monitor runs them. */
export interface MonitorChecks {
  /** The last round; `null` before the first, and while the library is gone. */
  readonly last: StatusChecks | null;
  /** The gauge of the checks that began to fail, or did not. */
  readonly gauge: MeasuredGauge;
  /**
   * Read the gauge for the rules, each check with what it found. One that is not known is without data and not absent,
   * which would end its alert.
   */
  read(): readonly MetricReading[];
  /** Run them, one after another. */
  run(options: CheckOptions): Promise<void>;
}

/** The checks of a monitor that runs none, such as one that runs once: nothing is known of them. */
export function unknownChecks(
  names: readonly string[],
  { definition }: Pick<MeasuredGauge, "definition">,
): MonitorChecks {
  return {
    last: null,
    gauge: { definition, series: [] },
    read: () => names.map((check) => ({ labels: { check }, value: null, samples: 0 })),
    run: () => Promise.resolve(),
  };
}
