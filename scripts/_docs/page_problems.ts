import { FAILURE_CLASSES, PROBLEMS, type ProblemText } from "../../lib/problems/mod.ts";

/** Path of the module that the live page imports. */
export const PAGE_PROBLEMS = "lib/monitor/page/problems_ja.js";

/**
 * Write the Japanese texts about classes of failures as a module of the live page, which cannot import the table.
 *
 * @returns The text of the module, not formatted
 */
export function pageProblems(): string {
  const table = (name: string, about: string, field: keyof ProblemText): string => {
    const texts = Object.fromEntries(FAILURE_CLASSES.map((failure) => [failure, PROBLEMS[failure].ja[field]]));
    return `/** ${about} */\nexport const ${name} = ${JSON.stringify(texts, null, 2)};\n`;
  };
  return [
    "// Written by `deno task docs` from the table of lib/problems; do not edit.\n",
    table("classes", "The names of the classes of failure in Japanese.", "title"),
    table("meanings", "What each class means.", "meaning"),
    table("remedies", "What to do about each class.", "remedy"),
  ].join("\n");
}
