import { assertEquals, assertRejects } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { confirm, MemoryIo } from "../../../lib/cli/mod.ts";

for (const [answer, expected] of [["y", true], [" YES ", true], ["n", false], ["", false], ["No", false]] as const) {
  Deno.test(`confirm() reads "${answer}" as ${expected ? "yes" : "no"}`, async () => {
    const io = new MemoryIo({ terminal: true, answers: [answer] });
    assertEquals(await confirm(io, "Delete all?"), expected);
    assertEquals(io.err, "Delete all? [y/N] ");
  });
}

Deno.test("confirm() asks again after an answer that is neither yes nor no", async () => {
  const io = new MemoryIo({ terminal: true, answers: ["x", "yeah", "y"] });
  assertEquals(await confirm(io, "Delete all?"), true);
  const again = 'Answer "y" or "n".\n';
  assertEquals(io.err, `Delete all? [y/N] ${again}Delete all? [y/N] ${again}Delete all? [y/N] `);
  assertEquals(await confirm(new MemoryIo({ terminal: true, answers: ["x"] }), "Delete all?"), false);
});

Deno.test("confirm() reads the end of the input as no", async () => {
  assertEquals(await confirm(new MemoryIo({ terminal: true }), "Delete all?"), false);
});

Deno.test("confirm() names the flag that answers if no prompt is possible", async () => {
  const error = await assertRejects(() => confirm(new MemoryIo(), "Delete all?"), KitError);
  assertEquals([error.code, error.hint], ["usage", "Pass --yes to answer yes"]);
});
