import type { CpuAnalysis } from "./analyze_cpu_profile.ts";

/** How the share of a function or a group differs between two profiles. */
export interface ShareChange {
  /** Name of the function with its file, or of the group. */
  readonly name: string;
  /** Share of the busy time before. */
  readonly before: number;
  /** Share of the busy time after. */
  readonly after: number;
  /** Difference of the shares. */
  readonly difference: number;
  /** Difference that sampling alone explains: two standard errors. Two runs of the same code differ by more. */
  readonly noise: number;
  /** Whether the difference is larger than the noise of sampling. */
  readonly isBeyondNoise: boolean;
}

/** Two profiles, compared by shares of the busy time. */
export interface CpuComparison {
  /** Changes of groups, such as rooms. */
  readonly groups: readonly ShareChange[];
  /** Changes of functions. */
  readonly functions: readonly ShareChange[];
}

/**
 * Compare two profiles. Functions are matched by name and file, because lines move. The comparison is by share of the
 * busy time, because the times depend on the amount of work and on the machine.
 *
 * @param before The profile to compare with
 * @param after The profile in question
 * @returns The changes, largest difference first
 */
export function compareCpuProfiles(before: CpuAnalysis, after: CpuAnalysis): CpuComparison {
  const samples = { before: before.busySamples, after: after.busySamples };
  const groupShares = ({ groups }: CpuAnalysis) => groups.map(({ group, selfShare }) => [group, selfShare] as const);
  const functionShares = ({ functions }: CpuAnalysis) =>
    functions.map(({ name, file, selfShare }) => [file === "" ? name : `${name} (${file})`, selfShare] as const);
  return {
    groups: changes(groupShares(before), groupShares(after), samples),
    functions: changes(functionShares(before), functionShares(after), samples),
  };
}

type Shares = readonly (readonly [string, number])[];

function changes(
  old: Shares,
  now: Shares,
  samples: { readonly before: number; readonly after: number },
): readonly ShareChange[] {
  const [before, after] = [old, now].map((shares) => {
    const sums = new Map<string, number>();
    for (const [name, share] of shares) sums.set(name, (sums.get(name) ?? 0) + share);
    return sums;
  }) as [Map<string, number>, Map<string, number>];
  return [...new Set([...before.keys(), ...after.keys()])].map((name) => {
    const was = before.get(name) ?? 0;
    const is = after.get(name) ?? 0;
    const noise = 2 * Math.hypot(standardError(was, samples.before), standardError(is, samples.after));
    const difference = is - was;
    return { name, before: was, after: is, difference, noise, isBeyondNoise: Math.abs(difference) > noise };
  }).filter((change) => change.difference !== 0)
    .toSorted((a, b) => Math.abs(b.difference) - Math.abs(a.difference) || a.name.localeCompare(b.name));
}

/** Of a share among samples. A function without a sample may have had one, so that its error is not zero. */
function standardError(share: number, samples: number): number {
  const least = 1 / (samples + 2);
  const likely = Math.min(1 - least, Math.max(least, share));
  return samples === 0 ? 1 : Math.sqrt(likely * (1 - likely) / samples);
}
