import { type CodePlace, codePlace } from "./code_place.ts";
import type { CpuFrame, CpuNode, CpuProfile } from "./cpu_profile.ts";
import { SourceLines } from "./source_lines.ts";

/** Options of {@linkcode analyzeCpuProfile}. */
export interface AnalyzeCpuProfileOptions {
  /** Folder of the project, whose files are grouped by room; an empty string if it is not known. */
  readonly root: string;
  /**
   * Lines of the sources.
   *
   * @default {lines of the profile}
   */
  readonly lines?: SourceLines | undefined;
}

/** A function with its time. Shares are of the busy time. */
export interface FunctionTime {
  /** Its name. */
  readonly name: string;
  /** Where it comes from; see {@linkcode CodePlace}. */
  readonly group: string;
  /** Path of its file; empty for native code. */
  readonly file: string;
  /** Line in the file, from 1; `null` if V8 does not know it. */
  readonly line: number | null;
  /** Whether the line is of the JavaScript that ran, because the source could not be read. */
  readonly isTranspiled: boolean;
  /** Number of samples in which it was on top of the stack. */
  readonly hits: number;
  /** Time in the function itself. */
  readonly selfMs: number;
  /** Share of the busy time that it took itself. */
  readonly selfShare: number;
  /** Time with all that it called. Work after an `await` counts for the function that continues, not for its caller. */
  readonly totalMs: number;
  /** Share of the busy time, with all that it called. */
  readonly totalShare: number;
  /** Lines of the source with the most samples; up to three. */
  readonly hotLines: readonly { readonly line: number; readonly share: number }[];
}

/** A group of functions with its time. */
export interface GroupTime {
  /** Its name; see {@linkcode CodePlace}. */
  readonly group: string;
  /** Time in the functions of the group. */
  readonly selfMs: number;
  /** Share of the busy time that they took themselves. */
  readonly selfShare: number;
  /** Time with all that the group called: native code, the runtime and other groups. */
  readonly totalMs: number;
  /** Share of the busy time, with all that the group called. */
  readonly totalShare: number;
}

/** A CPU profile, summed up. */
export interface CpuAnalysis {
  /** Time from start to end. */
  readonly durationMs: number;
  /** Time in which the main thread was not idle. */
  readonly busyMs: number;
  /** Time in which the main thread waited. */
  readonly idleMs: number;
  /** Number of samples. */
  readonly samples: number;
  /** Samples in which the main thread was not idle. */
  readonly busySamples: number;
  /** By time, longest first; without idle time. */
  readonly groups: readonly GroupTime[];
  /** By own time, longest first; without idle time. */
  readonly functions: readonly FunctionTime[];
}

interface Gathered {
  readonly frame: CpuFrame;
  readonly place: CodePlace;
  readonly ticks: Map<number, number>;
  selfUs: number;
  totalUs: number;
  hits: number;
}

/**
 * Sum up a CPU profile by function and by room.
 *
 * @param profile The profile
 * @param options The project, and the lines of its sources
 * @returns The times
 */
export function analyzeCpuProfile(profile: CpuProfile, options: AnalyzeCpuProfileOptions): CpuAnalysis {
  const { root, lines = new SourceLines(new Map(), []) } = options;
  const { functions: gathered, groupTotals } = gather(profile.nodes, root);
  const idle = gathered.filter(({ place }) => place.group === "idle");
  const active = gathered.filter(({ place }) => place.group !== "idle");
  const sum = (some: readonly Gathered[], key: "selfUs" | "hits") => some.reduce((total, one) => total + one[key], 0);
  const busyUs = sum(active, "selfUs");
  const groups = Map.groupBy(active, ({ place }) => place.group);
  return {
    durationMs: profile.durationUs / 1000,
    busyMs: busyUs / 1000,
    idleMs: sum(idle, "selfUs") / 1000,
    samples: profile.samples,
    busySamples: sum(active, "hits"),
    groups: [...groups].map(([group, members]) => ({
      group,
      selfMs: sum(members, "selfUs") / 1000,
      selfShare: shareOf(sum(members, "selfUs"), busyUs),
      totalMs: (groupTotals.get(group) ?? 0) / 1000,
      totalShare: shareOf(groupTotals.get(group) ?? 0, busyUs),
    })).filter(({ selfMs }) => selfMs > 0).toSorted((a, b) => b.selfMs - a.selfMs || a.group.localeCompare(b.group)),
    functions: active.filter(({ frame }) => frame.functionName !== "(root)")
      .map((one) => functionTime(one, busyUs, lines))
      .toSorted((a, b) => b.selfMs - a.selfMs || b.totalMs - a.totalMs || a.name.localeCompare(b.name)),
  };
}

function functionTime(one: Gathered, busyUs: number, lines: SourceLines): FunctionTime {
  const { frame, place, ticks, hits, selfUs, totalUs } = one;
  const counts = new Map<number, number>();
  for (const [line, count] of ticks) {
    const known = lines.lineOfTick(frame.url, line);
    if (known !== null) counts.set(known, (counts.get(known) ?? 0) + count);
  }
  const all = [...counts.values()].reduce((total, count) => total + count, 0);
  return {
    name: frame.functionName === "" ? "(anonymous)" : frame.functionName,
    group: place.group,
    file: place.file,
    line: frame.line < 0 || place.file === "" ? null : lines.lineOfFrame(frame),
    isTranspiled: place.path !== null && /\.m?tsx?$/.test(place.path) && !lines.knows(frame.url),
    hits,
    selfMs: selfUs / 1000,
    selfShare: shareOf(selfUs, busyUs),
    totalMs: totalUs / 1000,
    totalShare: shareOf(totalUs, busyUs),
    hotLines: [...counts].toSorted((a, b) => b[1] - a[1]).slice(0, 3)
      .map(([line, count]) => ({ line, share: count / all })),
  };
}

interface AllGathered {
  readonly functions: readonly Gathered[];
  /** Microseconds by group, with all that the group called. */
  readonly groupTotals: ReadonlyMap<string, number>;
}

/**
 * Collect the nodes of each function. A function or a group that calls itself counts once for the time below its first
 * call.
 */
function gather(nodes: readonly CpuNode[], root: string): AllGathered {
  const functions = new Map<string, Gathered>();
  const ofNode = nodes.map(({ frame }) => {
    const key = `${frame.functionName}\n${frame.url}\n${frame.line}\n${frame.column}`;
    return functions.getOrInsertComputed(key, () => ({
      frame,
      place: codePlace(frame, root),
      ticks: new Map(),
      selfUs: 0,
      totalUs: 0,
      hits: 0,
    }));
  });
  const totals = new Float64Array(nodes.length);
  const groupTotals = new Map<string, number>();
  const depthOf = new Map<Gathered | string, number>();
  const step = (key: Gathered | string, by: 1 | -1): number => {
    const depth = (depthOf.get(key) ?? 0) + by;
    depthOf.set(key, depth);
    return depth;
  };
  // Each node is visited before its callees (to open it), and after them (to close it, as a negative number).
  const open = [0];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const index = next < 0 ? ~next : next;
    const node = nodes[index]!;
    const one = ofNode[index]!;
    // The root would otherwise count as native code that called everything.
    const group = index === 0 ? "" : one.place.group;
    if (next >= 0) {
      step(one, 1);
      step(group, 1);
      open.push(~index, ...node.children);
      continue;
    }
    const total = node.children.reduce((sum, child) => sum + totals[child]!, node.selfUs);
    totals[index] = total;
    one.selfUs += node.selfUs;
    one.hits += node.hits;
    if (step(one, -1) === 0) one.totalUs += total;
    if (step(group, -1) === 0) groupTotals.set(group, (groupTotals.get(group) ?? 0) + total);
    for (const { line, count } of node.ticks) one.ticks.set(line, (one.ticks.get(line) ?? 0) + count);
  }
  return { functions: [...functions.values()], groupTotals };
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
