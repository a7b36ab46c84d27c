import { assertEquals, assertGreater } from "@std/assert";
import { runPoisonedModels } from "./_poisoned_models.ts";
import { poisons } from "./_poisons.ts";

/** Each field gets every sixteenth poison, the next field the ones beside them. */
function some(longChars: number, every: number) {
  const all = poisons(longChars);
  return (field: number) => all.filter((_, index) => (index + field) % every === 0);
}

Deno.test("download loses nothing to a model that has a poisoned field, but what it names", async () => {
  const { models, done, unreadable, problems } = await runPoisonedModels(some(20_000, 16));
  assertEquals(problems, []);
  assertGreater(models, 200);
  assertGreater(done, models);
  assertGreater(unreadable, 10);
});
