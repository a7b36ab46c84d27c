import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { type AdaptiveTimeout, FailureError } from "../../lib/failsafe/mod.ts";
import { createTransport, UNLIMITED_PERMITS } from "../../lib/transfer/mod.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { transferAlone } from "../helpers/transfer_alone.ts";

/** The waits after attempts that each take `attemptMs` and receive nothing. */
async function waitsAfter(attemptMs: number): Promise<readonly number[]> {
  const clock = new FakeClock();
  const waits: number[] = [];
  await inTempDir(async (folder) => {
    await assertRejects(() =>
      transferAlone({
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

Deno.test("transferFile() starts again at once when its host serves other requests after a silence", () =>
  inTempDir(async (folder) => {
    const revival = new AbortController();
    const isAsked = Promise.withResolvers<void>();
    const held = Promise.withResolvers<Response>();
    let requests = 0;
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
      if (++requests > 1) return new Response("hello");
      isAsked.resolve();
      return held.promise;
    });
    using transport = createTransport();
    // A request may take a minute after the silence, although the host usually answers at once.
    const timeouts = { timeoutMs: () => 60_000, usualMs: () => 0, recordResponse() {}, recordExpiry() {} };
    const path = join(folder, "a");
    const done = transferAlone({
      path,
      identity: {},
      resolve: () => Promise.resolve({ url: `http://127.0.0.1:${server.addr.port}/a` }),
    }, {
      transport: transport.send,
      timeouts: timeouts as unknown as AdaptiveTimeout,
      permits: { ...UNLIMITED_PERMITS, revivalOf: () => revival.signal },
      random: () => 0,
    });
    await isAsked.promise;
    const start = performance.now();
    revival.abort();
    await done;
    held.resolve(new Response());
    assertEquals([await Deno.readTextFile(path), performance.now() - start < 30_000], ["hello", true]);
  }));
