import type { FlameFrame } from "../../report/mod.ts";
import { codePlace } from "./code_place.ts";
import type { CpuProfile } from "./cpu_profile.ts";
import { SourceLines } from "./source_lines.ts";

/** Options of {@linkcode flameOfCpuProfile}. */
export interface FlameOptions {
  /** Folder of the project. */
  readonly root: string;
  /** Lines of the sources. */
  readonly lines?: SourceLines | undefined;
}

/** A frame that is still being added to. */
interface OpenFrame {
  readonly name: string;
  readonly detail: string;
  readonly group: string;
  value: number;
  readonly children: OpenFrame[];
}

/**
 * Make a flame graph of a CPU profile, in milliseconds and without idle time. Calls of the same function by the same
 * caller are one frame.
 *
 * @param profile The profile
 * @param options The project, and the lines of its sources
 * @returns The root, which is the busy time
 */
export function flameOfCpuProfile({ nodes }: CpuProfile, options: FlameOptions): FlameFrame {
  const { root: folder, lines = new SourceLines(new Map(), []) } = options;
  const root: OpenFrame = { name: "busy time", detail: "", group: "", value: 0, children: [] };
  const byCaller = new Map<OpenFrame, Map<string, OpenFrame>>();
  const open: { readonly index: number; readonly callers: readonly OpenFrame[] }[] = [{ index: 0, callers: [root] }];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    const { frame, selfUs, children } = nodes[step.index]!;
    const { group, file } = codePlace(frame, folder);
    if (group === "idle") continue;
    const isRoot = frame.functionName === "(root)";
    const caller = step.callers.at(-1)!;
    const name = frame.functionName === "" ? "(anonymous)" : frame.functionName;
    const line = lines.lineOfFrame(frame);
    const detail = file === "" ? group : `${file}:${line}`;
    const siblings = byCaller.getOrInsertComputed(caller, () => new Map());
    const own = isRoot ? root : siblings.getOrInsertComputed(`${name}\n${detail}`, () => {
      const made: OpenFrame = { name, detail, group, value: 0, children: [] };
      caller.children.push(made);
      return made;
    });
    const callers = isRoot ? step.callers : [...step.callers, own];
    for (const one of callers) one.value += selfUs / 1000;
    for (const index of children) open.push({ index, callers });
  }
  return root;
}
