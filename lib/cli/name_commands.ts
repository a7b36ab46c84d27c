/** How a reader starts a program: what stands in place of its name in the commands that a text names. */
export interface Invocation {
  /** The program's name, which texts use: `civitai-dl`. */
  readonly name: string;
  /** The names that are commands when they follow the program's name. */
  readonly commands: readonly string[];
  /** What stands before a command: `deno task` in a checkout. */
  readonly beforeCommand: string;
  /** What stands before a flag of the default command: `deno task download` in a checkout. */
  readonly beforeFlag: string;
  /** What stands before `--help` and `--version` of the whole program. */
  readonly program: string;
  /** The names that are tasks of a checkout when they follow the program's name: they are no commands elsewhere. */
  readonly tasks: readonly string[];
  /** What stands before such a task. */
  readonly beforeTask: string;
}

/** Rewrites the commands in a text into those that its reader can type; see {@linkcode nameCommands}. */
export type NameCommands = (text: string) => string;

/** Stands for any command in a text, such as `civitai-dl COMMAND --help`. */
const ANY_COMMAND = "COMMAND";

/**
 * Rewrite every command in a text into the one that the reader can type. Rooms and scripts write `civitai-dl verify`; in
 * a checkout, where no `civitai-dl` exists, this makes `deno task verify` of it.
 *
 * Only the program's name is replaced, and only where a command or a flag follows it. Paths, URLs and file names that
 * contain the name stay, and so does `npx civitai-dl`.
 *
 * @returns The text with other commands
 */
export function nameCommands(text: string, invocation: Invocation): string {
  if (!text.includes(invocation.name)) return text;
  return text.replaceAll(mentionOf(invocation.name), (mention: string, space: string, next: string) => {
    const start = replacementFor(next, invocation);
    return start === undefined ? mention : `${start}${space}${next}`;
  });
}

/**
 * Match a program's name where it stands alone, at most painted, with the word behind it, which help may have wrapped to
 * the next line. The groups are the space between them and that word.
 */
export function mentionOf(name: string): RegExp {
  const before = String.raw`(?<=^|\x1b\[\d+m|[^\w./\\@~-])(?<!npx )`;
  const next = String.raw`(--?[a-z][a-z-]*|\[options\]|[A-Za-z][A-Za-z-]*)(?![\w/-]|\.\w)`;
  return new RegExp(`${before}${RegExp.escape(name)}(\\s+)${next}`, "g");
}

function replacementFor(next: string, invocation: Invocation): string | undefined {
  if (next === "--help" || next === "--version") return invocation.program;
  if (next.startsWith("-") || next === "[options]") return invocation.beforeFlag;
  if (invocation.tasks.includes(next)) return invocation.beforeTask;
  return next === ANY_COMMAND || invocation.commands.includes(next) ? invocation.beforeCommand : undefined;
}
