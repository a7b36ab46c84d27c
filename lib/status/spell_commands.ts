/** A command that a text names as the program's rooms write it: `civitai-dl doctor`, but no path and no `civitai-dl.yml`. */
const MENTION = /(?<![\w./\\@~-])civitai-dl ([a-z][a-z-]*)(?![\w/-]|\.\w)/g;

/**
 * Write the commands of a text as the reader starts them, as the monitor says: `deno task doctor` in a checkout. A
 * command that the monitor does not name stays.
 */
export function spellCommands(text: string, commands: Readonly<Record<string, string>>): string {
  return text.replaceAll(MENTION, (mention, verb: string) => Object.hasOwn(commands, verb) ? commands[verb]! : mention);
}
