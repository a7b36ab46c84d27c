import { assertEquals } from "@std/assert";
import { inClonePlace } from "../../helpers/pages/clone_place.ts";
import { readCommands } from "../../helpers/pages/read_block.ts";
import { runBlock } from "../../helpers/pages/run_block.ts";

Deno.test({
  name: "README.md, docs/guide/start.md and CONTRIBUTING.md: a clone runs the demo, and is ready for a first change",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inClonePlace(async (place) => {
      await runBlock(place, "CONTRIBUTING.md", "git clone", [
        "Cloning into 'civitai-dl'",
        "config/dev.config is created",
        "each compared byte for byte with its source: all are right",
        "Switched to a new branch 'feature/my-change'",
      ]);
      // The other pages have some of these commands: a demo takes five seconds of a processor, so each is run once.
      const [clone, enter, , demo] = await readCommands("CONTRIBUTING.md", "git clone");
      assertEquals(await readCommands("README.md", "git clone"), [clone!, enter!, demo!]);
      assertEquals(await readCommands("docs/guide/start.md", "git clone"), [clone!, enter!, demo!]);
    }),
});
