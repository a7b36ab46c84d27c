import { loadCommand } from "./load_command.ts";
import type { LoadedProgram, Program } from "./program.ts";

/**
 * Import all commands of a program, as completions and the manual page need them.
 *
 * @param program The program
 * @returns The same, with every command at hand
 */
export async function loadProgram(program: Program): Promise<LoadedProgram> {
  return { ...program, commands: await Promise.all(program.commands.map(loadCommand)) };
}
