import type { Command } from "./command.ts";
import type { Program } from "./program.ts";

/**
 * A program that has this one command only, for a script that is run by itself.
 *
 * @param target A command, or a program, which is returned as it is
 * @returns A program
 */
export function asProgram(target: Program | Command): Program {
  if ("commands" in target) return target;
  return {
    name: "civitai-dl",
    version: "",
    summary: target.summary,
    commands: [target],
    defaultCommand: target.name,
  };
}
