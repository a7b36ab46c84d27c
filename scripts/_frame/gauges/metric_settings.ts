import { DOWNLOAD_DERIVED, DOWNLOAD_METRICS, downloadMetric } from "../../../lib/downloader/mod.ts";
import type { LibraryMetricsOptions, MetricTable } from "../../../lib/monitor/mod.ts";
import type { OperationFlags } from "../flags.ts";
import { readLibrary } from "../library/choose_library.ts";
import { rolloutGauge } from "./rollout_gauge.ts";

/** The metrics of downloads. */
export const METRIC_TABLE: MetricTable = {
  definitions: DOWNLOAD_METRICS,
  derived: DOWNLOAD_DERIVED,
  find: downloadMetric,
};

/** Which metrics are read, of the library and the logs that the flags name. */
export function readMetricSettings(
  flags: OperationFlags,
): Pick<LibraryMetricsOptions, "library" | "logs" | "table" | "measureRollout"> {
  const library = readLibrary(flags);
  return { library, logs: flags.logs, table: METRIC_TABLE, measureRollout: () => rolloutGauge(library) };
}
