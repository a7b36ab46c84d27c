import { relative, resolve } from "node:path";
import { formatCount, KitError } from "../../lib/base/mod.ts";
import { type Io, renderTable } from "../../lib/cli/mod.ts";
import { type CpuTimes, sumCpuProfile } from "../../lib/profiling/mod.ts";

/** A CPU profile that was read and summed up. */
export interface CpuReport extends CpuTimes {
  /** Path of the profile. */
  readonly file: string;
}

/** Options of {@linkcode readCpuReport}. */
export interface ReadCpuReportOptions {
  /** Folder of the project. */
  readonly root: string;
  /** Number of functions that are kept. */
  readonly top: number;
  readonly signal: AbortSignal;
}

/** Read a CPU profile, and sum it up. */
export async function readCpuReport(path: string, { root, top, signal }: ReadCpuReportOptions): Promise<CpuReport> {
  const text = await Deno.readTextFile(path, { signal }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new KitError("usage", `Cannot read "${path}": there is no such file`);
  });
  const times = sumCpuProfile(text, { path, root });
  return { file: path, ...times, functions: times.functions.slice(0, top) };
}

/** Render a profile as text. */
export function renderCpuReport({ file, durationMs, busyMs, samples, functions }: CpuReport, io: Io): string {
  const table = renderTable(functions, [
    { title: "Self", value: ({ share }) => `${(100 * share).toFixed(1)} %`, align: "right" },
    { title: "Time", value: ({ selfMs }) => formatMs(selfMs), align: "right" },
    { title: "Function", value: ({ name }) => name, minWidth: 20 },
    // A path without its end is of no use.
    { title: "Where", value: ({ where }) => where, minWidth: Infinity },
  ], { width: io.outIsTerminal ? io.width() : Infinity });
  return `${nearPath(file)}: ${formatMs(durationMs)}, of which ${formatMs(busyMs)} busy; ${
    formatCount(samples, "sample")
  }. Shares are of the busy time of the main thread; workers are not profiled.\n\n${table}`;
}

/** Shorten a path that is inside the working directory. */
export function nearPath(path: string): string {
  const near = relative(Deno.cwd(), resolve(path));
  return near.startsWith("..") ? path : near;
}

function formatMs(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms >= 100 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`;
}
