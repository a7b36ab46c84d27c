import { assertEquals, assertThrows } from "@std/assert";
import { pairRound } from "../../../lib/stability/pairs/pair_round.ts";
import type { Side, SideItem } from "../../../lib/stability/pairs/fetch_side.ts";

const item = (key: string, changes: Partial<SideItem> = {}): SideItem => {
  return { key, failure: null, message: "", isHit: false, ms: 100, ...changes };
};
const sideOf = (...items: readonly SideItem[]): Side => ({ items, seconds: 1 });
const failed = (failure: string): Partial<SideItem> => ({ failure, message: `it had a ${failure}` });

Deno.test("pairRound() counts what happened with both profiles and with only one", () => {
  const profile = sideOf(
    item("a"),
    item("b", { ...failed("stall"), isHit: true, ms: 9000 }),
    item("c", { ...failed("server"), isHit: true }),
    item("d", { ...failed("timeout"), ms: null }),
  );
  const against = sideOf(
    item("d", { ...failed("timeout"), isHit: true }),
    item("c", { isHit: true }),
    item("b", { ...failed("integrity"), isHit: true }),
    item("a", { ms: 0 }),
  );
  const round = pairRound({ round: 3, seed: 4, first: "against", profile, against });
  assertEquals([round.items, round.hit], [4, 2]);
  assertEquals(round.failed, { both: 2, profile: 1, against: 0 });
  // A download that both lost, but only one of them in silence, is lost in silence by that one.
  assertEquals(round.timedOut, { both: 1, profile: 1, against: 0 });
  assertEquals(round.unrecovered, { both: 1, profile: 1, against: 0 });
  assertEquals(round.times, { profile: [100, 100, 9000], against: [1, 100, 100, 100] });
  assertEquals(round.failures.map(({ side, key, failure, message }) => `${side}: ${key}: ${failure}: ${message}`), [
    "profile: b: stall: it had a stall",
    "profile: c: server: it had a server",
    "profile: d: timeout: it had a timeout",
    "against: d: timeout: it had a timeout",
    "against: b: integrity: it had a integrity",
  ]);
});

Deno.test("pairRound() refuses sides with other items", () => {
  const options = { round: 0, seed: 1, first: "profile" } as const;
  for (const against of [sideOf(item("b")), sideOf(item("a"), item("b")), sideOf()]) {
    assertThrows(() => pairRound({ ...options, profile: sideOf(item("a")), against }), RangeError, "differ");
  }
});
