import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { programWords } from "../../benchmarks/peers/mod.ts";
import { newestTagOf, openPhaseBaseline } from "../../scripts/_bench/phase_baseline.ts";
import { inRepository } from "../helpers/repository/fixture_repository.ts";

const { signal } = new AbortController();

Deno.test("newestTagOf() takes the newest tag of the phase, by number and not by letter", () => {
  const tags = ["v1.9.0-phase1", "v1.10.0-phase1", "v2.0.0-phase4", "v1.11.0-phase10", "v1.12.0", "old-phase1"];
  assertEquals([newestTagOf(1, tags), newestTagOf(4, tags), newestTagOf(2, tags)], [
    "v1.10.0-phase1",
    "v2.0.0-phase4",
    undefined,
  ]);
});

const COMMAND = "deno run -q -P=library --env-file=tasks.env scripts/download.ts";
const DENO_JSON = JSON.stringify({ tasks: { download: { command: COMMAND } } });

Deno.test("openPhaseBaseline() checks the tag of phase 1 out, and its program is run with its own permissions", () =>
  inRepository(async ({ root, registry, git, write, commit }) => {
    await write("deno.json", DENO_JSON);
    const phase1 = await commit("phase 1");
    await git("tag", "v1.1.0-phase1");
    await write("deno.json", DENO_JSON.replace("library", "wider"));
    const head = await commit("phase 4");
    const lines: string[] = [];
    const options = {
      folder: root,
      sha: head,
      ref: undefined,
      registry,
      signal,
      onProgress: (text: string) => void lines.push(text),
    };
    {
      await using baseline = await openPhaseBaseline(options);
      const { kind, name, sha, root: tree } = baseline;
      assertEquals([kind, name, sha], ["tag", "phase 1 (v1.1.0-phase1)", phase1]);
      assertEquals(programWords("scripts/download.ts", tree).slice(1), [
        ...["run", "--config", join(tree!, "deno.json"), "-q", "-P=library"],
        ...[`--env-file=${join(tree!, "tasks.env")}`, join(tree!, "scripts/download.ts")],
      ]);
      assertStringIncludes(lines[0]!, "Phase 1 is v1.1.0-phase1");
    }
    assertEquals((await git("worktree", "list")).trim().split("\n").length, 1);
    {
      // As in the command of its own report.
      await using same = await openPhaseBaseline({ ...options, ref: phase1 });
      assertEquals([same.kind, same.sha], ["tag", phase1]);
    }
    // Slower on purpose: an older tag, and a newer one that is not in the history.
    await git("tag", "v1.0.0-phase1", "HEAD~2");
    await git("switch", "-q", "-c", "other", "HEAD~2");
    await write("slow.txt", "slow");
    await commit("slow");
    await git("tag", "v1.9.0-phase1");
    for (const ref of ["v1.0.0-phase1", "v1.9.0-phase1", "main~2"]) {
      await using other = await openPhaseBaseline({ ...options, ref });
      assertEquals(other.kind, "commit", ref);
    }
    await using still = await openPhaseBaseline(options);
    assertEquals([still.kind, still.sha], ["tag", phase1]);
    await assertRejects(() => openPhaseBaseline({ ...options, ref: "v9.9.9" }), Error, 'Cannot find "v9.9.9"');
  }));

Deno.test("openPhaseBaseline() is the profile of the measured commit without a tag, and if the commit is the same", () =>
  inRepository(async ({ root, registry, git }) => {
    const head = (await git("rev-parse", "HEAD")).trim();
    const options = { folder: root, sha: head, ref: undefined, registry, signal, onProgress: () => {} };
    for (const ref of [undefined, "HEAD", "main"]) {
      await using baseline = await openPhaseBaseline({ ...options, ref });
      assertEquals([baseline.kind, baseline.sha, baseline.root], ["profile", head, undefined]);
    }
    await using nowhere = await openPhaseBaseline({ ...options, sha: "" });
    assertEquals(nowhere.kind, "profile");
  }));
