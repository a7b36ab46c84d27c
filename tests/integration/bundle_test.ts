import { assert, assertEquals, assertGreater } from "@std/assert";
import { tryBundle } from "./_bundle.ts";

Deno.test("the bundle tells its version and downloads from a folder without the source tree", async () => {
  const figures = await tryBundle({ withDemo: false });
  assert(figures.isVersionRight, figures.stderr);
  assertGreater(figures.helpLines, 10);
  assertEquals(figures.downloadCode, 0, figures.stderr);
  assertEquals(figures.right, figures.files);
});
