import { assertEquals, assertThrows } from "@std/assert";
import { parseHostTimeout } from "../../../lib/base/mod.ts";
import { AdaptiveTimeout, HostTimeouts } from "../../../lib/failsafe/mod.ts";

Deno.test("HostTimeouts applies the most specific entry of each step", () => {
  const texts = ["b2.a.example headers 9s", "* headers 5s", "* body 40s", "*.example headers 6s", "*.a.example tls 7s"];
  const timeouts = new HostTimeouts(texts.map(parseHostTimeout), { maxMs: 30_000 });
  assertEquals(timeouts.of("b2.a.example"), { headers: 9000, body: 30_000, tls: 7000 });
  assertEquals(timeouts.of("c.example"), { headers: 6000, body: 30_000 });
  assertEquals(timeouts.of("example"), { headers: 5000, body: 30_000 });
  assertEquals([timeouts.longestMs, new HostTimeouts([]).longestMs], [30_000, 0]);
});

Deno.test("parseHostTimeout() refuses what is no host, step and time", () => {
  for (
    const bad of ["", "a", "a headers", "a wait 5s", "a headers 5s more", "https://a headers 5s", "a headers 10ms"]
  ) {
    assertThrows(() => parseHostTimeout(bad), SyntaxError);
  }
  assertEquals(parseHostTimeout(" 127.0.0.1:80  body  1m30s "), { host: "127.0.0.1:80", step: "body", ms: 90_000 });
});

Deno.test("AdaptiveTimeout keeps a fixed timeout, but doubles it after an expiry", () => {
  const timeouts = new AdaptiveTimeout({ minMs: 10_000, maxMs: 120_000 });
  for (let i = 0; i < 50; i++) timeouts.recordResponse("a", 10);
  assertEquals(timeouts.timeoutMs("a", 30_000, { fixedMs: 3000 }), 3000);
  timeouts.recordExpiry("a");
  assertEquals(timeouts.timeoutMs("a", 30_000, { fixedMs: 3000 }), 6000);
  assertEquals(timeouts.timeoutMs("a", 30_000, { fixedMs: 200_000 }), 200_000);
});
