import { messageOf } from "../../lib/base/mod.ts";
import { type Command, type LoadedProgram, mergeFlags, parseCommand, resolveCommand } from "../../lib/cli/mod.ts";
import { listInlineCommands, listShellBlocks, listShellCommands, type ShellCommand } from "../../checks/mod.ts";
import type { Task } from "./tasks.ts";

/** What the commands of a page are checked against. */
export interface DocumentedProgram {
  readonly program: LoadedProgram;
  /** Tasks of deno.json by name. */
  readonly tasks: Readonly<Record<string, Task>>;
}

/**
 * Check every `civitai-dl …` and `deno task …` of a page: the command or task exists, and the parser accepts its flags
 * and actions. What a command looks up when it runs is not checked. A command within a text may lack what it requires,
 * and may end with a flag whose value is left out; if the text begins with the verb, as in `download --user`, only the
 * names of its flags are checked.
 *
 * @returns One message for each wrong line
 */
export function checkDocumentedCommands(path: string, page: string, known: DocumentedProgram): readonly string[] {
  const problems: string[] = [];
  const collect = ({ line, words }: ShellCommand, check: (words: readonly string[]) => void): void => {
    try {
      check(words);
    } catch (error) {
      problems.push(`${path}:${line}: ${words.join(" ")}: ${messageOf(error)}`);
    }
  };
  for (const command of listShellBlocks(page).flatMap(listShellCommands)) {
    collect(command, (words) => parse(known, verbAndRest(words, known)));
  }
  for (const command of listInlineCommands(page)) {
    collect(command, (words) => {
      const isVerb = known.program.commands.some(({ name }) => name === words[0]) && words[1]?.startsWith("--");
      if (isVerb) checkFlagNames(known, words);
      else parseLoosely(known, verbAndRest(words, known));
    });
  }
  return problems;
}

/** Return the words from the verb on; none if they do not call the program. */
function verbAndRest(written: readonly string[], { program, tasks }: DocumentedProgram): readonly string[] {
  const words = withoutPrefix(written);
  if (/(^|\/)civitai-dl$/.test(words[0] ?? "")) return words.slice(1);
  const isDeno = words[0] === "deno" || (words[0] === "npx" && words.some((word) => word.startsWith("deno@")));
  const at = words.indexOf("task");
  if (!isDeno || at < 0 || at > 3) return [];
  const rest = words.slice(at + 1);
  const name = rest.findIndex((word, index) => !word.startsWith("-") && !WITH_VALUE.has(rest[index - 1] ?? ""));
  // A placeholder, such as COMMAND.
  if (name < 0 || /^[A-Z]+$/.test(rest[name]!)) return [];
  const task = rest[name]!;
  if (!Object.hasOwn(tasks, task)) throw new Error(`there is no task "${task}"`);
  return program.commands.some((command) => command.name === task) ? rest.slice(name) : [];
}

/** Flags of `deno task` that take a value. */
const WITH_VALUE: ReadonlySet<string> = new Set(["-c", "--config", "--cwd"]);

/** Remove `$`, variables, `sudo -u NAME`, `time` and `nohup` from the front. */
function withoutPrefix(words: readonly string[]): readonly string[] {
  const [first = "", ...rest] = words;
  if (first === "$" || /^\w+=/.test(first) || ["time", "nohup", "exec"].includes(first)) return withoutPrefix(rest);
  if (first === "sudo") return withoutPrefix(rest[0] === "-u" ? rest.slice(2) : rest);
  return words;
}

function parse({ program }: DocumentedProgram, words: readonly string[], adapt = (command: Command) => command): void {
  const request = resolveCommand(program, words);
  if (request.type !== "command") return;
  const command = program.commands.find(({ name }) => name === request.command.name)!;
  // Flags that may be in the configuration or the environment, such as a required one, are on the line as well.
  parseCommand(adapt(command), request.argv, { shared: program.flags });
}

function parseLoosely(known: DocumentedProgram, words: readonly string[]): void {
  const last = words.at(-1) ?? "";
  const isOpen = /^--[a-z]/.test(last) && last !== "--help" && !words.includes("--");
  if (isOpen) checkFlagNames(known, words);
  // N is a number in texts.
  const given = (isOpen ? words.slice(0, -1) : words).map((word) => word === "N" ? "1" : word);
  parse(known, given, (command) => ({
    ...command,
    flags: (command.flags ?? []).map((flag) => ({ ...flag, required: false })),
    args: (command.args ?? []).map((arg) => ({ ...arg, required: false })),
  }));
}

function checkFlagNames({ program }: DocumentedProgram, words: readonly string[]): void {
  const request = resolveCommand(program, words);
  if (request.type !== "command") return;
  const command = program.commands.find(({ name }) => name === request.command.name)!;
  const names = new Set(mergeFlags(command.flags ?? [], program.flags).map(({ name }) => name));
  for (const word of request.argv) {
    if (word === "--") return;
    const name = /^--([a-z][a-z-]*)/.exec(word)?.[1];
    if (name === undefined || names.has(name) || names.has(name.replace(/^no-/, ""))) continue;
    throw new Error(`there is no flag --${name}`);
  }
}
