import { join } from "node:path";

/**
 * A program with a function that takes nearly all of its time, in line 8, below types that vanish in JavaScript.
 */
export const HOT_PROGRAM = `/** A comment
 * of several lines.
 */
interface Shape {
  readonly count: number;
}

export function hotLoop({ count }: Shape): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < 1000; j++) sum += Math.sqrt(i + j) % 7;
  }
  return sum;
}

function coldLoop(): number {
  let sum = 0;
  for (let i = 0; i < 1000; i++) sum += i;
  return sum;
}

class Runner {
  run(count: number): number {
    let sum = coldLoop();
    for (let round = 0; round < 20; round++) sum += hotLoop({ count });
    return sum;
  }
}

new Runner().run(Number(Deno.args[0] ?? 2_000));
`;

/** Record a profile of {@linkcode HOT_PROGRAM}, as hot.cpuprofile of a folder; the program is hot.ts. */
export async function recordHotProfile(folder: string): Promise<string> {
  const program = join(folder, "hot.ts");
  await Deno.writeTextFile(program, HOT_PROGRAM);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "--no-config",
      "--cpu-prof",
      `--cpu-prof-dir=${folder}`,
      "--cpu-prof-name=hot.cpuprofile",
      program,
    ],
    cwd: folder,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return join(folder, "hot.cpuprofile");
}

/** A node as in the file. */
export interface MadeNode {
  readonly id: number;
  readonly name: string;
  readonly url?: string;
  readonly line?: number;
}

/** Make the text of a CPU profile. */
export function profileText(
  nodes: readonly MadeNode[],
  samples: readonly number[],
  timeDeltas: readonly number[],
): string {
  return JSON.stringify({
    nodes: nodes.map(({ id, name, url = "", line = -1 }) => ({
      id,
      callFrame: { functionName: name, scriptId: "0", url, lineNumber: line, columnNumber: 0 },
      hitCount: 0,
    })),
    startTime: 1000,
    endTime: 1000 + timeDeltas.reduce((sum, delta) => sum + delta, 0) + 100,
    samples,
    timeDeltas,
  });
}
