import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { HostLimits } from "../../../lib/failsafe/mod.ts";

Deno.test("HostLimits has one limit per host with its own options", async () => {
  const hosts = new HostLimits({ optionsFor: (host) => ({ ceiling: host === "api.test" ? 2 : 8 }) });
  assertStrictEquals(hosts.of("API.test"), hosts.of("api.test"));
  using _permit = await hosts.acquire("b2.test");
  assertEquals(
    hosts.snapshots().map(({ host, limit, ceiling, inFlight, waiting }) => [host, limit, ceiling, inFlight, waiting]),
    [["api.test", 2, 2, 0, 0], ["b2.test", 2, 8, 1, 0]],
  );
});

Deno.test("HostLimits drops the least recently used host", () => {
  const hosts = new HostLimits({ maxHosts: 2 });
  const first = hosts.of("a");
  const second = hosts.of("b");
  hosts.of("a");
  hosts.of("c");
  assertEquals(hosts.snapshots().map((it) => it.host), ["a", "c"]);
  assertStrictEquals(hosts.of("a"), first);
  assert(hosts.of("b") !== second);
});

Deno.test("HostLimits keeps hosts with active permits and drops them later", async () => {
  const hosts = new HostLimits({ maxHosts: 2 });
  const permits = [await hosts.acquire("a"), await hosts.acquire("b"), await hosts.acquire("c")];
  assertEquals(hosts.snapshots().length, 3);
  for (const permit of permits) permit.finish({ type: "ignored" });
  hosts.of("d");
  assertEquals(hosts.snapshots().map((it) => it.host), ["c", "d"]);
});
