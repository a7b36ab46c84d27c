import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { tryBundle } from "./scenarios/bundle.ts";

Deno.test("the bundle downloads and verifies without the source tree, and names the tasks of a checkout", async () => {
  const figures = await tryBundle({ withDemo: false });
  assert(figures.isVersionRight, figures.stderr);
  assertGreater(figures.helpLines, 10);
  assertEquals(figures.downloadCode, 0, figures.stderr);
  assertEquals(figures.right, figures.files);
  assertEquals(figures.verifyCode, 0, figures.verified);
  assertMatch(figures.verified, /files: \d+ ok, 0 missing, 0 changed, 0 corrupt/);
  for (const { words, code, said } of figures.refusals) {
    assertEquals(code, 2, `${words}: ${said}`);
    assertMatch(said, /a subcommand of deno|a task of a checkout/, words);
  }
});
