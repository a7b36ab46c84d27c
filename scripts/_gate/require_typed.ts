import { KitError } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";

/**
 * Refuse flags that a configuration file sets. What is judged may bring such a file, and would choose by what.
 *
 * @param context The sources of the flags
 * @param names The flags that must be on the command line, or have their default
 * @throws {KitError} `usage` for the first other one
 */
export function requireTyped({ sourceOf }: Pick<CommandContext, "sourceOf">, names: readonly string[]): void {
  const set = names.find((name) => !["flag", "default", undefined].includes(sourceOf(name)));
  if (set === undefined) return;
  throw new KitError("usage", `Cannot take "${set}" from a configuration file: it decides what the gate judges`, {
    hint: `Remove it from the file, and give --${set} on the command line`,
  });
}
