import { assertEquals, assertMatch } from "@std/assert";

/** What is the same in every language: commands, flags, paths, hosts, times, units, names of programs and of modes. */
const NAMES = [
  /→ .*/g,
  /"[^"]*"/g,
  /https?:\/\/\S+/g,
  /\d{4}-\d\d-\d\dT[\d:.]+Z/g,
  /\bcivitai-dl [\d.]+/g,
  /\b(?:civitai-dl|deno task) [a-z][a-z-]*(?: [a-z]+| --?[a-z-]+| [A-Z][A-Z]+)*/g,
  /--[a-z][\w-]*/g,
  /\/[\w./-]+|\b[\w-]+(?:\.[\w-]+)+(?::\d+)?/g,
  /\b(?:user|storage|API|CPU|SHA-256|HTTP|TLS|DNS|Deno|Civitai|SQLite|OS|Ctrl-C|kill -[A-Z]+(?: \d+)?|[KMGT]iB|MB|turbo|parallel|resilient|stable|paused)\b/g,
  /\b[A-Z][A-Z]+(?:_[A-Z]+)*\b/g,
];

/**
 * Check that a text for a Japanese reader has Japanese words, and English ones only where they are names.
 *
 * @param text The text
 * @param known Other names that the text may contain
 */
export function assertJapanese(text: string, known: readonly string[] = []): void {
  assertMatch(text, /[ぁ-んァ-ヶ一-龠]/);
  const longest = known.toSorted((a, b) => b.length - a.length);
  const withoutPaths = longest.filter((name) => /[\/:]/.test(name)).reduce(
    (left, name) => left.replaceAll(name, " "),
    text,
  );
  const named = NAMES.reduce((left, pattern) => left.replaceAll(pattern, " "), withoutPaths);
  const rest = longest.reduce((left, name) => left.replaceAll(name, " "), named);
  assertEquals([text, rest.match(/[A-Za-z]{2,}/g)], [text, null]);
}
