import { assertStringIncludes } from "@std/assert";
import { inBranchProject } from "../../helpers/repository/branch_project.ts";
import { inPagePlace } from "../../helpers/pages/page_place.ts";
import { runBlock } from "../../helpers/pages/run_block.ts";

Deno.test({
  name: "docs/branches.md: an urgent fix is begun, finished into main and develop, and taken back",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inPagePlace((place) =>
      inBranchProject(async ({ root, atRemote }) => {
        const before = await atRemote("for-each-ref");
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
        await runBlock(place, "docs/branches.md", "deno task branch ", ends, options);
        assertStringIncludes(before, (await atRemote("for-each-ref", "refs/heads/main")).trim());
      })
    ),
});
