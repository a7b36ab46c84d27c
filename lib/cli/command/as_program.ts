import type { Command } from "./command.ts";
import type { Program } from "./program.ts";

/**
 * Wrap a single command in a program named `civitai-dl` without a version, for a script that is run directly.
 *
 * @param target A command to wrap, or a program, which is returned unchanged
 * @returns The program, with the command as its default
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
