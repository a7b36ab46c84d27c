import { posix } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { parseSiteMap, SITE_MAP_FILE } from "./site_map.ts";

/**
 * Check that the navigation of the site has every English page of docs/, and no page that does not exist.
 *
 * @throws {ConfigError} If the map is invalid
 * @throws {KitError} `failed` if a page is missing on either side
 */
export async function checkSiteMap(pages: readonly string[]): Promise<void> {
  const groups = parseSiteMap(await Deno.readTextFile(SITE_MAP_FILE));
  const listed = new Set(groups.flatMap((group) => group.pages.map((page) => posix.normalize(`docs/${page}`))));
  const english = pages.filter((page) => page.startsWith("docs/") && !page.startsWith("docs/ja/"));
  const problems = [
    ...english.filter((page) => !listed.has(page)).map((page) => `${page} is not in it`),
    ...[...listed].filter((page) => !pages.includes(page)).map((page) => `there is no ${page}`),
  ];
  if (problems.length === 0) return;
  throw new KitError("failed", `Cannot accept "${SITE_MAP_FILE}": ${problems.join("; ")}`, {
    hint: "List each page of docs/ once, in the group where a reader looks for it",
  });
}
