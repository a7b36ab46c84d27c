import type { MetricDefinition } from "./instruments/metric_definition.ts";
import type { ValueSeries } from "./metric_snapshot.ts";

/** A gauge that no process wrote to the journal: whoever reads the journal measures it. */
export interface MeasuredGauge {
  /** Name, unit and meaning. */
  readonly definition: MetricDefinition;
  /** The values now; empty if there is no data. */
  readonly series: readonly ValueSeries[];
}
