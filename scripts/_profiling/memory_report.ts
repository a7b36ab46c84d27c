import { formatCount, formatDuration, formatSize, shell } from "../../lib/base/mod.ts";
import type { MemoryTestResult } from "../../lib/profiling/mod.ts";

/** Describe the memory after a repetition, in one line. */
export function describeRepetition(
  repetition: number,
  { heapUsed, external }: { readonly heapUsed: number; readonly external: number },
): string {
  return `Repetition ${repetition}: heap ${formatSize(heapUsed)}, external ${formatSize(external)}`;
}

/** Render the result of a memory test as text. */
export function renderMemoryTest(result: MemoryTestResult & { readonly work: string }): string {
  const { work, verdict, repetitions, durationMs, snapshots } = result;
  const lines = [
    `${verdict.toUpperCase()}: ${formatCount(repetitions, "repetition")} of ${work} in ${formatDuration(durationMs)}`,
    ...(["heap", "external"] as const).map((kind) => describeKind(result, kind)),
  ];
  return [
    `${lines.join("\n")}\n`,
    ...snapshots.length > 0 ? [`Snapshots: ${snapshots.join(", ")}\n`] : [],
    ...verdict === "fail" ? [nextOf(result)] : [],
  ].join("\n");
}

/** Lead to the end of a leak. A module is the user's own; a command is this program's, and its leak is a bug. */
function nextOf({ work, repetitions, snapshots }: MemoryTestResult & { readonly work: string }): string {
  const isModule = /^\S+\.(?:m?ts|m?js)$/.test(work);
  const places = snapshots.length > 0 ? "" : " --snapshots snapshots";
  const again = shell`civitai-dl memory-test --repeat ${repetitions}` + places +
    (isModule ? ` ${work}` : ` -- ${work}`);
  const look =
    `${snapshots.length > 0 ? "Compare the snapshots" : "Repeat the test with snapshots, and compare them"} ` +
    "in the Memory panel of Chrome DevTools: it shows which objects grow in number, and what keeps them";
  return isModule
    ? `${look}.\n→ ${again}\n`
    : `${look}. Report it with this text and the file of the first command; the second repeats the test:\n` +
      `→ civitai-dl debug-info --output debug.zip\n→ ${again}\n`;
}

function describeKind({ points, heap, external, repetitions }: MemoryTestResult, kind: "heap" | "external"): string {
  const judgement = kind === "heap" ? heap : external;
  const name = kind.padEnd(8);
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return `  ${name} not measured`;
  const values = [first, last].map((point) => formatSize(kind === "heap" ? point.heapUsed : point.external));
  const { isLeak, n, growth } = judgement;
  const span = `${values[0]} → ${values[1]}`;
  if (growth === null) {
    return `  ${name} ${span}: no verdict, because the judged part has only ${n} of the 20 measurements that it needs; ` +
      "50 repetitions are enough";
  }
  const perRepetition = growth.slopePerHour / 3_600_000 * (last.atMs / Math.max(1, repetitions));
  const rate = `${perRepetition < 0 ? "−" : "+"}${formatSize(Math.abs(perRepetition))} a repetition`;
  if (isLeak) return `  ${name} ${span}, ${rate}: leaks`;
  if (isLeak === null) {
    return `  ${name} ${span}, ${rate}: rises, but ${formatSize(growth.projected)} may be warm-up; repeat more often`;
  }
  const power = growth.detectable === null ? "" : `; a leak of ${formatSize(growth.detectable)} in all would show`;
  return `  ${name} ${span}, ${rate}: no leak${power}`;
}
