import { assert, assertEquals } from "@std/assert";
import { ThinnedSeries } from "../../../lib/soak/facts/thinned_series.ts";
import { assertNear } from "../../helpers/assert_near.ts";

Deno.test("ThinnedSeries keeps the shape of a million values in a bounded number of points", () => {
  const series = new ThinnedSeries({ capacity: 100 });
  for (let at = 0; at < 100_000; at++) series.add(at, at * 2);
  assert(series.points.length < 100 && series.points.length >= 40, `${series.points.length}`);
  for (const [at, value] of series.points) assertNear(value, at * 2, 1e-6);
});

Deno.test("ThinnedSeries is restored from its state", () => {
  const first = new ThinnedSeries({ capacity: 4 });
  for (const at of [0, 1, 2, 3, 4]) first.add(at, at);
  const second = new ThinnedSeries({ capacity: 4, state: JSON.parse(JSON.stringify(first.state)) });
  assertEquals(second.state, first.state);
  second.add(6, 6);
  second.add(7, 7);
  assertEquals(second.points.at(-1), [6.5, 6.5]);
});
