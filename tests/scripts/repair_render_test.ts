import { assert, assertEquals } from "@std/assert";
import { command } from "../../scripts/repair.ts";

const SUMMARY = {
  files: 12,
  intact: 0,
  patched: 0,
  fetched: 0,
  blocksFetched: 0,
  bytesFetched: 0,
  broken: 12,
  failed: [],
  stopped: null,
  again: null,
  replaced: [],
};

async function render(aside: readonly string[]): Promise<string> {
  return await command.render!({ ...SUMMARY, aside } as never, { width: Infinity, color: false });
}

Deno.test("repair lists five of the files set aside and counts the rest", async () => {
  const lines = (await render(["a", "b", "c", "d", "e", "f", "g"].map((name) => `corrupted/${name}`))).split("\n");
  assertEquals(lines.filter((line) => line.startsWith("Moved aside: ")).length, 6);
  assert(lines.includes("Moved aside: 2 more, see --json"), lines.join("\n"));
  assert(!(await render(["corrupted/a"])).includes("more"));
});
