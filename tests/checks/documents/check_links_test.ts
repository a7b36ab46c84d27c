import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { checkLinks } from "../../../checks/documents/check_links.ts";
import { KitError } from "../../../lib/base/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

Deno.test("checkLinks() follows links to files and anchors, and leaves external ones alone", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, "other.md"), "# One\n\n## A part\n\n## 終わり\n");
    await Deno.writeTextFile(join(folder, "code.ts"), "");
    const page = join(folder, "page.md");
    const good =
      "# Here\n\n[a](other.md) [b](other.md#a-part) [c](https://x.example/no#x) [d](#here) [e](./) [f](code.ts#L1)";
    await Deno.writeTextFile(page, `${good} [g](other.md#%E7%B5%82%E3%82%8F%E3%82%8A)`);
    assertEquals(await checkLinks([page]), "6 links in 1 files");
    for (const dead of ["gone.md", "other.md#gone", "#gone", "gone.md#one"]) {
      await Deno.writeTextFile(page, `${good} [x](${dead})`);
      await assertRejects(() => checkLinks([page]), KitError, `Cannot follow links: ${dead} in ${page}`);
    }
  }));

Deno.test("checkLinks() fails for a missing file", async () => {
  await assertRejects(() => checkLinks(["/no/such/page.md"]), Deno.errors.NotFound);
});
