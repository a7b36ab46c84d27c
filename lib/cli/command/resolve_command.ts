import { closest, KitError } from "../../base/mod.ts";
import { editDistance } from "../errors/edit_distance.ts";
import type { Command, LazyCommand } from "./command.ts";
import { mergeFlags } from "./merge_flags.ts";
import type { Program } from "./program.ts";

/** What a command line asks for. */
export type Request =
  | {
    /** Run a command, or show its help. */
    readonly type: "command" | "command-help";
    /** The command that was named, or the default one. */
    readonly command: Command | LazyCommand;
    /** The words without the verb. */
    readonly argv: readonly string[];
  }
  | {
    /** Show the program's help or version. */
    readonly type: "program-help" | "version";
  };

/**
 * Find the command that a command line means.
 *
 * The first word that is no global flag is the verb. If it is none, the default command gets all words; but a bare
 * word within one letter of a verb (two for verbs of six letters or more) is taken for a typing mistake, since a
 * download that nobody wanted is worse than one more try. So is a word that the program knows to be no argument.
 * `DEFAULT-VERB word` takes the word as it is.
 *
 * @param program The program
 * @param argv All words
 * @returns The command, or what else to show
 * @throws {KitError} `usage` for an unknown, mistyped or foreign verb
 */
export function resolveCommand(program: Program, argv: readonly string[]): Request {
  const [only] = program.commands;
  if (only !== undefined && program.commands.length === 1) return commandRequest(only, argv);
  const hasDefault = program.defaultCommand !== undefined;
  if ((argv.length === 0 && !hasDefault) || (argv[0] === "help" && argv.length === 1)) return { type: "program-help" };
  if (argv[0] === "--version") return { type: "version" };
  if (argv[0] === "help") return { ...findVerb(program, argv[1]!, []), type: "command-help" };

  const index = verbIndex(program, argv);
  const word = argv[index];
  const verb = program.commands.find((command) => command.name === word);
  if (verb !== undefined) return commandRequest(verb, argv.toSpliced(index, 1));
  const fallback = program.commands.find((command) => command.name === program.defaultCommand);
  // Help without a verb is about the program, even where a default command would run.
  if (wantsHelp(argv) && (word === undefined || word.startsWith("-"))) return { type: "program-help" };
  if (fallback !== undefined) {
    refuseForeign(program, word);
    refuseTypo(program, word);
    return commandRequest(fallback, argv);
  }
  if (word === undefined || word.startsWith("-")) {
    throw new KitError("usage", "Missing command: no verb is given", { hint: `See ${program.name} --help` });
  }
  return findVerb(program, word, argv);
}

function commandRequest(command: Command | LazyCommand, argv: readonly string[]): Request {
  // A command may use -h for something else; only the whole word is sure to mean help.
  const ownShort = !("load" in command) && command.flags?.some((flag) => flag.short === "h");
  const asked = ownShort ? wantsHelp(argv.filter((word) => word !== "-h")) : wantsHelp(argv);
  return { type: asked ? "command-help" : "command", command, argv };
}

function wantsHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  const words = end === -1 ? argv : argv.slice(0, end);
  return words.includes("--help") || words.includes("-h");
}

/** The place of the first word that is neither a global flag nor its value. */
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
    `Unknown command "${word}": ${near === undefined ? "no verb has this name" : `did you mean "${near}"?`}`,
    { hint: `See ${program.name} --help for all commands` },
  );
}

function refuseTypo(program: Program, word: string | undefined): void {
  if (word === undefined || !/^[a-z]{3,}(-[a-z]+)*$/i.test(word)) return;
  const near = closest(word, verbs(program));
  if (near === undefined || editDistance(word.toLowerCase(), near) > (near.length < 6 ? 1 : 2)) return;
  throw new KitError("usage", `Unknown command "${word}": did you mean "${near}"?`, { hint: meantHint(program, word) });
}

function refuseForeign(program: Program, word: string | undefined): void {
  const kind = word === undefined ? undefined : program.foreignWords?.get(word);
  if (kind === undefined) return;
  throw new KitError("usage", `Unknown command "${word}": ${kind}`, { hint: meantHint(program, word!) });
}

function meantHint(program: Program, word: string): string {
  const { name, defaultCommand, typoHint } = program;
  return typoHint?.(word) ?? `To pass it to "${defaultCommand}", write: ${name} ${defaultCommand} ${word}`;
}

function verbs(program: Program): string[] {
  return program.commands.filter((command) => !command.hidden).map((command) => command.name);
}
