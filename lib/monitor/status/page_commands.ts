/** Commands that texts of the live page name. */
const PAGE_COMMANDS = [
  "alerts",
  "analyze-errors",
  "config",
  "doctor",
  "download",
  "failsafe",
  "list",
  "monitor",
  "repair",
  "rollout",
  "tune-timeouts",
  "verify",
] as const;

/**
 * Say how the reader starts the commands that the live page names.
 *
 * @param nameCommands Rewrites the commands in a text, as it does for all output of the program
 * @returns What to type, by the name of the command
 */
export function sayPageCommands(nameCommands: (text: string) => string): Readonly<Record<string, string>> {
  return Object.fromEntries(PAGE_COMMANDS.map((name) => [name, nameCommands(`civitai-dl ${name}`)]));
}
