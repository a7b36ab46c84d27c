import { EXIT_CODES } from "./kit_error.ts";

/**
 * What the end of an unattended run asks for: nothing (`success`), nothing now, although the run is not complete, since
 * somebody stopped it (`stopped`), or somebody's attention (`failure`).
 */
export type ExitVerdict = "success" | "stopped" | "failure";

/**
 * Exit codes of a run that went as planned: 0, and 3, with which a limit that the user set (`--max-time`, `--quota`)
 * ended it. The next run continues there.
 */
export const SUCCESS_CODES: readonly number[] = [0, EXIT_CODES.inconclusive];

/** Exit codes of a run that a signal stopped: SIGHUP, SIGINT, SIGTERM. */
export const STOP_CODES: readonly number[] = [129, 130, 143];

/**
 * Judge the exit code of an unattended run. The units of systemd, the pings of a dead man's switch, and the alerts about
 * runs all count by this table.
 */
export function judgeExit(exitCode: number): ExitVerdict {
  if (SUCCESS_CODES.includes(exitCode)) return "success";
  return STOP_CODES.includes(exitCode) ? "stopped" : "failure";
}
