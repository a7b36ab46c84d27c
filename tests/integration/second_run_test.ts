import { assertEquals } from "@std/assert";
import { runTwice } from "./scenarios/second_run.ts";

Deno.test("download over a complete library requests and opens no file", async () => {
  const figures = await runTwice({ creators: 2, modelsPerCreator: 30 });
  assertEquals([figures.firstCode, figures.secondCode], [0, 0], figures.stderr);
  assertEquals(figures.right, figures.files);
  assertEquals({ hits: figures.downloadHits, bytes: figures.storageBytes }, { hits: 0, bytes: 0 });
  // Without strace nothing was traced.
  assertEquals(figures.openedFiles ?? [], []);
});
