import { assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { fetchLargeLibrary } from "./scenarios/large_library.ts";
import { hasProgram } from "../helpers/has_program.ts";

Deno.test({
  name: "download from nginx reproduces the tree that nginx serves",
  // Needs "apt-get install nginx".
  ignore: !await hasProgram("nginx", "-v"),
  async fn() {
    const figures = await fetchLargeLibrary({ models: 20, largestBytes: 32 << 20, otherBytes: 500_000 });
    assertEquals(figures.code, 0, figures.stderr);
    assertEquals(figures.libraryTree, figures.sourceTree);
    assertEquals(figures.right, figures.files);
    assertEquals(figures.largestBytes, 32 << 20);
    assertEquals(figures.authorizations, 0);
    if (Deno.build.os === "linux") assertGreater(figures.peakRssBytes, 20_000_000);
    assertLessOrEqual(figures.peakRssBytes, 160_000_000);
  },
});
