import { formatArg } from "./_format_arg.ts";
import type { Command, Program } from "../command/command.ts";

/**
 * Render the usage line of a command, such as `civitai-dl verify [options] [FOLDER...]`.
 *
 * @param program The program, whose name precedes the verb unless both are the same
 * @returns The usage line, without a line break
 */
export function usageLine(command: Command, program?: Program): string {
  const name = program === undefined || program.name === command.name
    ? command.name
    : `${program.name} ${command.name}`;
  const args = (command.args ?? []).map((spec) => spec.required ? formatArg(spec) : `[${formatArg(spec)}]`);
  return [name, "[options]", ...args].join(" ");
}
