import { PROBLEM_IDS, PROBLEMS, type ProblemText } from "../../lib/problems/mod.ts";

/** Path of the module that the live page imports. */
export const PAGE_PROBLEMS = "lib/monitor/page/problems_ja.js";

/** Problems that the page names; how a command ended is no name of a problem. */
const NAMED = PROBLEM_IDS.filter((id) => PROBLEMS[id].page !== "exit-codes");

/**
 * Write the Japanese texts about problems as a module of the live page, which cannot import the table.
 *
 * @returns The text of the module, not formatted
 */
export function pageProblems(): string {
  const table = (name: string, about: string, field: keyof ProblemText): string => {
    const texts = Object.fromEntries(NAMED.map((id) => [id, PROBLEMS[id].ja[field]]));
    return `/** ${about} */\nexport const ${name} = ${JSON.stringify(texts, null, 2)};\n`;
  };
  return [
    "// Written by `deno task docs` from the table of lib/problems; do not edit.\n",
    table("classes", "The titles of the problems in Japanese; a class of failure is one of them.", "title"),
    table("meanings", "What each problem means.", "meaning"),
    table("remedies", "What to do about each problem.", "remedy"),
  ].join("\n");
}
