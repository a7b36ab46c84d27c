import { assertEquals } from "@std/assert";
import type { SandboxExchange } from "../../../lib/sandbox/mod.ts";
import { ItemExchanges } from "../../../lib/stability/pairs/item_exchanges.ts";

const FILE = { kind: "file", id: 1 } as const;
const IMAGE = { kind: "image", id: 1 } as const;

function exchangeOf(startedMs: number, changes: Partial<SandboxExchange> = {}): SandboxExchange {
  const rest = { id: null, route: "/file", status: 200, bytes: 1, silence: null, slowLine: null };
  return { ...rest, startedMs, item: FILE, toxics: [], ...changes };
}

Deno.test("ItemExchanges sums for how long a request for an item was open, and counts segments once", () => {
  const exchanges = new ItemExchanges();
  // Two segments at the same time, then another attempt after a wait, and one within another.
  exchanges.record(exchangeOf(100), 200);
  exchanges.record(exchangeOf(150), 300);
  exchanges.record(exchangeOf(1000), 1050);
  exchanges.record(exchangeOf(1010), 1020);
  exchanges.record(exchangeOf(0, { item: null }), 5000);
  assertEquals(exchanges.of(FILE), { isHit: false, ms: 250 });
  assertEquals(exchanges.of(IMAGE), { isHit: false, ms: null });
});

Deno.test("ItemExchanges tells what a fault hit, and not what was only delayed", () => {
  const exchanges = new ItemExchanges();
  exchanges.record(exchangeOf(0, { toxics: ["latency", "bandwidth"] }), 10);
  assertEquals(exchanges.of(FILE).isHit, false);
  exchanges.record(exchangeOf(20, { toxics: ["latency", "reset"] }), 30);
  exchanges.record(exchangeOf(40), 50);
  assertEquals([exchanges.of(FILE).isHit, exchanges.of(IMAGE).isHit], [true, false]);
});
