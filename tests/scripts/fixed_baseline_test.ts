import { assertEquals, assertRejects } from "@std/assert";
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
    assertEquals(await find("merge-base"), { ref: base, kind: "merge-base" });
    assertEquals((await find(base)).kind, "merge-base");
    // Main itself has moved on.
    assertEquals(await find("main"), { ref: "main", kind: "other" });
    await git("tag", "v1.2.0-phase2", "main");
    await git("tag", "v1.2.1", "feature/x");
    assertEquals([(await find("v1.2.0-phase2")).kind, (await find("v1.2.1")).kind], ["phase-tag", "other"]);
    await assertRejects(() => find("merge-base", "main"), Error, "it is on main");
    await assertRejects(() => find("nothing"), Error, 'Cannot find "nothing"');
  }));

Deno.test("findFixedBaseline() refuses merge-base without a main, and takes other baselines", () =>
  inRepository(async ({ root, git }) => {
    await git("branch", "-m", "trunk");
    const find = (baseline: string) => findFixedBaseline({ folder: root, baseline, target: "HEAD" });
    assertEquals((await find("trunk")).kind, "other");
    await assertRejects(() => find("merge-base"), Error, "no such branch, tag or commit");
  }));
