import type { ArgSpec } from "../command/command.ts";

/** Format an argument for help, such as `TARGET`, or `TARGET...` if it takes all remaining words. */
export function formatArg(spec: ArgSpec): string {
  return spec.multiple ? `${spec.name}...` : spec.name;
}
