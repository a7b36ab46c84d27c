import { bashCompletions } from "./_bash_completions.ts";
import { fishCompletions } from "./_fish_completions.ts";
import { zshCompletions } from "./_zsh_completions.ts";
import type { LoadedProgram } from "../command/command.ts";

/** A shell that `renderCompletions` supports. */
export type Shell = "bash" | "zsh" | "fish";

/** All supported shells. */
export const SHELLS: readonly Shell[] = ["bash", "zsh", "fish"];

/**
 * Generate a completion script that offers verbs, flags, choices, and files for paths.
 *
 * @param program The program; use `loadProgram` to import lazy commands
 * @param shell The shell that runs the script
 */
export function renderCompletions(program: LoadedProgram, shell: Shell): string {
  switch (shell) {
    case "bash":
      return bashCompletions(program);
    case "zsh":
      return zshCompletions(program);
    case "fish":
      return fishCompletions(program);
  }
}
