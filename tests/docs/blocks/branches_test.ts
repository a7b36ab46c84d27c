import { assertEquals } from "@std/assert";
import { inBranchProject } from "../../helpers/repository/branch_project.ts";
import { inPagePlace } from "../../helpers/pages/page_place.ts";
import { runBlock } from "../../helpers/pages/run_block.ts";

Deno.test({
  name: "docs/branches.md: an urgent fix is begun, finished into main and develop, and taken back",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inPagePlace((place) =>
      inBranchProject(async ({ root, atRemote }) => {
        const readBranches = () => atRemote("for-each-ref", "refs/heads/main", "refs/heads/develop");
        const before = await readBranches();
        const name = { from: "NAME", to: "quick", because: "the reader names the fix" };
        const work = {
          from: "# begin an urgent fix; commit it as usual",
          to: "\necho fixed > fix.txt && git add fix.txt && git commit -q -m 'fix: a mistake'",
          because: "the comment asks for it",
        };
        const ends = [
          "branch create-phase 1",
          "Creates hotfix/quick at main",
          "",
          "Merges hotfix/quick into main, then develop: done",
          "Undone: branch finish-hotfix",
        ];
        const options = { cwd: root, replaced: [name, work] };
        await runBlock(place, "docs/branches.md", "deno task branch  ", ends, options);
        assertEquals(await readBranches(), before);
      })
    ),
});

Deno.test({
  name: "docs/branches.md: a feature and a phase are begun and finished, and develop comes into main",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inPagePlace((place) =>
      inBranchProject(async ({ root }) => {
        const commit = (file: string) => `\necho new > ${file} && git add ${file} && git commit -q -m 'feat: ${file}'`;
        const because = "there has to be something to finish";
        const replaced = [
          { from: "NAME", to: "quick", because: "the reader names the feature" },
          { from: "# begin a feature", to: commit("one.txt"), because },
          {
            from: "# performance/phase1",
            to: `\ngit switch -q performance/phase1${commit("two.txt")}`,
            because,
          },
          {
            from: "# into develop, then main, with the tag of the phase",
            to: `\ngit switch -q -C more origin/develop${commit("three.txt")}\ngit push -q origin HEAD:develop`,
            because,
          },
        ];
        const ends = [
          "Creates develop, feature/quick at main",
          "",
          "Merges feature/quick into develop: done",
          "Creates performance/phase1",
          ...["", ""],
          "Merges performance/phase1 into develop, then main and tags v1.1.0-phase1: done",
          ...["", "", ""],
          "Merges develop into main: done",
        ];
        await runBlock(place, "docs/branches.md", "deno task branch start feature", ends, { cwd: root, replaced });
      })
    ),
});
