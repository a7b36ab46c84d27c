import { assert, assertEquals, assertMatch } from "@std/assert";
import { killRollbacks } from "./scenarios/rollback_kills.ts";
import { runsLongTests } from "../helpers/long_test.ts";

Deno.test({
  name: "rollback that is killed says where it stands, and is finished or taken back",
  ignore: !runsLongTests,
  fn: async () => {
    const figures = await killRollbacks({ every: 20, withPrograms: true });
    assert(figures.kills >= 3, JSON.stringify(figures));
    assertEquals(figures.problems, []);
    assertEquals(figures.forbidden, []);
    assertMatch(figures.statuses.join("\n"), /was interrupted/);
  },
});
