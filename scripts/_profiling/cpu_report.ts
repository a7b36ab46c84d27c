import { formatCount } from "../../lib/base/mod.ts";
import { relative, resolve } from "node:path";
import { type Io, type RenderOptions, renderTable } from "../../lib/cli/mod.ts";
import {
  analyzeCpuProfile,
  codePlace,
  type CpuAnalysis,
  type CpuComparison,
  type CpuProfile,
  flameOfCpuProfile,
  type FunctionTime,
  readCpuProfile,
  type ShareChange,
  SourceLines,
  transpileFiles,
} from "../../lib/profiling/mod.ts";
import type { FlameFrame } from "../../lib/report/mod.ts";
import { programForm } from "../_frame/program_form.ts";

/** A CPU profile that was read and summed up. */
export interface CpuReport {
  readonly path: string;
  readonly analysis: CpuAnalysis;
  readonly flame: FlameFrame;
  /** What the reader has to know about the lines. */
  readonly notes: readonly string[];
}

/** Options of {@linkcode readCpuReport}. */
export interface ReadCpuReportOptions {
  /** Folder of the project, whose files are grouped by room. */
  readonly root: string;
  readonly signal: AbortSignal;
}

/** Read a CPU profile, find the lines of its sources, and sum it up. */
export async function readCpuReport(path: string, options: ReadCpuReportOptions): Promise<CpuReport> {
  const { root, signal } = options;
  const profile = readCpuProfile(path, { bytes: await readPipe(path, signal) });
  const paths = sourcesOf(profile, root);
  const frames = profile.nodes.map(({ frame }) => frame);
  // An executable has no `deno transpile`.
  const files = programForm() === "executable" ? new Map() : await transpileFiles(paths, { root, signal });
  const lines = new SourceLines(files, frames);
  return {
    path,
    analysis: analyzeCpuProfile(profile, { root, lines }),
    flame: flameOfCpuProfile(profile, { root, lines }),
    notes: await notesOf(path, paths, lines),
  };
}

/** Read a pipe, which may never be filled. The profile of any other file is read piece by piece. */
async function readPipe(path: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
  const isPipe = await Deno.stat(path).then((info) => info.isFifo, () => false);
  return isPipe ? await Deno.readFile(path, { signal }) : undefined;
}

function sourcesOf(profile: CpuProfile, root: string): readonly string[] {
  const paths = profile.nodes.map(({ frame }) => codePlace(frame, root).path).filter((path) => path !== null);
  return [...new Set(paths)].filter((path) => /\.m?tsx?$/.test(path));
}

async function notesOf(path: string, sources: readonly string[], lines: SourceLines): Promise<readonly string[]> {
  const { mtime } = await Deno.stat(path);
  const changed: string[] = [];
  for (const source of sources) {
    const now = await Deno.stat(source).then((stat) => stat.mtime, () => null);
    if (mtime !== null && now !== null && now > mtime) changed.push(source);
  }
  const unread = sources.length - lines.files;
  return [
    ...unread > 0
      ? [
        `${
          formatCount(unread, "source")
        } could not be read or transpiled: their lines are as in the profile, and they ` +
        "have no hottest lines",
      ]
      : [],
    ...changed.length > 0
      ? [`${formatCount(changed.length, "source")} changed after the profile was recorded: their lines may have moved`]
      : [],
  ];
}

/** How functions are ordered. */
export type CpuOrder = "self" | "total";

/** Return the first functions in an order, without those that took no time. */
export function topFunctions({ functions }: CpuAnalysis, by: CpuOrder, top: number): readonly FunctionTime[] {
  const value = (one: FunctionTime) => by === "self" ? one.selfMs : one.totalMs;
  return functions.filter((one) => value(one) > 0).toSorted((a, b) => value(b) - value(a)).slice(0, top);
}

/** Options of {@linkcode renderCpuReport}. */
export interface RenderCpuReportOptions extends Pick<RenderOptions, "width"> {
  readonly by: CpuOrder;
  readonly top: number;
}

/** Render a profile as text: the rooms, then the functions. */
export function renderCpuReport({ path, analysis, notes }: CpuReport, options: RenderCpuReportOptions): string {
  const { by, top, width } = options;
  const { groups } = analysis;
  const rooms = renderTable(groups, [
    { title: "Where", value: (one) => one.group, minWidth: 20 },
    { title: "Self", value: (one) => formatTenths(one.selfShare), align: "right" },
    { title: "Total", value: (one) => formatTenths(one.totalShare), align: "right" },
    { title: "Own time", value: (one) => formatMs(one.selfMs), align: "right" },
  ], { width });
  const functions = renderTable(topFunctions(analysis, by, top), [
    { title: "Self", value: (one) => formatTenths(one.selfShare), align: "right" },
    { title: "Total", value: (one) => formatTenths(one.totalShare), align: "right" },
    { title: "Function", value: (one) => one.name, minWidth: 20 },
    // A path without its end is of no use.
    { title: "Where", value: whereOf, minWidth: Infinity },
    { title: "Hottest lines", value: hotLinesOf },
  ], { width });
  return [
    `${nearPath(path)}: ${describeTimes(analysis)}\n`,
    rooms,
    functions,
    ...notes.map((note) => `Note: ${note}.\n`),
  ]
    .filter((part) => part !== "").join("\n");
}

/** Describe how long the profile is, in one line. */
export function describeTimes({ durationMs, busyMs, idleMs, samples }: CpuAnalysis): string {
  return `${formatMs(durationMs)}, of which ${formatMs(busyMs)} busy and ${formatMs(idleMs)} idle; ${
    formatCount(samples, "sample")
  }. Shares are of the busy time of the main thread; workers are not profiled.`;
}

/** Return the file and line of a function; its group if there is no file. */
export function whereOf({ file, line, group, isTranspiled }: FunctionTime): string {
  if (file === "") return group;
  return `${file}${line === null ? "" : `:${line}`}${isTranspiled ? " (line as in the profile)" : ""}`;
}

/** Return the lines with the most samples and their shares of the function. */
export function hotLinesOf({ hotLines }: FunctionTime): string {
  return hotLines.filter(({ share }) => share >= 0.05).map(({ line, share }) =>
    `${line} (${Math.round(100 * share)} %)`
  )
    .join(", ");
}

/** Options of {@linkcode renderCpuComparison}. */
export interface RenderCpuComparisonOptions extends Pick<RenderOptions, "width"> {
  readonly top: number;
}

/** The warning about comparing single runs. */
export const COMPARISON_NOTE =
  'Shares of the busy time, not times. "Noise" is two standard errors of the sampling alone: two runs of the same code ' +
  "differ by more, because of the compiler, the cache and the machine. Believe a difference that several pairs of " +
  "profiles show, and measure with benchmark-compare";

/** Render the differences of two profiles as text. */
export function renderCpuComparison(comparison: CpuComparison, options: RenderCpuComparisonOptions): string {
  const { top, width } = options;
  const table = (title: string, changes: readonly ShareChange[]) =>
    renderTable(changes.slice(0, top), [
      { title, value: (one) => one.name, minWidth: 40 },
      { title: "Before", value: (one) => formatTenths(one.before), align: "right" },
      { title: "After", value: (one) => formatTenths(one.after), align: "right" },
      { title: "Difference", value: (one) => formatPoints(one.difference), align: "right", minWidth: 10 },
      { title: "Noise", value: (one) => `±${(100 * one.noise).toFixed(1)}`, align: "right" },
      { title: "", value: (one) => one.isBeyondNoise ? "beyond the noise" : "", minWidth: 16 },
    ], { width });
  return [table("Where", comparison.groups), table("Function", comparison.functions), `Note: ${COMPARISON_NOTE}.\n`]
    .filter((part) => part !== "").join("\n");
}

/** Return the columns to render for: those of the terminal, or any number if the output goes elsewhere. */
export function outputWidth(io: Io): number {
  return io.outIsTerminal ? io.width() : Infinity;
}

/** Shorten a path that is inside the working directory. */
export function nearPath(path: string): string {
  const near = relative(Deno.cwd(), resolve(path));
  return near.startsWith("..") ? path : near;
}

/** Format a share as a percentage with one decimal, so that the numbers of a column align. */
export function formatTenths(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Format a difference of shares in percentage points, with its sign. */
export function formatPoints(difference: number): string {
  return `${difference < 0 ? "−" : "+"}${(100 * Math.abs(difference)).toFixed(1)}`;
}

/** Format milliseconds with the unit that fits. */
export function formatMs(ms: number): string {
  return ms >= 10_000 ? `${(ms / 1000).toFixed(1)} s` : ms >= 100 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`;
}
