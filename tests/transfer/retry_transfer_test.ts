import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { FailureError } from "../../lib/failsafe/mod.ts";
import { transferFile } from "../../lib/transfer/mod.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

/** The waits after attempts that each take `attemptMs` and receive nothing. */
async function waitsAfter(attemptMs: number): Promise<readonly number[]> {
  const clock = new FakeClock();
  const waits: number[] = [];
  await inTempDir(async (folder) => {
    await assertRejects(() =>
      transferFile({
        path: join(folder, "a"),
        identity: {},
        resolve: () => Promise.resolve({ url: "https://storage.example/a" }),
      }, {
        transport() {
          clock.advance(attemptMs);
          return Promise.reject(new FailureError("timeout", "no answer"));
        },
        clock,
        random: () => 1,
        maxRetries: 6,
        onEvent: (event) => void (event.type === "retry" && waits.push(event.waitMs)),
      }), FailureError);
  });
  return waits;
}

Deno.test("transferFile() deducts from a wait what the attempt has waited for a silent host", async () => {
  assertEquals(await waitsAfter(0), [1000, 2000, 4000, 8000, 16_000, 30_000]);
  assertEquals(await waitsAfter(20_000), [1000, 2000, 4000, 8000, 10_000, 10_000]);
  assertEquals(await waitsAfter(30_000), [1000, 1000, 1000, 1000, 1000, 1000]);
});
