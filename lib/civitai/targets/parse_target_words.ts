import { createRedactor, KitError } from "../../base/mod.ts";
import { parseTarget } from "./parse_target.ts";
import type { Target } from "./target.ts";

/** Longest word that is read, in characters. */
const MAX_WORD = 2048;
/** Longest part of a word that a problem repeats, in characters. */
const MAX_SHOWN = 120;
/** Parameters of an address that grant access. */
const SECRET_PARAMETER = /token|key|secret|password|signature|credential|^sig$/i;

/** A word that is no usable target. */
export interface WordProblem {
  /** The word, shortened; its place, such as `word 3`, if it has a secret. */
  readonly target: string;
  /** Why it cannot be used, without the secret. */
  readonly message: string;
}

/** The result of {@linkcode parseTargetWords}. */
export interface TargetWords {
  /** The usable words, in order, including repeats. */
  readonly targets: readonly Target[];
  /** The others, in order. */
  readonly problems: readonly WordProblem[];
}

/** Options of {@linkcode parseTargetWords}. */
export interface ParseTargetWordsOptions {
  /** Hosts that count as Civitai in addition to its own. */
  readonly hosts?: readonly string[] | undefined;
}

/**
 * Parse targets that a person pasted: separated by spaces, commas, semicolons or lines, with comments as in a list of
 * targets. A bad word is a problem of its own. An address with a token or a password is refused, without being
 * repeated: what is kept of a request may be shown to others.
 *
 * @param texts What was pasted, in one piece or several
 * @param options Additional hosts
 * @returns The targets in order, including repeats, and the problems
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseTargetWords } from "@civitai-dl/civitai-dl/civitai";
 *
 * const { targets, problems } = parseTargetWords(["1, user:alice # my friend\nhttps://civitai.com/models/2 a/b"]);
 * assertEquals(targets.map(({ type }) => type), ["model", "user", "model"]);
 * assertEquals(problems.map(({ target }) => target), ["a/b"]);
 * ```
 */
export function parseTargetWords(texts: readonly string[], options: ParseTargetWordsOptions = {}): TargetWords {
  const targets: Target[] = [];
  const problems: WordProblem[] = [];
  for (const [index, word] of texts.flatMap(splitText).entries()) {
    try {
      assertNoSecret(word);
      targets.push(parseTarget(word, options));
    } catch (error) {
      if (!(error instanceof KitError)) throw error;
      const target = hasSecret(word) ? `word ${index + 1}` : shorten(word);
      problems.push({ target, message: error.message });
    }
  }
  return { targets, problems };
}

function splitText(text: string): readonly string[] {
  return text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/)
    .map((line) => line.replace(/(^|\s)#.*$/, ""))
    .flatMap((line) => line.split(/[\s、，；]+/))
    .flatMap(splitChunk)
    .map((word) => word.replace(/^[<"']+|[>"']+$/g, ""))
    .filter((word) => word !== "");
}

/** Split at commas, but not within an address: what follows a comma there would be read as an id. */
function splitChunk(chunk: string): readonly string[] {
  return chunk.split(/[,;]+(?=https?:\/\/)/i).flatMap((part) =>
    /^[<"']*https?:\/\//i.test(part) ? [part.replace(/[,;]+$/, "")] : part.split(/[,;]+/)
  );
}

function assertNoSecret(word: string): void {
  if (word.length > MAX_WORD) {
    throw new KitError("usage", `Cannot use the word: it has ${word.length} characters, more than ${MAX_WORD}`);
  }
  if (!hasSecret(word)) return;
  throw new KitError("usage", "Cannot use the word: it has a token, a password or a signature; take that out");
}

/** Whether a word is an address that grants access, or has the form of a secret itself. */
function hasSecret(word: string): boolean {
  const short = word.slice(0, MAX_WORD);
  const url = URL.parse(short);
  if (url !== null && (url.username !== "" || url.password !== "")) return true;
  const names = [...new URLSearchParams(short.split(/[?#]/).slice(1).join("&")).keys()];
  return names.some((name) => SECRET_PARAMETER.test(name)) || createRedactor()(short) !== short;
}

function shorten(word: string): string {
  return word.length > MAX_SHOWN ? `${word.slice(0, MAX_SHOWN)}…` : word;
}
