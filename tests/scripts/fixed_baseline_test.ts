import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { findFixedBaseline } from "../../scripts/_bench/fixed_baseline.ts";
import { inRepository } from "../helpers/repository/fixture_repository.ts";

Deno.test("findFixedBaseline() finds where the target left main, and tells it from other commits", () =>
  inRepository(async ({ root, git, write, commit }) => {
    const base = (await git("rev-parse", "HEAD")).trim();
    await git("switch", "-q", "-c", "feature/x");
    await write("a.txt", "two\n");
    await commit("two");
    await git("switch", "-q", "main");
    await write("b.txt", "three\n");
    await commit("three");
    const find = (baseline: string, target = "feature/x") => findFixedBaseline({ folder: root, baseline, target });
    assertEquals(await find("merge-base"), { ref: base, kind: "merge-base", phaseBefore: null });
    assertEquals((await find(base)).kind, "merge-base");
    // Main itself has moved on.
    assertEquals(await find("main"), { ref: "main", kind: "other", phaseBefore: null });
    await assertRejects(() => find("merge-base", "main"), Error, "it is on main");
    await assertRejects(() => find("nothing"), Error, 'Cannot find "nothing"');
  }));

Deno.test("findFixedBaseline() takes of the tags of phases only the nearest before the target", () =>
  inRepository(async ({ root, git, write, commit }) => {
    const bare = join(root, "..", "bare.git");
    await git("init", "-q", "--bare", bare);
    const step = async (tag: string) => {
      await write("a.txt", tag);
      await commit(tag);
      await git("tag", "-a", "-m", tag, tag);
    };
    await step("v1.1.0-phase1");
    // Named later, and put on the same old commit.
    await git("tag", "v9.9.9-phase9");
    await step("v1.2.0-phase2");
    await step("v1.2.1");
    await git("switch", "-q", "-c", "other");
    await step("v1.8.0-phase8");
    await git("switch", "-q", "main");
    await step("v1.3.0-phase3");
    await git("push", "-q", "--tags", bare, "main");
    await git("clone", "-q", "-b", "main", bare, join(root, "..", "clone"));
    const find = (baseline: string, target = "main") =>
      findFixedBaseline({ folder: join(root, "..", "clone"), baseline, target });
    for (const tag of ["v1.1.0-phase1", "v9.9.9-phase9", "v1.2.1", "v1.8.0-phase8", "v1.3.0-phase3"]) {
      assertEquals(await find(tag), { ref: tag, kind: "other", phaseBefore: "v1.2.0-phase2" });
    }
    assertEquals((await find("v1.2.0-phase2")).kind, "phase-tag");
    assertEquals(await find("phase-tag"), { ref: "v1.2.0-phase2", kind: "phase-tag", phaseBefore: "v1.2.0-phase2" });
    await assertRejects(() => find("phase-tag", "v1.1.0-phase1"), Error, "no earlier commit has the tag of a phase");
    assertEquals((await find("v1.1.0-phase1", "v1.2.0-phase2")).kind, "phase-tag");
  }));

Deno.test("findFixedBaseline() refuses merge-base without a main, and takes other baselines", () =>
  inRepository(async ({ root, git }) => {
    await git("branch", "-m", "trunk");
    const find = (baseline: string) => findFixedBaseline({ folder: root, baseline, target: "HEAD" });
    assertEquals((await find("trunk")).kind, "other");
    await assertRejects(() => find("merge-base"), Error, "no such branch, tag or commit");
  }));
