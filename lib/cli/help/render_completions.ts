import { bashCompletions } from "./_bash_completions.ts";
import { fishCompletions } from "./_fish_completions.ts";
import { zshCompletions } from "./_zsh_completions.ts";
import type { LoadedProgram } from "../command/program.ts";

/** A shell that completions exist for. */
export type Shell = "bash" | "zsh" | "fish";

/** All of them. */
export const SHELLS: readonly Shell[] = ["bash", "zsh", "fish"];

/**
 * Write a completion script: verbs, flags, choices, and files where a path is expected.
 *
 * @param program The program; `loadProgram` makes it from a lazy one
 * @param shell For which shell
 * @returns The script
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
