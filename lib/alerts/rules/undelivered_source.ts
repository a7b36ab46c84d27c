import type { AlertState } from "../states/alert_state.ts";
import type { MetricSource } from "./metric_source.ts";

/** The metric that the alerts know themselves: the number of notifications that a receiver has not confirmed. */
export const UNDELIVERED_METRIC = "undelivered_notifications";

/**
 * Add the number of undelivered notifications to a source, under {@linkcode UNDELIVERED_METRIC}.
 *
 * @param source The other metrics
 * @param state The state that the number comes from
 * @returns A source with all of them
 */
export function withUndelivered(source: MetricSource, state: Pick<AlertState, "groups">): MetricSource {
  return {
    names: source.names === null ? null : [...source.names, UNDELIVERED_METRIC],
    read(metric, options) {
      if (metric !== UNDELIVERED_METRIC) return source.read(metric, options);
      return [{ labels: {}, value: countUndelivered(state), samples: 1 }];
    },
  };
}

function countUndelivered({ groups }: Pick<AlertState, "groups">): number {
  const deliveries = Object.values(groups).flatMap((group) => Object.values(group.deliveries));
  return deliveries.filter(({ trouble }) => trouble !== null).length;
}
