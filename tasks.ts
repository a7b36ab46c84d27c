/**
 * The commands of a checkout: those of the program, and those that maintain the project. `deno task` runs each by its
 * script; nobody installs this.
 *
 * @module
 */
import type { Program } from "./lib/cli/mod.ts";
import { program } from "./cli.ts";
import { CHECKOUT_COMMANDS } from "./scripts/_checkout_commands.ts";

/** The program with the commands that need a checkout, each of which is a task of deno.json and a script. */
export const checkout: Program = {
  ...program,
  commands: [...program.commands, ...CHECKOUT_COMMANDS],
};
