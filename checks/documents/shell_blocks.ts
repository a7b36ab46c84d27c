import { proseLines } from "./markdown.ts";

/** A block of shell commands in a Markdown page. */
export interface ShellBlock {
  /** Number of its first line in the page, from 1. */
  readonly line: number;
  /** Whether a test runs it: the block begins with "```sh run". */
  readonly isRun: boolean;
  readonly script: string;
}

/** A simple command of a shell block, or of code within a text. */
export interface ShellCommand {
  /** Number of its line in the page, from 1. */
  readonly line: number;
  readonly words: readonly string[];
}

/** List the shell blocks of a page. */
export function listShellBlocks(page: string): readonly ShellBlock[] {
  const blocks: ShellBlock[] = [];
  const fences = /^( *)(`{3,})(\w*)([^\n`]*)\n([\s\S]*?)^ *\2`*[ \t]*$/gm;
  for (const { 1: indent, 3: language, 4: rest, 5: script, index } of page.matchAll(fences)) {
    if (!["sh", "bash", "shell", "console"].includes(language!)) continue;
    blocks.push({
      line: page.slice(0, index).split("\n").length + 1,
      isRun: rest!.trim() === "run",
      script: script!.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    });
  }
  return blocks;
}

/** List the simple commands of a block: the parts of pipes and lists, without redirections, comments and here documents. */
export function listShellCommands({ line: firstLine, script }: ShellBlock): readonly ShellCommand[] {
  const commands: ShellCommand[] = [];
  let words: string[] = [];
  let start = firstLine;
  let hereEnd: string | undefined;
  const end = () => {
    if (words.length > 0) commands.push({ line: start, words });
    words = [];
  };
  for (const [index, text] of script.split("\n").entries()) {
    if (hereEnd !== undefined) {
      if (text.trim() === hereEnd) hereEnd = undefined;
      continue;
    }
    if (words.length === 0) start = firstLine + index;
    let isContinued = false;
    for (const [token] of text.matchAll(TOKEN)) {
      if (token.startsWith("#")) break;
      if (token === "\\") isContinued = true;
      else if (/^[|&;()]/.test(token)) end();
      else if (/^\d*[<>]/.test(token)) hereEnd ??= /^<<-?\s*["']?(\w+)/.exec(token)?.[1];
      else words.push(token.replaceAll(/"([^"]*)"|'([^']*)'/g, "$1$2"));
    }
    if (!isContinued) end();
  }
  return commands;
}

/**
 * List the inline code of a page as commands. A span may continue on the next line. What is not a command, such as the
 * name of a file, is listed as well.
 */
export function listInlineCommands(page: string): readonly ShellCommand[] {
  const prose = [...proseLines(page)].map(({ line, isProse }) => isProse ? line : "").join("\n");
  return [...prose.matchAll(/(?<!`)`([^`]+)`(?!`)/g)].flatMap(({ 1: code, index }) => {
    const line = prose.slice(0, index).split("\n").length;
    return listShellCommands({ line, isRun: false, script: code!.replaceAll(/\s+/g, " ") });
  });
}

/** A redirection with its target, an operator, a comment, or a word with its quoted parts. */
const TOKEN =
  /\d*(?:<<-?|>>?|<)(?:&\d|\s*(?:"[^"]*"|'[^']*'|[^\s;|&()<>])+)|\|\||&&|;;?|[|&()]|#.*|\\$|(?:"[^"]*"|'[^']*'|\$\([^)]*\)|\$\{[^}]*\}|[^\s;|&()<>"'])+/g;
