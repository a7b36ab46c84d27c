import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import { describeCheckout, git, openRepository, resolveCommit, runGit } from "../../../lib/git/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { inRepository } from "../../helpers/repository/fixture_repository.ts";

Deno.test("resolveCommit() accepts branches, tags, hashes and expressions", () =>
  inRepository(async (fixture) => {
    const repository = await openRepository(fixture.root);
    const first = (await fixture.git("rev-parse", "HEAD")).trim();
    await fixture.git("tag", "-a", "v1", "-m", "one");
    await fixture.write("b.txt", "b");
    const second = await fixture.commit("two");
    assertEquals(await resolveCommit(repository, "main"), second);
    assertEquals(await resolveCommit(repository, "v1"), first);
    assertEquals(await resolveCommit(repository, "HEAD~1"), first);
    assertEquals(await resolveCommit(repository, first.slice(0, 9)), first);
  }));

Deno.test("resolveCommit() suggests a ref if one does not exist, and refuses flags", () =>
  inRepository(async (fixture) => {
    const repository = await openRepository(fixture.root);
    const error = await assertRejects(() => resolveCommit(repository, "mian"), KitError, '"mian"');
    assertEquals([error.code, error.hint], ["usage", "Did you mean main?"]);
    const hintFor = async (ref: string) => (await resolveCommit(repository, ref).catch((error) => error)).hint;
    const noTags =
      "No tag is here: see git branch --all, or fetch the tags of the remote, if it has any: git fetch --tags";
    assertEquals(await hintFor("v1.1.0"), noTags);
    await fixture.git("tag", "a-very-other-name");
    assertEquals(await hintFor("v1.1.0"), "See git branch --all and git tag");
    for (const ref of ["", "--all", "-h", "a b", "HEAD:a.txt"]) {
      assertEquals((await assertRejects(() => resolveCommit(repository, ref), KitError)).code, "usage", ref);
    }
  }));

Deno.test("openRepository() finds the root from a subfolder, and fails outside a repository", () =>
  inRepository(async (fixture) => {
    await fixture.write("deep/er/c.txt", "c");
    assertEquals((await openRepository(join(fixture.root, "deep/er"))).root, fixture.root);
    const outside = join(fixture.root, "..");
    assertEquals(
      (await assertRejects(() => openRepository(outside), KitError, "it is not in a git working tree")).code,
      "usage",
    );
    await assertRejects(() => openRepository(join(outside, "nowhere")), KitError, "no such folder");
  }));

Deno.test("describeCheckout() returns commit, branch and changes, and null outside a repository", () =>
  inRepository(async (fixture) => {
    const sha = (await fixture.git("rev-parse", "HEAD")).trim();
    assertEquals(await describeCheckout(fixture.root), { sha, isDirty: false, ref: "main" });
    await fixture.write("a.txt", "changed");
    assertEquals((await describeCheckout(fixture.root)).isDirty, true);
    await fixture.git("checkout", "-q", "--detach");
    assertEquals((await describeCheckout(fixture.root)).ref, "");
    await fixture.git("tag", "v9");
    assertEquals((await describeCheckout(fixture.root)).ref, "v9");
    await inTempDir(async (folder) => assertEquals((await describeCheckout(folder)).sha, ""));
  }));

Deno.test("runGit() ignores git variables of the environment, and uses English", () =>
  inRepository(async (fixture) => {
    const environment = { ...Deno.env.toObject(), GIT_DIR: "/nowhere", LC_ALL: "ja_JP.UTF-8", LANGUAGE: "ja" };
    const options = { cwd: fixture.root, environment };
    assertEquals((await git(["rev-parse", "--show-toplevel"], options)).trim(), fixture.root);
    const { code, stderr } = await runGit(["checkout", "nothing-like-it"], options);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "did not match any file");
    await assertRejects(() => git(["show", "nothing-like-it"], options), KitError, "git show");
    const without = { ...options, environment: { PATH: "/nowhere" } };
    assertEquals((await assertRejects(() => git(["status"], without), KitError, "not installed")).code, "inconclusive");
  }));
