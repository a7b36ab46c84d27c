import { assert } from "@std/assert";
import axe from "axe-core";
import type { BrowserPage } from "./browser_page.ts";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds wrong with the page that is open, with the elements. */
export async function axeViolations(page: BrowserPage): Promise<readonly string[]> {
  if (!await page.evaluate("typeof axe === 'object'")) await page.evaluate(`${axe.source}; true`);
  const { passed, broken } = await page.evaluate<{ passed: number; broken: string[] }>(
    `axe.run(document, { runOnly: { type: "tag", values: ${
      JSON.stringify(TAGS)
    } } }).then(({ passes, violations }) => ({
      passed: passes.length,
      broken: violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => id + ": " + node.html + " " + node.failureSummary)),
    }))`,
  );
  // It has looked at the page, not at an empty one.
  assert(passed > 15, `axe looked at ${passed} rules only`);
  return broken;
}
