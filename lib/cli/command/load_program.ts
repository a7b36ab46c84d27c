import { loadCommand } from "./load_command.ts";
import type { LoadedProgram, Program } from "./command.ts";

/**
 * Import all commands of a program, for completions and the manual page.
 *
 * @param program The program, with or without lazy commands
 * @returns A copy of the program with complete commands
 */
export async function loadProgram(program: Program): Promise<LoadedProgram> {
  return { ...program, commands: await Promise.all(program.commands.map(loadCommand)) };
}
