import { assert, assertEquals } from "@std/assert";
import { assertNear } from "../../../helpers/assert_near.ts";
import {
  followScroll,
  isRunningOut,
  positionAt,
  type ScrollHeights,
  scrollTopAt,
} from "../../../../lib/app/browser/library/follow_scroll.ts";

/** 100 000 cards in a column. */
const HIGH: ScrollHeights = { height: 46_000_000, scrollHeight: 4_000_000, viewport: 800 };
const LOW: ScrollHeights = { height: 50_000, scrollHeight: 50_000, viewport: 800 };

Deno.test("positionAt() is the offset itself if the height is not limited", () => {
  for (const scrollTop of [0, 17, 25_000, 49_200]) assertEquals(positionAt(scrollTop, LOW), scrollTop);
});

Deno.test("positionAt() reaches both ends of a limited box, and grows in between", () => {
  assertEquals(positionAt(0, HIGH), 0);
  assertEquals(positionAt(4_000_000 - 800, HIGH), 46_000_000 - 800);
  let last = -1;
  for (let scrollTop = 0; scrollTop <= 4_000_000 - 800; scrollTop += 997) {
    const position = positionAt(scrollTop, HIGH);
    assert(position > last, `${position} at ${scrollTop}`);
    last = position;
  }
});

Deno.test("scrollTopAt() is the inverse of positionAt()", () => {
  for (const scrollTop of [0, 50_000, 100_001, 2_000_000, 3_900_000, 3_999_200]) {
    assertNear(scrollTopAt(positionAt(scrollTop, HIGH), HIGH), scrollTop, 0.001);
  }
});

Deno.test("positionAt() takes what is higher than its box, and nothing at all", () => {
  assertEquals(positionAt(0, { height: 0, scrollHeight: 0, viewport: 800 }), 0);
  assertEquals(positionAt(5, { height: 300, scrollHeight: 300, viewport: 800 }), 0);
  assertEquals(scrollTopAt(900, { height: 300, scrollHeight: 300, viewport: 800 }), 0);
});

Deno.test("followScroll() moves by exact pixels with the wheel, and by scale with the bar", () => {
  const state = { scrollTop: 2_000_000, position: 23_000_000 };
  assertEquals(followScroll(state, 2_000_100, HIGH), 23_000_100);
  assertEquals(followScroll(state, 1_999_000, HIGH), 22_999_000);
  assertEquals(followScroll(state, 3_999_200, HIGH), 46_000_000 - 800);
  assertEquals(followScroll({ scrollTop: 90, position: 30 }, 0, HIGH), 0);
});

Deno.test("isRunningOut() is true where the bar ends before the content does", () => {
  assertEquals(isRunningOut({ scrollTop: 100, position: 5000 }, HIGH), true);
  assertEquals(isRunningOut({ scrollTop: 3_999_150, position: 45_000_000 }, HIGH), true);
  assertEquals(isRunningOut({ scrollTop: 100, position: 100 }, HIGH), false);
  assertEquals(isRunningOut({ scrollTop: 3_999_150, position: 46_000_000 - 850 }, HIGH), false);
  assertEquals(isRunningOut({ scrollTop: 2_000_000, position: 9_000_000 }, HIGH), false);
});

Deno.test("a wheel that never rests goes through the whole of a limited box", () => {
  let state = { scrollTop: 3_700_000, position: 45_000_000 };
  const maxTop = HIGH.scrollHeight - HIGH.viewport;
  for (let turn = 0; turn < 2000 && state.position < HIGH.height - HIGH.viewport; turn++) {
    const scrollTop = Math.min(maxTop, state.scrollTop + 700);
    const position = followScroll(state, scrollTop, HIGH);
    assertEquals(position, Math.min(HIGH.height - HIGH.viewport, state.position + 700));
    const seated = isRunningOut({ scrollTop, position }, HIGH) ? scrollTopAt(position, HIGH) : scrollTop;
    state = { scrollTop: seated, position };
  }
  assertEquals(state.position, HIGH.height - HIGH.viewport);
});
