import { EXIT_CODES } from "./kit_error.ts";

/**
 * Exit codes of an unattended run that went as planned: 0, and 3, with which a limit that the user set (`--max-time`,
 * `--quota`) ended it. The next run continues there. The units of systemd, the pings of a dead man's switch, the record
 * of runs and its alerts count these and no others as success.
 */
export const SUCCESS_CODES: readonly number[] = [0, EXIT_CODES.inconclusive];

/**
 * Whether a run that ended with this exit code needs nobody.
 *
 * @param exitCode The exit code
 */
export function isSuccess(exitCode: number): boolean {
  return SUCCESS_CODES.includes(exitCode);
}
