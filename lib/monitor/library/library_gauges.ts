import type { GoneLibrary, RunRecord } from "../../library/mod.ts";
import type { DerivedMetric, MeasuredGauge, MetricDefinition, ValueSeries } from "../../metrics/mod.ts";
import type { LibraryOutlook } from "./observe_library.ts";

/** The metrics of downloads, which the room that downloads defines. */
export interface MetricTable {
  readonly definitions: readonly MetricDefinition[];
  readonly derived: readonly DerivedMetric[];
  /** Finds a definition by its name, which must be one of them. */
  readonly find: (name: string) => MetricDefinition;
}

/**
 * The gauges of a library, for rules and reports.
 *
 * @param options The definitions, and the current time, milliseconds since the epoch
 * @returns A gauge for each metric of a library that runs and disk say, and the silence in which the last run failed;
 * those without data have no series
 */
export function libraryGauges(
  outlook: LibraryOutlook,
  { find, now }: Pick<MetricTable, "find"> & { readonly now: number },
): readonly MeasuredGauge[] {
  const gauge = (name: string, value: number | null, labels?: ValueSeries["labels"]): MeasuredGauge =>
    gaugeOf(find(name), value, labels);
  const { runs, reserve, reserveBytes, fullInSeconds } = outlook;
  const {
    running,
    last,
    failed,
    isRepeating,
    silentMs,
    lastEndMs,
    lastSuccessMs,
    awaitedSinceMs,
    left,
    key,
    keyOrigin,
  } = runs;
  const judged = failed ?? last;
  const flagOf = (isKnown: boolean, isSet: boolean): number | null => isKnown ? Number(isSet) : null;
  return [
    gauge("civitai_dl.runs.failed", flagOf(judged !== null && !isRepeating, failed !== null), {
      command: judged?.command ?? "",
      exit: judged === null ? "" : exitOf(judged),
    }),
    // A run under way tells itself how long nothing has arrived.
    gauge("civitai_dl.download.silence", running === null ? silentMs / 1000 : null),
    gauge("civitai_dl.runs.end", toSeconds(lastEndMs)),
    gauge("civitai_dl.runs.success", toSeconds(lastSuccessMs)),
    gauge("civitai_dl.runs.awaited", awaitedSinceMs === null ? null : Math.max(0, toSeconds(now - awaitedSinceMs)!)),
    gauge("civitai_dl.runs.left", left),
    gauge("civitai_dl.key.refused", flagOf(key !== null, key === "rejected"), { origin: keyOrigin ?? "" }),
    gauge("civitai_dl.disk.at_reserve", flagOf(reserveBytes !== null, reserve !== null)),
    gauge("civitai_dl.disk.exhaustion", fullInSeconds),
  ];
}

/** The gauge that says whether the library is missing. */
export function goneGauge(gone: GoneLibrary | null, { find }: Pick<MetricTable, "find">): MeasuredGauge {
  return gaugeOf(find("civitai_dl.library.missing"), gone === null ? 0 : 1);
}

function gaugeOf(
  definition: MetricDefinition,
  value: number | null,
  labels: ValueSeries["labels"] = {},
): MeasuredGauge {
  return { definition, series: value === null ? [] : [{ labels, value }] };
}

function exitOf({ state, exitCode }: RunRecord): string {
  return state === "killed" ? "killed" : `${exitCode}`;
}

function toSeconds(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms / 1000);
}
