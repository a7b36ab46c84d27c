import { closest, editDistance, KitError } from "../../base/mod.ts";
import type { Command, LazyCommand, Program } from "./command.ts";
import { mergeFlags } from "./merge_flags.ts";

/** The action that a command line requests. */
export type Request =
  | {
    /** Whether to run the command or to show its help. */
    readonly type: "command" | "command-help";
    /** The named command, or the default one. */
    readonly command: Command | LazyCommand;
    /** The words without the verb. */
    readonly argv: readonly string[];
    /** Whether the help also lists rare flags, as requested by `--all`. */
    readonly isComplete?: boolean;
  }
  | {
    /** Whether to show the program's help or its version. */
    readonly type: "program-help" | "version";
  };

/**
 * Find the command that a command line refers to.
 *
 * The first word that is not a shared flag is the verb. If no command has this name, the default command receives all
 * words, with two exceptions. A word within one edit of a verb (two for verbs of six letters or more) is rejected as a
 * typo, because an unwanted download is worse than having to type again. A word of `Program.foreignWords` is rejected
 * as well. `DEFAULT-VERB word` bypasses both checks.
 *
 * @returns The command with its arguments, or a request for help or the version
 * @throws {KitError} `usage` for an unknown, mistyped or foreign verb
 */
export function resolveCommand(program: Program, argv: readonly string[]): Request {
  const [only] = program.commands;
  if (only !== undefined && program.commands.length === 1) return commandRequest(only, argv);
  const hasDefault = program.defaultCommand !== undefined;
  if ((argv.length === 0 && !hasDefault) || (argv[0] === "help" && argv.length === 1)) return { type: "program-help" };
  if (argv[0] === "--version") return { type: "version" };
  if (argv[0] === "help") {
    return { ...findVerb(program, argv[1]!, []), type: "command-help", isComplete: argv.includes("--all") };
  }

  const index = verbIndex(program, argv);
  const word = argv[index];
  const verb = program.commands.find((command) => command.name === word);
  if (verb !== undefined) return commandRequest(verb, argv.toSpliced(index, 1));
  const fallback = program.commands.find((command) => command.name === program.defaultCommand);
  // Without a verb, --help shows the program's help even if there is a default command.
  if (wantsHelp(argv) && (word === undefined || word.startsWith("-"))) return { type: "program-help" };
  if (fallback !== undefined) {
    rejectForeign(program, word);
    rejectTypo(program, word);
    return commandRequest(fallback, argv);
  }
  if (word === undefined || word.startsWith("-")) {
    throw new KitError("usage", "Missing command: none is given", { hint: `See ${program.name} --help` });
  }
  return findVerb(program, word, argv);
}

function commandRequest(command: Command | LazyCommand, argv: readonly string[]): Request {
  // A command may define -h with another meaning; --help always means help.
  const ownShort = !("load" in command) && command.flags?.some((flag) => flag.short === "h");
  const isHelpRequested = ownShort ? wantsHelp(argv.filter((word) => word !== "-h")) : wantsHelp(argv);
  return isHelpRequested
    ? { type: "command-help", command, argv, isComplete: argv.includes("--all") }
    : { type: "command", command, argv };
}

function wantsHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  const args = end === -1 ? argv : argv.slice(0, end);
  return args.includes("--help") || args.includes("-h");
}

/** The index of the first word that is neither a shared flag nor the value of one. */
function verbIndex(program: Program, argv: readonly string[]): number {
  const flags = mergeFlags([], program.flags);
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index]!;
    if (!word.startsWith("-")) return index;
    const flag = flags.find(({ name, short }) =>
      word === `--${name}` || word === `--no-${name}` || word.startsWith(`--${name}=`) || word === `-${short}`
    );
    if (flag === undefined) return index;
    if (flag.type !== "boolean" && !word.includes("=")) index++;
  }
  return argv.length;
}

function findVerb(
  program: Program,
  word: string,
  argv: readonly string[],
): Extract<Request, { type: "command" | "command-help" }> {
  const command = program.commands.find((candidate) => candidate.name === word);
  if (command !== undefined) return { type: "command", command, argv };
  const near = closest(word, verbs(program));
  throw new KitError(
    "usage",
    `Unknown command "${word}": ${near === undefined ? "no such command" : `did you mean "${near}"?`}`,
    { hint: `See ${program.name} --help for all commands` },
  );
}

function rejectTypo(program: Program, word: string | undefined): void {
  if (word === undefined || !/^[a-z]{3,}(-[a-z]+)*$/i.test(word)) return;
  const near = closest(word, verbs(program));
  if (near === undefined || editDistance(word.toLowerCase(), near) > (near.length < 6 ? 1 : 2)) return;
  throw new KitError("usage", `Unknown command "${word}": did you mean "${near}"?`, { hint: meantHint(program, word) });
}

function rejectForeign(program: Program, word: string | undefined): void {
  const kind = word === undefined ? undefined : program.foreignWords?.get(word);
  if (kind === undefined) return;
  throw new KitError("usage", `Unknown command "${word}": ${kind}`, { hint: meantHint(program, word!) });
}

function meantHint(program: Program, word: string): string {
  const { name, defaultCommand, typoHint } = program;
  return typoHint?.(word) ?? `To pass it to "${defaultCommand}", write: ${name} ${defaultCommand} ${word}`;
}

function verbs(program: Program): string[] {
  return program.commands.map((command) => command.name);
}
