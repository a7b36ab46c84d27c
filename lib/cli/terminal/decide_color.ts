import type { Env } from "../../base/mod.ts";

/** Options of {@linkcode decideColor}. */
export interface DecideColorOptions {
  /** `true` for `--color`, `false` for `--no-color`; `undefined` if neither is given. */
  readonly flag?: boolean | undefined;
  /** Reads `NO_COLOR`, `FORCE_COLOR` and `TERM`. */
  readonly env: Env;
  /** Whether the stream is a terminal. */
  readonly isTerminal: boolean;
}

/**
 * Decide whether to write colors. The flag has precedence, then `NO_COLOR`, then `FORCE_COLOR`. Otherwise a terminal
 * gets colors unless `TERM` is `dumb`.
 */
export function decideColor(options: DecideColorOptions): boolean {
  const { flag, env, isTerminal } = options;
  if (flag !== undefined) return flag;
  if (env("NO_COLOR")) return false;
  const forced = env("FORCE_COLOR");
  if (forced) return forced !== "0";
  return isTerminal && env("TERM") !== "dumb";
}
