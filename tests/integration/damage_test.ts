import { assertEquals } from "@std/assert";
import { runDamage } from "./scenarios/damage.ts";

Deno.test("verify --deep names every damaged file, repair fixes it, and the user's files stay unchanged", async () => {
  const figures = await runDamage({ creators: 3, modelsPerCreator: 16, share: 0.05, seed: 3 });
  const { codes, unnamed, namedWrongly, unmended, stillNamed, lostFiles, lostEdits, disturbed } = figures;
  assertEquals({ unnamed, namedWrongly, unmended, stillNamed, lostFiles, lostEdits, disturbed }, {
    unnamed: [],
    namedWrongly: [],
    unmended: [],
    stillNamed: [],
    lostFiles: [],
    lostEdits: [],
    disturbed: [],
  });
  assertEquals(codes, { download: 0, verify: 7, repair: 0, verifyAgain: 0, downloadAgain: 0 }, figures.stderr);
});
