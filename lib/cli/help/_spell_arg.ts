import type { ArgSpec } from "../command/command.ts";

/** An argument as help writes it: `TARGET...` when it takes all that follow. */
export function spellArg(spec: ArgSpec): string {
  return spec.multiple ? `${spec.name}...` : spec.name;
}
