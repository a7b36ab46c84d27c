import { assert, assertEquals } from "@std/assert";
import { compareProfiles } from "./scenarios/capped.ts";
import { hasProgram } from "../helpers/has_program.ts";

const ignore = !await hasProgram("nginx", "-v");

Deno.test("turbo opens four connections to an nginx that limits each, and stable opens one", { ignore }, async () => {
  const { stable, turbo, gain } = await compareProfiles({ bytes: 16 << 20, limitRate: "3m", pairs: 1, warmup: 0 });
  assertEquals([stable.connections, turbo.atOnce], [1, 4]);
  assert(gain.value > 1, `${gain.value}`);
});

Deno.test("turbo opens one connection to an nginx without limits", { ignore }, async () => {
  const { turbo } = await compareProfiles({ bytes: 24 << 20, pairs: 1, warmup: 0 });
  assertEquals(turbo.connections, 1);
});
