import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { KitError } from "../base/mod.ts";

/** A function with the time in which it was on top of the stack. */
export interface CpuFunction {
  /** Its name. */
  readonly name: string;
  /**
   * Its file and line, with a path from the root for the project's own files; `native` without a file, `GC` for garbage
   * collection.
   */
  readonly where: string;
  /** Time in the function itself, in milliseconds. */
  readonly selfMs: number;
  /** Share of the busy time, from 0 to 1. */
  readonly share: number;
}

/** A CPU profile, summed up. */
export interface CpuTimes {
  /** Time from start to end, in milliseconds. */
  readonly durationMs: number;
  /** Time in which the main thread was not idle, in milliseconds. */
  readonly busyMs: number;
  /** Number of samples. */
  readonly samples: number;
  /** By own time, longest first; without idle time. */
  readonly functions: readonly CpuFunction[];
}

/** Options of {@linkcode sumCpuProfile}. */
export interface SumCpuProfileOptions {
  /** Path of the file, for the message of an error. */
  readonly path: string;
  /** Folder of the project. */
  readonly root: string;
}

const HINT = "Record one with: civitai-dl profile -- COMMAND";

/** A `.cpuprofile` of V8, as far as it is read; times are microseconds, lines are counted from 0. */
const PROFILE = z.object({
  nodes: z.array(z.object({
    id: z.number(),
    callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }),
  })).min(1),
  startTime: z.number(),
  endTime: z.number(),
  samples: z.array(z.number()).min(1),
  timeDeltas: z.array(z.number()),
}).refine(({ samples, timeDeltas }) => samples.length === timeDeltas.length, {
  error: "there are more samples than times, or fewer",
});
type RecordedProfile = z.infer<typeof PROFILE>;
type Frame = RecordedProfile["nodes"][number]["callFrame"];

/** What V8 calls the time in which no function of the program ran. */
const PSEUDO: Readonly<Record<string, string>> = { "(garbage collector)": "GC" };
const IDLE = "(idle)";

/**
 * Sum up a CPU profile by function, as `deno run --cpu-prof`, Node and Chrome DevTools write it.
 *
 * @throws {KitError} `usage` if it is no CPU profile
 */
export function sumCpuProfile(text: string, options: SumCpuProfileOptions): CpuTimes {
  const profile = parseProfile(text, options.path);
  const durationUs = Math.max(0, profile.endTime - profile.startTime);
  const selfUs = spendTime(profile, durationUs);
  const busy = new Map<string, { readonly frame: Frame; us: number }>();
  for (const { id, callFrame: frame } of profile.nodes) {
    const us = selfUs.get(id) ?? 0;
    if (frame.functionName === IDLE || us === 0) continue;
    const { functionName, url, lineNumber } = frame;
    busy.getOrInsertComputed(`${functionName}\n${url}\n${lineNumber}`, () => ({ frame, us: 0 })).us += us;
  }
  const busyUs = busy.values().reduce((sum, { us }) => sum + us, 0);
  return {
    durationMs: durationUs / 1000,
    busyMs: busyUs / 1000,
    samples: profile.samples.length,
    functions: busy.values().toArray().toSorted((a, b) => b.us - a.us).map(({ frame, us }) => ({
      name: frame.functionName === "" ? "(anonymous)" : frame.functionName,
      where: whereOf(frame, options.root),
      selfMs: us / 1000,
      share: us / busyUs,
    })),
  };
}

function parseProfile(text: string, path: string): RecordedProfile {
  const refuse = (reason: string): never => {
    throw new KitError("usage", `Cannot read "${path}" as a CPU profile: ${reason}`, { hint: HINT });
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(`it is no JSON, or cut off (${(error as SyntaxError).message})`);
  }
  const { success, data, error } = PROFILE.safeParse(value);
  return success ? data : refuse(z.prettifyError(error).split("\n").slice(0, 2).join(" ").replace(/^✖ /, ""));
}

/**
 * Give each sample the time until the next one, as DevTools does. V8 may write samples slightly out of order, so that a
 * delta is negative; they are sorted by time.
 */
function spendTime({ samples, timeDeltas }: RecordedProfile, durationUs: number): ReadonlyMap<number, number> {
  let at = 0;
  const moments = samples.map((id, index) => ({ id, at: at += timeDeltas[index]! })).toSorted((a, b) => a.at - b.at);
  const selfUs = new Map<number, number>();
  for (const [index, { id, at }] of moments.entries()) {
    const next = moments[index + 1]?.at ?? Math.max(durationUs, at);
    selfUs.set(id, (selfUs.get(id) ?? 0) + next - at);
  }
  return selfUs;
}

/** Say where a function is. Deno writes its lines in the TypeScript source. */
function whereOf({ functionName, url, lineNumber }: Frame, root: string): string {
  if (url === "") return PSEUDO[functionName] ?? "native";
  const line = lineNumber < 0 ? "" : `:${lineNumber + 1}`;
  return `${nearRoot(url, root)}${line}`;
}

function nearRoot(url: string, root: string): string {
  if (!url.startsWith("file:")) return url;
  try {
    const path = relative(root, fileURLToPath(url));
    return path.startsWith("..") ? fileURLToPath(url) : path;
  } catch {
    // A file of another system.
    return url;
  }
}
