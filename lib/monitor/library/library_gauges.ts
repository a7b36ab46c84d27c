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
 * @returns The gauges of what the runs and the disk say, and of how long nothing had arrived when the last run failed; a
 * gauge without data has no series
 */
export function libraryGauges(
  outlook: LibraryOutlook,
  { find, now }: Pick<MetricTable, "find"> & { readonly now: number },
): readonly MeasuredGauge[] {
  const gauge = (name: string, value: number | null, labels?: ValueSeries["labels"]): MeasuredGauge =>
    gaugeOf(find(name), value, labels);
  const { runs, reserveReached, reserveBytes, fullInSeconds } = outlook;
  const {
    running,
    last,
    failed,
    isRepeating,
    silentMs,
    lastEndMs,
    lastSuccessMs,
    successAwaitedSinceMs,
    leftFiles,
    key,
    keyOrigin,
  } = runs;
  // The labels name the failed run; if none failed, the last one.
  const named = failed ?? last;
  // A run under way may make the failed one good.
  const isOutcomeKnown = named !== null && !isRepeating;
  const awaitedMs = successAwaitedSinceMs === null ? null : Math.max(0, now - successAwaitedSinceMs);
  const flagOf = (isKnown: boolean, isSet: boolean): number | null => isKnown ? Number(isSet) : null;
  return [
    gauge("civitai_dl.runs.failed", flagOf(isOutcomeKnown, failed !== null), {
      command: named?.command ?? "",
      exit: named === null ? "" : exitOf(named),
    }),
    // A run under way measures its own silence.
    gauge("civitai_dl.download.silence", running === null ? silentMs / 1000 : null),
    gauge("civitai_dl.runs.end", toSeconds(lastEndMs)),
    gauge("civitai_dl.runs.success", toSeconds(lastSuccessMs)),
    gauge("civitai_dl.runs.awaited", toSeconds(awaitedMs)),
    gauge("civitai_dl.runs.left", leftFiles),
    gauge("civitai_dl.key.refused", flagOf(key !== null, key === "rejected"), { origin: keyOrigin ?? "" }),
    gauge("civitai_dl.disk.at_reserve", flagOf(reserveBytes !== null, reserveReached !== null)),
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
