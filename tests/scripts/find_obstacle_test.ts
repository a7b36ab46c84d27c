import { assertEquals, assertStringIncludes } from "@std/assert";
import type { EvidenceStep } from "../../checks/mod.ts";
import { findObstacle } from "../../scripts/_bench/find_obstacle.ts";
import { inRepository } from "../helpers/repository/fixture_repository.ts";

const STEP: EvidenceStep = {
  id: "benchmark-phase-4",
  schema: "civitai-dl/benchmark-phase",
  words: ["benchmark", "--phase", "4"],
  conditions: ["benchmark", "speed-up-final"],
  demands: {},
  ofPhase1: ["speed-up-final"],
  estimateMs: 0,
  diskBytes: 0,
  isResumable: false,
  isLong: false,
  shortOf: null,
};
const COMPARE: EvidenceStep = {
  ...STEP,
  words: ["benchmark-compare", "--baseline", "merge-base", "--downloads"],
  conditions: ["no-regression"],
  demands: {},
  ofPhase1: [],
};

Deno.test("findObstacle() finds a missing tag of phase 1, and a checkout on main, before hours are spent", () =>
  inRepository(async ({ root, git, write, commit }) => {
    const find = async (step: EvidenceStep) => {
      const sha = (await git("rev-parse", "HEAD")).trim();
      return await findObstacle(step, { folder: root, sha, path: "reports/evidence/a.json" });
    };
    assertEquals(await find({ ...STEP, ofPhase1: [] }), null);
    assertEquals(await find(STEP), {
      conditions: ["speed-up-final"],
      reason: "no earlier commit has the tag of phase 1",
      hint: "deno task branch finish-phase 1 makes it",
    });
    const onMain = await find(COMPARE);
    assertEquals([onMain?.conditions, onMain?.reason], [["no-regression"], "it is on main"]);
    assertStringIncludes(
      onMain!.hint,
      "deno task benchmark-compare --baseline TAG --downloads --output reports/evidence/a.json",
    );
    await git("tag", "v1.1.0-phase1");
    // The tag is this commit: nothing to compare.
    assertEquals((await find(STEP))?.conditions, ["speed-up-final"]);
    await git("switch", "-q", "-c", "performance/phase2");
    await write("b.txt", "two\n");
    await commit("two");
    assertEquals([await find(STEP), await find(COMPARE)], [null, null]);
  }));
