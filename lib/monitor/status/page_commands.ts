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
 * Find out what the reader types to start the commands that the live page names.
 *
 * @param nameCommands Rewrites the commands in a text into those that the reader can type
 * @returns What to type, by the name of the command
 */
export function namePageCommands(nameCommands: (text: string) => string): Readonly<Record<string, string>> {
  return Object.fromEntries(PAGE_COMMANDS.map((name) => [name, nameCommands(`civitai-dl ${name}`)]));
}
