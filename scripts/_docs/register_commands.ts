import type { Command } from "../../lib/cli/mod.ts";
import { IN_API, IN_LIBRARY, IN_LOGS, IN_REPOSITORY, IN_SANDBOX } from "../_frame/command_index.ts";
import { type ListedCommands, scriptOf } from "./list_commands.ts";

const HEAD = "// Made from the scripts by `deno task docs`; do not edit.";

/**
 * Write a module that has commands as lazy ones: name, group and summary, and the import of the script.
 *
 * @param constant Its only export
 * @param text What the commands are, as a docstring
 */
export function commandsModule(constant: string, text: string, commands: readonly Command[]): string {
  const entries = commands.map((command) => {
    const { name, group, summary } = command;
    const facts = `name: ${quoted(name)}, group: ${quoted(group!)}, summary: ${quoted(summary)}`;
    return `{\n${facts}, load: async () => (await import("./${scriptOf(command)}")).command },`;
  });
  return [
    HEAD,
    `import type { LazyCommand } from "../lib/cli/mod.ts";`,
    `/** ${text} The module of a command is imported on first use, so that help starts fast. */`,
    `export const ${constant}: readonly LazyCommand[] = [`,
    ...entries,
    "];",
    "",
  ].join("\n");
}

/** The tables of {@linkcode commandIndex}, with what each says of its flag. */
const CARRIED = [
  ["IN_LIBRARY", IN_LIBRARY, "that names the library"],
  ["IN_LOGS", IN_LOGS, "that names the folder of logs"],
  ["IN_SANDBOX", IN_SANDBOX, "that replaces the site"],
  ["IN_API", IN_API, "that names the address of the API"],
  ["IN_REPOSITORY", IN_REPOSITORY, "that names the repository"],
] as const;

/**
 * Write the module that tells the frame about all commands, so that no command imports the others: their names, and the
 * flags that they share, whose `carriedTo` is one of these tables.
 *
 * @param tasks Names of the tasks that exist only in a checkout
 */
export function commandIndex({ program, checkout }: ListedCommands, tasks: readonly string[]): string {
  const all = [...program, ...checkout];
  const names = (commands: readonly Command[]) => commands.map(({ name }) => name);
  return [
    HEAD,
    listText("PROGRAM_NAMES", "The names of the program's commands.", names(program)),
    listText("COMMAND_NAMES", "The names of all commands, with those of a checkout.", names(all)),
    listText("CHECKOUT_TASK_NAMES", "The names of the tasks that exist only in a checkout.", tasks),
    ...CARRIED.map(([constant, table, text]) =>
      [
        `/** The flag ${text}, by command: \`carriedTo\` of each of them. */`,
        `export const ${constant}: Readonly<Record<string, string>> = {`,
        ...all.flatMap(({ name, flags = [] }) => {
          const flag = flags.find(({ carriedTo }) => carriedTo === table);
          return flag === undefined ? [] : [`${keyText(name)}: ${quoted(flag.name)},`];
        }),
        "};",
      ].join("\n")
    ),
    "",
  ].join("\n\n");
}

function listText(constant: string, text: string, words: readonly string[]): string {
  return `/** ${text} */\nexport const ${constant}: readonly string[] = [\n${
    words.map((word) => `${quoted(word)},\n`).join("")
  }];`;
}

function keyText(name: string): string {
  return /^\w+$/.test(name) ? name : quoted(name);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
