import { assertEquals } from "@std/assert";
import { openRepository } from "../../../lib/git/mod.ts";
import { findContentArrival } from "../../../lib/git/refs/find_content.ts";
import { type FixtureRepository, inRepository } from "../../helpers/repository/fixture_repository.ts";

/** A branch of two commits, and a main that has moved on beside it. */
async function diverge({ git, write, commit }: FixtureRepository): Promise<string> {
  await write("a.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
  await write("image", "\0\x01\x02");
  await commit("base");
  await git("switch", "-q", "-c", "topic");
  await write("new.txt", "new\n");
  await write("image", "\0\x01\x03");
  await commit("topic 1");
  await write("a.txt", "1\n2\n3\n4\n5\n6\n7\n8\nnine\n");
  const tip = await commit("topic 2");
  await git("switch", "-q", "main");
  await write("beside.txt", "beside\n");
  await commit("beside");
  return tip;
}

/** Return the latest commit of main. */
async function tipOf({ git }: FixtureRepository): Promise<string> {
  return (await git("rev-parse", "main")).trim();
}

Deno.test("findContentArrival() finds a squash merge, whatever main did before and has done since", () =>
  inRepository(async (fixture) => {
    const { root, git, write, commit } = fixture;
    const topic = await diverge(fixture);
    const repository = await openRepository(root);
    assertEquals(await findContentArrival(repository, await tipOf(fixture), topic), null);
    await git("merge", "-q", "--squash", "topic");
    const squashed = await commit("topic (#7)");
    assertEquals(await findContentArrival(repository, squashed, topic), squashed);
    await write("a.txt", "1\n2\n3\n4\n5\n6\n7\n8\nsomething else\n");
    await git("rm", "-q", "new.txt");
    assertEquals(await findContentArrival(repository, await commit("later, over the same lines"), topic), squashed);
  }));

Deno.test("findContentArrival() takes the last commit of a rebase merge, and not the first", () =>
  inRepository(async (fixture) => {
    const { root, git, write, commit } = fixture;
    const topic = await diverge(fixture);
    const repository = await openRepository(root);
    await git("cherry-pick", "topic~1");
    assertEquals(await findContentArrival(repository, await tipOf(fixture), topic), null);
    await git("cherry-pick", "topic");
    const last = await tipOf(fixture);
    await write("later.txt", "later\n");
    assertEquals(await findContentArrival(repository, await commit("later"), topic), last);
  }));

Deno.test("findContentArrival() finds nothing if a file or a byte differs, or there was nothing to bring", () =>
  inRepository(async (fixture) => {
    const { root, git, write, commit } = fixture;
    const topic = await diverge(fixture);
    const repository = await openRepository(root);
    await git("merge", "-q", "--squash", "topic");
    await write("image", "\0\x01\x04");
    assertEquals(await findContentArrival(repository, await commit("with another image"), topic), null);
    await git("switch", "-q", "-c", "empty", "main~1");
    await git("commit", "-q", "--allow-empty", "-m", "empty");
    const empty = (await git("rev-parse", "empty")).trim();
    assertEquals(await findContentArrival(repository, await tipOf(fixture), empty), null);
    await git("switch", "-q", "--orphan", "unrelated");
    await write("other.txt", "other\n");
    assertEquals(await findContentArrival(repository, await tipOf(fixture), await commit("unrelated")), null);
  }));
