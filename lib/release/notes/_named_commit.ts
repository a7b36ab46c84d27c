import type { ConventionalCommit } from "./conventional_commit.ts";

/** Words that every sentence has, so that they say nothing about what it is about. */
const FILLERS: ReadonlySet<string> = new Set(
  ("a all also an and are as at be before but by can do does each for from has have if in into is it its more no not of " +
    "on one only or out than that the their them then they this to what when where which who with without").split(" "),
);
/** Texts are in the languages of the project; the segments of the others are found by the same rules. */
const SEGMENTER = new Intl.Segmenter("en", { granularity: "word" });

/** An entry of a changelog as the set of its words. */
export type EntryWords = ReadonlySet<string>;

/**
 * Split the body of a changelog's section into the words of its entries. A heading belongs to no entry.
 *
 * @param body The body
 * @returns The words of each entry
 */
export function wordsOfEntries(body: string): readonly EntryWords[] {
  const text = body.split("\n").filter((line) => !line.startsWith("#")).join("\n");
  return text.split(/^(?=[-*] )/m).map((entry) => new Set(listWords(entry))).filter(({ size }) => size > 0);
}

/**
 * Return whether an entry names a commit: it has the commit's scope, or at least half of the words of its subject. A
 * rule that lets some through would hide what was forgotten, so a commit without such words is not named.
 *
 * @param entries The words of the entries
 * @param commit The commit
 * @returns Whether one of them names it
 */
export function isNamedByEntry(
  entries: readonly EntryWords[],
  { scope, subject }: Pick<ConventionalCommit, "scope" | "subject">,
): boolean {
  const words = new Set(listWords(subject));
  const ofScope = new Set(listWords(scope ?? ""));
  return entries.some((entry) => {
    if (ofScope.size > 0 && ofScope.isSubsetOf(entry)) return true;
    return words.size > 0 && words.intersection(entry).size * 2 >= words.size;
  });
}

/** List the words of a text in lower case, without fillers and the `s` of a plural or of a verb. */
function listWords(text: string): readonly string[] {
  return [...SEGMENTER.segment(text.toLowerCase())]
    .filter(({ isWordLike, segment }) => isWordLike && !FILLERS.has(segment))
    .map(({ segment }) => segment.replace(/(?<=\p{L}{3})s$/u, ""));
}
