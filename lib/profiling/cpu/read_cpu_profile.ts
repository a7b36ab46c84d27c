import { KitError } from "../../base/mod.ts";
import { GrowingNumbers } from "../json/growing_numbers.ts";
import type { JsonReader } from "../json/json_reader.ts";
import { readJsonFile } from "../json/read_json_file.ts";
import type { CpuNode, CpuProfile } from "./cpu_profile.ts";

const HINT = "Record one with: civitai-dl profile -- COMMAND";

/** Members that only other kinds of files have, and what those are. */
const OTHER_KINDS: Readonly<Record<string, string>> = {
  traceEvents: "it is a trace of the Performance panel, not a CPU profile",
  head: "it is a CPU profile of V8 before version 6, with a tree instead of a list of nodes",
  snapshot: "it is a heap snapshot, not a CPU profile",
  profiles: "it is a profile of another tool (speedscope)",
};

/** A node as in the file. */
type RawNode = Omit<CpuNode, "selfUs" | "hits" | "children"> & {
  readonly id: number;
  readonly childIds: readonly number[];
};

/** Options of {@linkcode readCpuProfile}. */
export interface ReadCpuProfileOptions {
  /**
   * Its bytes, if they were read already, such as those of a pipe. Reading the file cannot be interrupted.
   *
   * @default {those of the file}
   */
  readonly bytes?: Uint8Array | undefined;
}

/**
 * Read a `.cpuprofile` file, as V8 writes it for `deno run --cpu-prof`, Node and Chrome DevTools. The file is read from
 * front to back, so that 100 MB of it do not have to be in memory at once.
 *
 * @param path The file
 * @param options Its bytes, if they were read already
 * @returns The profile
 * @throws {KitError} `usage` if there is no such file, or it is no CPU profile of a supported version
 */
export function readCpuProfile(path: string, options: ReadCpuProfileOptions = {}): CpuProfile {
  return readJsonFile(path, (reader) => readProfile(reader, path), { ...options, what: "a CPU profile", hint: HINT });
}

function readProfile(reader: JsonReader, path: string): CpuProfile {
  const raw: RawNode[] = [];
  const samples = new GrowingNumbers();
  const deltas = new GrowingNumbers();
  const times: Record<string, unknown> = {};
  const refuse = (reason: string): never => {
    throw new KitError("usage", `Cannot read "${path}": ${reason}`, { hint: HINT });
  };
  reader.object((key) => {
    if (Object.hasOwn(OTHER_KINDS, key)) refuse(OTHER_KINDS[key]!);
    if (key === "nodes") reader.array(() => raw.push(parseNode(reader.value()) ?? refuse("a node is malformed")));
    else if (key === "samples") reader.numbers((id) => samples.push(id));
    else if (key === "timeDeltas") reader.numbers((us) => deltas.push(us));
    else if (key === "startTime" || key === "endTime") times[key] = reader.value();
    else reader.skip();
  });
  const { startTime, endTime } = times;
  if (raw.length === 0) refuse('it has no "nodes", so it is not a CPU profile');
  if (typeof startTime !== "number" || typeof endTime !== "number") {
    return refuse('it has no "startTime" and "endTime"');
  }
  if (samples.length === 0) refuse("it has no samples");
  if (samples.length !== deltas.length) refuse(`it has ${samples.length} samples, but ${deltas.length} time deltas`);
  const places = new Map(raw.map(({ id }, index) => [id, index]));
  const indexOf = (id: number): number => places.get(id) ?? refuse(`there is no node ${id}`);
  const durationUs = Math.max(0, endTime - startTime);
  const spent = spendTime(samples, deltas, { indexOf, nodes: raw.length, durationUs });
  const nodes = raw.map(({ frame, childIds, ticks }, index) => ({
    frame,
    ticks,
    children: childIds.map(indexOf),
    selfUs: spent.selfUs[index]!,
    hits: spent.hits[index]!,
  }));
  if (!isTree(nodes)) refuse("its nodes are no tree");
  return { nodes, samples: samples.length, durationUs };
}

interface Spending {
  readonly indexOf: (id: number) => number;
  readonly nodes: number;
  readonly durationUs: number;
}

/**
 * Give each sample the time until the next one, as DevTools does. V8 may write samples slightly out of order, so that a
 * delta is negative; they are sorted by time. The deltas are replaced by times.
 */
function spendTime(samples: GrowingNumbers, deltas: GrowingNumbers, { indexOf, nodes, durationUs }: Spending) {
  const count = samples.length;
  const times = deltas;
  let now = 0;
  let isSorted = true;
  for (let index = 0; index < count; index++) {
    const delta = deltas.at(index);
    now += delta;
    times.set(index, now);
    if (delta < 0) isSorted = false;
  }
  const order = isSorted ? null : sortedIndexes(times);
  const selfUs = new Float64Array(nodes);
  const hits = new Uint32Array(nodes);
  for (let position = 0; position < count; position++) {
    const sample = order?.[position] ?? position;
    const following = order?.[position + 1] ?? position + 1;
    const start = times.at(sample);
    const next = position + 1 < count ? times.at(following) : Math.max(durationUs, start);
    const node = indexOf(samples.at(sample));
    selfUs[node]! += next - start;
    hits[node]!++;
  }
  return { selfUs, hits };
}

function sortedIndexes(times: GrowingNumbers): Uint32Array {
  const order = new Uint32Array(times.length);
  for (let index = 0; index < order.length; index++) order[index] = index;
  return order.sort((a, b) => times.at(a) - times.at(b));
}

function parseNode(value: unknown): RawNode | null {
  if (typeof value !== "object" || value === null) return null;
  const { id, callFrame, children = [], positionTicks = [] } = value as Record<string, unknown>;
  if (typeof id !== "number" || typeof callFrame !== "object" || callFrame === null) return null;
  const { functionName, url, lineNumber, columnNumber } = callFrame as Record<string, unknown>;
  if (typeof functionName !== "string" || typeof url !== "string") return null;
  if (typeof lineNumber !== "number" || typeof columnNumber !== "number") return null;
  if (!Array.isArray(children) || !children.every((child) => typeof child === "number")) return null;
  if (!Array.isArray(positionTicks)) return null;
  const ticks = positionTicks.filter(isTick).map((tick) => ({ line: tick.line, count: tick.ticks }));
  return { id, childIds: children, ticks, frame: { functionName, url, line: lineNumber, column: columnNumber } };
}

function isTick(value: unknown): value is { readonly line: number; readonly ticks: number } {
  if (typeof value !== "object" || value === null) return false;
  const { line, ticks } = value as Record<string, unknown>;
  return typeof line === "number" && typeof ticks === "number";
}

/** Whether each node is reached from the first one, once. */
function isTree(nodes: readonly CpuNode[]): boolean {
  const seen = new Uint8Array(nodes.length);
  const open = [0];
  let reached = 0;
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen[node] === 1) return false;
    seen[node] = 1;
    reached++;
    open.push(...nodes[node]!.children);
  }
  return reached === nodes.length;
}
