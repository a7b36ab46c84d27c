import { KitError } from "../../base/mod.ts";
import type { ReleaseVersion } from "../versions/release_version.ts";

/** A line of versions, such as 1.1: what it is for, and what its releases must have passed. */
export interface ReleaseLine {
  /** Major and minor number, such as `1.1`. */
  readonly name: string;
  /** The phase that it completes; `null` for the line before phase 1, which only gets fixes. */
  readonly phase: string | null;
}

/** The lines of the project, the oldest first. Every one but the first follows a release of the one before it. */
export const RELEASE_LINES: readonly ReleaseLine[] = [
  { name: "1.0", phase: null },
  { name: "1.1", phase: "1" },
  { name: "1.2", phase: "2" },
  { name: "1.3", phase: "3" },
  { name: "2.0", phase: "4" },
];

/**
 * Find the line of a version.
 *
 * @param version A version of any stage
 * @returns Its line
 * @throws {KitError} `usage` if it is of no line
 */
export function lineOf({ base }: ReleaseVersion): ReleaseLine {
  const name = base.split(".").slice(0, 2).join(".");
  const line = RELEASE_LINES.find((one) => one.name === name);
  if (line !== undefined) return line;
  throw new KitError("usage", `Cannot release ${base}: there is no line ${name}`, {
    hint: `The lines are ${RELEASE_LINES.map((one) => `${one.name}.x`).join(", ")}`,
  });
}

/** Options of {@linkcode gateCommandOf}. */
export interface GateCommandOptions {
  /** Whether the quick conditions are enough, as for an alpha. */
  readonly isQuick: boolean;
  /** Absolute path of the folder of the reports; `null` for none. */
  readonly evidence: string | null;
}

/**
 * Return the command that a release of a line must pass: the gate of its phase, or the checks before phase 1.
 *
 * @param line The line
 * @param options Which conditions, and where the reports are
 * @returns Program and arguments
 */
export function gateCommandOf({ phase }: ReleaseLine, options: GateCommandOptions): readonly string[] {
  const { isQuick, evidence } = options;
  if (phase === null) return ["deno", "task", "checks"];
  const quick = isQuick ? ["--quick"] : [];
  const reports = evidence === null ? [] : ["--evidence", evidence];
  return ["deno", "task", "gate", "--phase", phase, ...quick, ...reports];
}
