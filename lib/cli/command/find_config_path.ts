import type { Env } from "../../base/mod.ts";
import { bindArguments } from "./_bind_arguments.ts";
import type { Flag } from "./flag.ts";

/**
 * Find the path of the configuration file, which is needed before all other flags, because it may set any of them.
 *
 * @returns The path as given by `--config` or by its variable; `undefined` without either
 */
export function findConfigPath(argv: readonly string[], flags: readonly Flag[], env: Env): string | undefined {
  const given = bindArguments(argv, flags).texts.get("config")?.at(-1);
  if (given !== undefined) return given;
  const variable = flags.find((flag) => flag.name === "config")?.env;
  return variable === undefined ? undefined : env(variable);
}
