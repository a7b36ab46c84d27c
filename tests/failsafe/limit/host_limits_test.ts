import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { HostLimits } from "../../../lib/failsafe/mod.ts";

/** As many hosts as are remembered. */
const MANY = Array.from({ length: 256 }, (_, index) => `host-${index}`);

Deno.test("HostLimits has one limit per host with its own options", async () => {
  const hosts = new HostLimits({ optionsFor: (host) => ({ start: host === "api.test" ? 2 : 8, ceiling: 8 }) });
  assertStrictEquals(hosts.of("API.test"), hosts.of("api.test"));
  using _permit = await hosts.acquire("b2.test");
  assertEquals(["api.test", "b2.test"].map((host) => hosts.of(host).limit), [2, 8]);
  assertEquals(["api.test", "b2.test"].map((host) => hosts.of(host).isIdle), [true, false]);
});

Deno.test("HostLimits drops the least recently used host", () => {
  const hosts = new HostLimits();
  const first = hosts.of("a");
  const second = hosts.of("b");
  for (const host of MANY.slice(2)) hosts.of(host);
  hosts.of("a");
  hosts.of("c");
  assertStrictEquals(hosts.of("a"), first);
  assert(hosts.of("b") !== second);
});

Deno.test("HostLimits keeps hosts with active permits", async () => {
  const hosts = new HostLimits();
  const limit = hosts.of("a");
  using _permit = await hosts.acquire("a");
  for (const host of MANY) hosts.of(host);
  assertStrictEquals(hosts.of("a"), limit);
});
