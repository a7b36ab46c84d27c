import { assert, assertEquals, assertMatch } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "node:path";
import { inClonePlace } from "../../helpers/pages/clone_place.ts";
import { runBlock } from "../../helpers/pages/run_block.ts";

Deno.test({
  name: "a clone runs the demo, killed once and resumed with correct bytes, and is ready for a first change",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inClonePlace(async (place) => {
      const cloned = "Cloning into 'civitai-dl'";
      const inFolder = async (name: string) => {
        const cwd = join(place.folder, name);
        await Deno.mkdir(cwd);
        return { cwd };
      };
      const readme = await inFolder("readme");
      await runBlock(place, "README.md", "git clone", [cloned], readme);
      assert(await exists(join(readme.cwd, "civitai-dl/cli.ts")));

      const json = { from: "deno task demo", to: "deno task -q demo --json", because: "the test reads the result" };
      const start = { ...await inFolder("start"), replaced: [json] };
      const [, printed] = await runBlock(place, "docs/guide/start.md", "git clone", [cloned, ""], start);
      const result = JSON.parse(printed!.slice(printed!.indexOf('{"schema"')));
      assertEquals([result.schema, result.wrong, result.creators.length], ["civitai-dl/demo", 0, 3]);
      assert(result.files > 0 && result.killedAfterFiles > 0 && result.faults > 0);
      assertMatch(result.tree, /^[├└]── /);
      assert(result.durationMs < 60_000);

      const ends = [
        cloned,
        "config/dev.config is created",
        "each compared byte for byte with its source: all are right",
        "Switched to a new branch 'feature/my-change'",
      ];
      await runBlock(place, "CONTRIBUTING.md", "git clone", ends, await inFolder("contributing"));
    }),
});
