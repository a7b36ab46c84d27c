import type { Env } from "../../base/mod.ts";

/** What {@linkcode decideColor} decides by. */
export interface DecideColorOptions {
  /** `--color` or `--no-color`, if given. */
  readonly flag?: boolean | undefined;
  /** The environment. */
  readonly env: Env;
  /** Whether a person reads the stream. */
  readonly isTerminal: boolean;
}

/**
 * Decide whether to write colours: the flag wins, then NO_COLOR, then FORCE_COLOR, then whether it is a terminal.
 *
 * @param options Flag, environment, stream
 * @returns Whether colours are wanted
 */
export function decideColor(options: DecideColorOptions): boolean {
  const { flag, env, isTerminal } = options;
  if (flag !== undefined) return flag;
  if (env("NO_COLOR")) return false;
  const forced = env("FORCE_COLOR");
  if (forced) return forced !== "0";
  return isTerminal && env("TERM") !== "dumb";
}
