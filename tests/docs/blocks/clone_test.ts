import { assert } from "@std/assert";
import { join } from "node:path";
import { inClonePlace } from "../../helpers/pages/clone_place.ts";
import { readBlock } from "../../helpers/pages/read_block.ts";
import { runBlock } from "../../helpers/pages/run_block.ts";

Deno.test({
  name: "README.md, docs/guide/start.md and CONTRIBUTING.md: a clone runs the demo, and is ready for a first change",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inClonePlace(async (place) => {
      const cloned = "Cloning into 'civitai-dl'";
      const allRight = "each compared byte for byte with its source: all are right";
      const cwd = join(place.folder, "guide");
      await Deno.mkdir(cwd);
      await runBlock(place, "docs/guide/start.md", "git clone", [cloned, allRight], { cwd });
      // The guide begins with the block of the README.
      const start = await Deno.readTextFile("docs/guide/start.md");
      assert(start.includes(`\`\`\`sh\n${await readBlock("README.md", "git clone")}`));

      const branch = "Switched to a new branch 'feature/my-change'";
      const ends = [cloned, "config/dev.config is created", allRight, branch];
      await runBlock(place, "CONTRIBUTING.md", "git clone", ends);
    }),
});
