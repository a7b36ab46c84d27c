import { type LoadedProgram, parseCommand, resolveCommand } from "../../lib/cli/mod.ts";
import { listShellBlocks, listShellCommands } from "../../checks/mod.ts";
import type { Task } from "./tasks.ts";

/** What the commands of a page are checked against. */
export interface DocumentedProgram {
  readonly program: LoadedProgram;
  /** Tasks of deno.json by name. */
  readonly tasks: Readonly<Record<string, Task>>;
}

/**
 * Check every `civitai-dl …` and `deno task …` in the shell blocks of a page: the command or task exists, and the parser
 * accepts its flags and actions. What a command looks up when it runs is not checked.
 *
 * @param path Name of the page in messages
 * @param page The Markdown
 * @param known Commands and tasks
 * @returns One message for each wrong line
 */
export function checkDocumentedCommands(path: string, page: string, known: DocumentedProgram): readonly string[] {
  const problems: string[] = [];
  for (const { line, words } of listShellBlocks(page).flatMap(listShellCommands)) {
    try {
      checkWords(words, known);
    } catch (error) {
      problems.push(`${path}:${line}: ${words.join(" ")}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return problems;
}

function checkWords(written: readonly string[], { program, tasks }: DocumentedProgram): void {
  const words = withoutPrefix(written);
  if (/(^|\/)civitai-dl$/.test(words[0] ?? "")) return parse(program, words.slice(1));
  const isDeno = words[0] === "deno" || (words[0] === "npx" && words.some((word) => word.startsWith("deno@")));
  const at = words.indexOf("task");
  if (!isDeno || at < 0 || at > 3) return;
  const rest = words.slice(at + 1);
  const name = rest.findIndex((word) => !word.startsWith("-"));
  if (name < 0) return;
  const task = rest[name]!;
  if (!Object.hasOwn(tasks, task)) throw new Error(`there is no task "${task}"`);
  if (program.commands.some((command) => command.name === task)) parse(program, rest.slice(name));
}

/** Remove `$`, variables, `sudo -u NAME`, `time` and `nohup` from the front. */
function withoutPrefix(words: readonly string[]): readonly string[] {
  const [first = "", ...rest] = words;
  if (first === "$" || /^\w+=/.test(first) || ["time", "nohup", "exec"].includes(first)) return withoutPrefix(rest);
  if (first === "sudo") return withoutPrefix(rest[0] === "-u" ? rest.slice(2) : rest);
  return words;
}

function parse(program: LoadedProgram, words: readonly string[]): void {
  const request = resolveCommand(program, words);
  if (request.type !== "command") return;
  const command = program.commands.find(({ name }) => name === request.command.name)!;
  // Flags that may be in the configuration or the environment, such as a required one, are on the line as well.
  parseCommand(command, request.argv, { shared: program.flags });
}
