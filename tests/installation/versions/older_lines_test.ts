import { assertEquals } from "@std/assert";
import {
  chooseTarget,
  distTagOf,
  listVersionTags,
  newestStable,
  type ProductionTest,
  type RollbackCandidate,
} from "../../../lib/installation/mod.ts";
import { listCandidates } from "../../../lib/installation/rollback/list_candidates.ts";
import { readLineage } from "../../../lib/installation/versions/list_version_tags.ts";
import { openRepository } from "../../../lib/git/mod.ts";
import { type FixtureRepository, inRepository } from "../../helpers/repository/fixture_repository.ts";

/** v1.0.3, v1.1.0 and v2.0.0 one after the other, then v1.0.4 beside them. */
async function tagLines({ git, write, commit }: FixtureRepository): Promise<void> {
  for (const tag of ["v1.0.3", "v1.1.0", "v2.0.0"]) {
    await write("deno.json", `{ "version": "${tag.slice(1)}" }\n`);
    await commit(tag);
    await git("tag", "-a", tag, "-m", tag);
  }
  await git("switch", "-q", "-c", "release/v1.0.4-candidate", "v1.0.3");
  await write("deno.json", `{ "version": "1.0.4" }\n`);
  await commit("v1.0.4");
  await git("tag", "-a", "v1.0.4", "-m", "v1.0.4");
  await git("switch", "-q", "main");
}

function passed(candidates: readonly RollbackCandidate[], ...tags: readonly string[]): readonly RollbackCandidate[] {
  return candidates.map((one) => {
    const production: ProductionTest = {
      tag: one.tag,
      sha: one.sha,
      isPassed: true,
      isLive: false,
      endedAt: "2026-11-27T00:00:00.000Z",
      source: "x",
    };
    return { ...one, production: tags.includes(one.tag) ? production : null };
  });
}

Deno.test("a fix of an older line is neither the newest version nor the default target of a rollback", () =>
  inRepository(async (fixture) => {
    await tagLines(fixture);
    const repository = await openRepository(fixture.root);
    assertEquals(newestStable(await listVersionTags(repository))?.version.text, "2.0.0");
    const installation = { folder: "/", versions: [], current: null, previous: null };
    const all = await listCandidates(repository, { reports: [], installation });
    const target = async (current: string, ...tags: readonly string[]) =>
      chooseTarget(passed(all, ...tags), { current, lineage: await readLineage(repository, `v${current}`) }).tag;
    assertEquals(await target("2.0.0", "v1.0.3", "v1.0.4", "v1.1.0"), "v1.1.0");
    // 1.1.0 never contained 1.0.4, which is only better than nothing.
    assertEquals(await target("1.1.0", "v1.0.3", "v1.0.4"), "v1.0.3");
    assertEquals(await target("1.1.0", "v1.0.4"), "v1.0.4");
    assertEquals(await target("1.0.4", "v1.0.3", "v1.1.0", "v2.0.0"), "v1.0.3");
    assertEquals(await readLineage(repository, "v9.9.9"), null);
  }));

Deno.test("distTagOf() keeps latest for the newest stable version", () => {
  assertEquals(
    [["2.0.0", "2.0.0"], ["2.0.1", "2.0.0"], ["1.0.4", "2.0.0"], ["2.1.0-rc.1", "2.0.0"]].map(([version, newest]) =>
      distTagOf(version!, newest!)
    ),
    ["latest", "latest", "line-1.0", "next"],
  );
  assertEquals([distTagOf("1.0.0", null), distTagOf("1.0.0-alpha", null)], ["latest", "next"]);
});
