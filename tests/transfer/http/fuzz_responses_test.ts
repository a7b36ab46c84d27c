import { assert, assertEquals } from "@std/assert";
import { runFuzz } from "../fuzz_run.ts";

Deno.test("createSocketTransport() reads generated responses by RFC 9112 and refuses the rest", async () => {
  const figures = await runFuzz({ count: 2000, seed: 1 });
  assertEquals(figures.problems, []);
  // Neither verdict may be rare, or the comparison proves nothing.
  assert(figures.accepted > 500 && figures.refused > 500, JSON.stringify(figures));
});
