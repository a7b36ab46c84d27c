import { assert, assertEquals, assertRejects } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { HostAdmission, PausedError } from "../../../lib/downloader/mod.ts";
import { Failsafe, type FailsafeOptions, FailureError } from "../../../lib/failsafe/mod.ts";
import { clientOf, type Replay, replay, replayFixture } from "../../helpers/servers/replay.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";

/** A client that consults a failsafe, as in downloads, and an API that responds. */
function setUp(server: Replay, options: FailsafeOptions = {}) {
  const clock = new FakeClock();
  const failsafe = Failsafe.inMemory({ clock, random: () => 0, ...options });
  const hosts = new HostAdmission({ failsafe, clock });
  const client = clientOf(server, { clock, admit: (host, options) => hosts.admit(host, options) });
  return { clock, failsafe, client, host: new URL(server.url).host };
}

Deno.test("the client waits for the API as long as for storage, beyond its retries", async () => {
  await using server = replay(() => replayFixture("enums.json"));
  const { clock, failsafe, client, host } = setUp(server);
  failsafe.trip(host, { forMs: 250_000 });
  const before = clock.now();
  await client.enums();
  assert(clock.now() - before >= 250_000, `${clock.now() - before} ms`);
  assertEquals(server.received.length, 1);
});

Deno.test("the client pauses the run after the API is down for the patience, or gives up if the mode is forced", async () => {
  await using server = replay(() => replayFixture("enums.json"));
  for (const force of [undefined, { mode: "turbo", reason: "--engine turbo" }]) {
    const { failsafe, client, host } = setUp(server, { force });
    failsafe.trip(host, { forMs: 3_600_000 });
    const error = await assertRejects(() => client.enums(), KitError);
    assertEquals([error instanceof PausedError, error.exitCode], [force === undefined, 6]);
    if (force !== undefined) {
      assert(error instanceof FailureError && error.message.includes("; waited 5m; next attempt in "));
    }
  }
  assertEquals(server.received.length, 0);
});

Deno.test("the client opens the API's breaker if every request fails", async () => {
  await using server = replay(() => Response.json({ error: "Internal" }, { status: 500 }));
  const { failsafe, client } = setUp(server);
  for (let id = 1; id <= 12; id++) await client.model(id).catch(() => {});
  assert(failsafe.status().breakers.some(({ state }) => state !== "closed"));
});
