import { targetWord } from "../plan/target_name.ts";

/** How the list begins: with the command that reads it, as typed in its folder. */
const HEAD = "# civitai-dl download --from failed.txt";

/** Render the list: why nothing of each target came, by its word, below the choice of the run that failed last. */
export function renderFailedList(reasons: ReadonlyMap<string, string>, choiceWords: string): string {
  const text = [...reasons].map(([word, reason]) => `${word} # ${reason}`).join("\n");
  return `${HEAD}${choiceWords}\n${text}\n`;
}

/** Whether a list names a target; its user may have deleted the line. */
export function isListed(text: string, target: string): boolean {
  return text.includes(`\n${listWord(target)} # `);
}

/** Read the choice of the run that failed last from the head of a list, as words; empty if it has none. */
export function parseChoiceWords(text: string): string {
  const [first = ""] = text.split("\n");
  return first.startsWith(HEAD) ? first.slice(HEAD.length) : "";
}

/** Write the name of a target as a word that `--from` reads, or as a comment if there is no such word. */
export function listWord(target: string): string {
  return targetWord(target) ?? `# ${target.replaceAll(/\s+/g, " ")}`;
}
