import { assert, assertEquals, assertMatch } from "@std/assert";
import { killRollbacks } from "./scenarios/rollback_kills.ts";

Deno.test("rollback that is killed says where it stands, and is finished or taken back", async () => {
  const figures = await killRollbacks({ every: 9, withPrograms: true });
  assert(figures.kills >= 8, JSON.stringify(figures));
  assertEquals(figures.problems, []);
  assertEquals(figures.forbidden, []);
  assertMatch(figures.statuses.join("\n"), /was interrupted/);
});
