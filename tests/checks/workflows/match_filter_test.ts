import { assertEquals } from "@std/assert";
import { matchFilter } from "../../../checks/workflows/match_filter.ts";

/** Patterns, names that match and names that do not; from GitHub's cheat sheet of filter patterns. */
const CASES: readonly (readonly [readonly string[], readonly string[], readonly string[]])[] = [
  [["feature/*"], ["feature/my-branch", "feature/"], ["feature/beta-a/my-branch", "features/x"]],
  [["feature/**"], ["feature/beta-a/my-branch", "feature/x"], ["feature"]],
  [["*"], ["main", "v1.0"], ["all/the/branches"]],
  [["**"], ["all/the/branches", "main"], []],
  [["*feature"], ["mona-feature", "feature"], ["feature-x"]],
  [["v2*"], ["v2", "v2.0", "v2.9"], ["v1.2"]],
  [["v[12].[0-9]+.[0-9]+"], ["v1.10.1", "v2.0.0"], ["v3.0.0", "v1.1", "v1.1.1-rc.1"]],
  [["releases/**", "!releases/**-alpha"], ["releases/10", "releases/beta/mona"], ["releases/10-alpha"]],
  [["!main", "**"], ["main"], []],
  [["v?"], ["v", ""], ["vv"]],
  [["a.b"], ["a.b"], ["axb"]],
  [[], [], ["main"]],
];
for (const [patterns, fit, others] of CASES) {
  Deno.test(`matchFilter() ${JSON.stringify(patterns)}`, () => {
    for (const name of fit) assertEquals(matchFilter(patterns, name), true, name);
    for (const name of others) assertEquals(matchFilter(patterns, name), false, name);
  });
}
