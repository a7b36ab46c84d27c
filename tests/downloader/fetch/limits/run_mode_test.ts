import { assert, assertEquals, assertThrows } from "@std/assert";
import { PausedError, RunMode, Throttle } from "../../../../lib/downloader/mod.ts";
import { Failsafe } from "../../../../lib/failsafe/mod.ts";
import { PROFILES } from "../../../../lib/transfer/mod.ts";

function setUp() {
  const failsafe = Failsafe.inMemory();
  const top = { ...PROFILES.turbo, connections: 3, segments: 2 };
  return { failsafe, top, mode: new RunMode({ top, failsafe }) };
}

Deno.test("RunMode uses the user's profile until the failsafe steps down, within its limits", () => {
  const { failsafe, top, mode } = setUp();
  assertEquals(mode.profile, top);
  failsafe.hold("parallel");
  assertEquals(mode.profile, { ...PROFILES.parallel, connections: 3, segments: 1 });
  failsafe.hold("stable");
  assertEquals(mode.profile, PROFILES.stable);
  failsafe.release();
  assertEquals(mode.profile, top);
});

Deno.test("RunMode without a failsafe always uses the user's profile", () => {
  const mode = new RunMode({ top: PROFILES.parallel });
  mode.assertRunning();
  assertEquals(mode.profile, PROFILES.parallel);
});

Deno.test("RunMode.assertRunning() throws why the failsafe paused, until when and what ends it", () => {
  const { failsafe, mode } = setUp();
  mode.assertRunning();
  failsafe.hold("paused");
  const error = assertThrows(() => mode.assertRunning(), PausedError, "Paused by the failsafe");
  assertEquals(error.exitCode, 6);
  assert(error.hint?.includes("failsafe reset"), error.hint);
});

Deno.test("RunMode.profileUpTo() lets the failsafe win over a rollout, and never exceeds the user's profile", async () => {
  await using failsafe = Failsafe.inMemory();
  const mode = new RunMode({ top: PROFILES.turbo, failsafe });
  assertEquals([mode.profileUpTo("turbo").name, mode.profileUpTo("stable").name], ["turbo", "stable"]);
  failsafe.hold("resilient");
  assertEquals([mode.profileUpTo("turbo").name, mode.profileUpTo("stable").name], ["resilient", "stable"]);
  const careful = new RunMode({ top: { ...PROFILES.parallel, connections: 2 } });
  assertEquals([careful.profileUpTo("turbo").name, careful.profileUpTo("turbo").connections], ["parallel", 2]);
});

Deno.test("RunMode never exceeds the connections of a throttle, which may change", () => {
  const failsafe = Failsafe.inMemory();
  const throttle = new Throttle();
  const mode = new RunMode({ top: PROFILES.turbo, failsafe, throttle });
  const seen = [null, 2, 1, 9].map((connections) => {
    throttle.set({ bytesPerSecond: null, connections });
    return [mode.profile.name, mode.profile.connections, mode.profile.segments];
  });
  const { connections, segments } = PROFILES.turbo;
  const usual = ["turbo", connections, segments];
  assertEquals(seen, [usual, ["turbo", 2, Math.min(2, segments)], ["turbo", 1, 1], usual]);
});
