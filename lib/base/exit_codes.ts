/** Kind of a failure. Each kind has one exit code; see {@linkcode EXIT_CODES}. */
export type ErrorCode =
  | "failed"
  | "usage"
  | "inconclusive"
  | "unsafe"
  | "auth"
  | "network"
  | "integrity"
  | "interrupted";

/** An exit code. */
export interface Exit {
  /** The number. */
  readonly code: number;
  /** What it means, as help says it. */
  readonly note: string;
  /** Whether any command can end with it: the system may refuse any file that is read or written. */
  readonly isCommon: boolean;
}

/** The exit code of each kind of failure, in the order of their numbers; 0 is no failure. */
export const EXITS: Readonly<Record<ErrorCode, Exit>> = {
  failed: { code: 1, note: "At least one requested operation failed", isCommon: true },
  usage: { code: 2, note: "Invalid usage or configuration", isCommon: true },
  inconclusive: { code: 3, note: "Inconclusive: not enough evidence", isCommon: false },
  unsafe: { code: 4, note: "Stopped by a safety check", isCommon: true },
  auth: { code: 5, note: "Login or permission required", isCommon: true },
  network: { code: 6, note: "Network or service unavailable", isCommon: false },
  integrity: { code: 7, note: "Integrity check failed: content is not as expected", isCommon: false },
  interrupted: { code: 130, note: "Interrupted; the report was still printed", isCommon: true },
};

/** The kind of every failure of the local disk: it is full, or rejects a read or a write. */
export const DISK_CODE: ErrorCode = "unsafe";

/** Exit code for each kind of failure, as listed by `--help`. */
export const EXIT_CODES: Readonly<Record<ErrorCode, number>> = Object.fromEntries(
  Object.entries(EXITS).map(([kind, { code }]) => [kind, code]),
) as Record<ErrorCode, number>;

/** The signals that ask a run to stop, and the exit code of each. */
export const INTERRUPT_CODES: Readonly<Partial<Record<Deno.Signal, number>>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGBREAK: 130,
  SIGTERM: 143,
};

/** Exit codes of a run that a signal stopped. */
export const STOP_CODES: readonly number[] = [...new Set(Object.values(INTERRUPT_CODES))];

/**
 * Exit codes of a run that went as planned: 0, and 3, with which a limit that the user set (`--max-time`, `--quota`)
 * ended it. The next run continues there.
 */
export const SUCCESS_CODES: readonly number[] = [0, EXIT_CODES.inconclusive];

/**
 * What the end of an unattended run asks for: nothing (`success`), nothing now, although the run is not complete, since
 * somebody stopped it (`stopped`), or somebody's attention (`failure`).
 */
export type ExitVerdict = "success" | "stopped" | "failure";

/**
 * Judge the exit code of an unattended run. The units of systemd, the pings of a dead man's switch, and the alerts about
 * runs all count by this table.
 */
export function judgeExit(exitCode: number): ExitVerdict {
  if (SUCCESS_CODES.includes(exitCode)) return "success";
  return STOP_CODES.includes(exitCode) ? "stopped" : "failure";
}
