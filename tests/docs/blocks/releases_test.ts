import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { inPagePlace } from "../../helpers/pages/page_place.ts";
import { runBlock } from "../../helpers/pages/run_block.ts";
import { inSharedRepository } from "../../helpers/repository/shared_repository.ts";
import { formatReleaseList, parseReleaseList } from "../../../lib/rollout/mod.ts";

/** Stands for the program of GitHub: the files of the release are in a folder. */
const GH = `#!/bin/sh
case "$1 $2 $3" in
  "release download v1.1.0") cp published/rollout.json . ;;
  "release upload v1.1.0") cp rollout.json published/ ;;
  *) echo "gh $*"; exit 1 ;;
esac
`;

Deno.test({
  name: "docs/releases.md: the share of a release is raised in the list that is published",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inPagePlace((place) =>
      inSharedRepository(async ({ root, git, write }) => {
        await git("tag", "-a", "-m", "v1.1.0", "v1.1.0");
        const releases = [{ version: "1.1.0", percentage: 10, salt: "1.1.0" }];
        await write("published/rollout.json", formatReleaseList({ releases }));
        await place.write("bin/gh", GH);
        await Deno.chmod(join(place.folder, "bin/gh"), 0o755);
        const env = { PATH: `${join(place.folder, "bin")}:${place.env.PATH}` };
        await runBlock(place, "docs/releases.md", "gh release download", ["", "1.1.0: 50 %", ""], { cwd: root, env });
        const published = await Deno.readTextFile(join(root, "published/rollout.json"));
        assertEquals(parseReleaseList(published).releases, [{ ...releases[0]!, percentage: 50 }]);
      })
    ),
});
