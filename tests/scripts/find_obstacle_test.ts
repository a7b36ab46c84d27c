import { assertEquals } from "@std/assert";
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
const COMPARE_PHASES: EvidenceStep = {
  ...COMPARE,
  words: ["benchmark-compare", "--baseline", "phase-tag", "--downloads"],
  conditions: ["no-regression-over-phase"],
};

Deno.test("findObstacle() finds a missing tag of a phase, and a checkout on main, before hours are spent", () =>
  inRepository(async ({ root, git, write, commit }) => {
    const find = async (step: EvidenceStep) => {
      const sha = (await git("rev-parse", "HEAD")).trim();
      return await findObstacle(step, { folder: root, sha });
    };
    assertEquals(await find({ ...STEP, ofPhase1: [] }), null);
    assertEquals(await find(STEP), {
      conditions: ["speed-up-final"],
      reason: "no earlier commit has the tag of phase 1",
      hint: "deno task branch finish-phase 1 makes it",
    });
    assertEquals(await find(COMPARE), {
      conditions: ["no-regression"],
      reason: "it is on main",
      hint: "Check out a branch that is not merged, or compare with --baseline phase-tag",
    });
    assertEquals(await find(COMPARE_PHASES), {
      conditions: ["no-regression-over-phase"],
      reason: "no earlier commit has the tag of a phase",
      hint: "deno task branch finish-phase N makes it",
    });
    await git("tag", "v1.1.0-phase1");
    // The tag is this commit: nothing to compare.
    assertEquals((await find(STEP))?.conditions, ["speed-up-final"]);
    await git("switch", "-q", "-c", "performance/phase2");
    await write("b.txt", "two\n");
    await commit("two");
    assertEquals([await find(STEP), await find(COMPARE), await find(COMPARE_PHASES)], [null, null, null]);
  }));
