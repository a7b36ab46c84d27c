/** Prefix of the lines in standard error that report the cost. */
export const COST_MARK = "\u001ecost";

/**
 * Script that runs the command in its arguments and reports the cost on standard error, for systems without GNU time.
 * Processor time is measured by the shell itself. Memory is sampled every 50 ms, so a short peak right before the end
 * can be missed.
 */
export const MEASURING_SHELL = `
exec 3>&2
"$@" 3>&- &
pid=$!
{ while peak=$(grep VmHWM "/proc/$pid/status" 2>/dev/null); do echo "${COST_MARK} $peak" >&3; sleep 0.05; done; } &
wait "$pid"
code=$?
echo "${COST_MARK} times" >&3
times >&3
exit "$code"
`;

/** Standard error, split into the program's own text and the cost. */
export interface ReadCost {
  readonly stderr: string;
  readonly cpuSeconds: number | null;
  readonly peakRssBytes: number | null;
}

/** Parse the standard error of a program that ran under MEASURING_SHELL. */
export function readShellCost(text: string): ReadCost {
  const [output = "", times = ""] = text.split(`${COST_MARK} times\n`);
  const peakLine = new RegExp(`${COST_MARK} VmHWM:\\s+(\\d+) kB\n`, "g");
  const peaks = [...output.matchAll(peakLine)].map((match) => Number(match[1]) * 1024);
  // The last line is that of the child processes.
  const line = [...times.matchAll(/^(\d+)m([\d.]+)s (\d+)m([\d.]+)s$/gm)].at(-1)?.slice(1).map(Number);
  return {
    stderr: output.replaceAll(peakLine, ""),
    peakRssBytes: peaks.length === 0 ? null : Math.max(...peaks),
    cpuSeconds: line === undefined ? null : line[0]! * 60 + line[1]! + line[2]! * 60 + line[3]!,
  };
}

/** Parse the standard error of a program that ran under GNU time, which appends the cost. */
export function readTimeCost(text: string): ReadCost {
  const [stderr = "", figures] = text.split(`${COST_MARK} `);
  const [user, system, kib] = figures?.trim().split(" ").map(Number) ?? [];
  return {
    stderr,
    peakRssBytes: kib === undefined ? null : kib * 1024,
    cpuSeconds: user === undefined || system === undefined ? null : user + system,
  };
}
