import { assert, assertEquals } from "@std/assert";
import { createRedactor } from "../../../lib/base/mod.ts";
import { MemoryIo, StatusArea, type StatusAreaOptions } from "../../../lib/cli/mod.ts";
import { systemTicker } from "../../../lib/cli/terminal/system_ticker.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";

/** A status area whose clock the test advances. */
function setUp(mode: StatusAreaOptions["mode"], more: Partial<StatusAreaOptions> = {}) {
  const io = new MemoryIo({ width: 11 });
  const clock = new FakeClock();
  const timers: { ms: number; tick: () => void }[] = [];
  const ticker = (ms: number, tick: () => void): Disposable => {
    const timer = { ms, tick };
    timers.push(timer);
    return { [Symbol.dispose]: () => timers.splice(timers.indexOf(timer), 1) };
  };
  const area = new StatusArea({ io, mode, clock, ticker, ...more });
  const written = (): string => {
    const text = io.err;
    io.err = "";
    return text;
  };
  return { area, clock, timers, written };
}

Deno.test("StatusArea draws at once, then in place", () => {
  const { area, clock, written } = setUp("draw");
  area.update(["one", "two"]);
  assertEquals(written(), "one\ntwo\n");
  clock.advance(100);
  area.update(["three"]);
  assertEquals(written(), "\x1b[2A\r\x1b[Jthree\n");
});

Deno.test("StatusArea draws at most ten times a second and always shows the last state", () => {
  const { area, clock, timers, written } = setUp("draw");
  area.update(["0"]);
  for (let step = 1; step < 100; step++) {
    clock.advance(1);
    area.update([String(step)]);
  }
  assertEquals(written(), "0\n");
  assertEquals(timers[0]!.ms, 100);
  timers[0]!.tick();
  assertEquals(written(), "\x1b[1A\r\x1b[J99\n");
  timers[0]!.tick();
  assertEquals(written(), "");
});

Deno.test("StatusArea redraws each second without updates, and at once with one", () => {
  let count = 0;
  const { area, clock, timers, written } = setUp("draw", { lines: () => [`${++count}`] });
  area.refresh();
  assertEquals(written(), "1\n");
  area.refresh();
  clock.advance(500);
  timers[0]!.tick();
  assertEquals(written(), "\x1b[1A\r\x1b[J2\n");
  timers[0]!.tick();
  assertEquals(written(), "");
  clock.advance(1000);
  timers[0]!.tick();
  assertEquals(written(), "\x1b[1A\r\x1b[J3\n");
});

Deno.test("StatusArea writes log lines above itself", () => {
  const { area, written } = setUp("draw");
  area.update(["bar"]);
  written();
  area.log("done: x");
  assertEquals(written(), "\x1b[1A\r\x1b[Jdone: x\nbar\n");
});

Deno.test("StatusArea truncates lines to the width, with wide characters", () => {
  const { area, written } = setUp("draw");
  area.update(["日本語日本語", "0123456789"]);
  assertEquals(written(), "日本語日…\n0123456789\n");
});

Deno.test("StatusArea erases itself and stops its timer when disposed", () => {
  const { area, timers, written } = setUp("draw");
  area.update(["bar"]);
  written();
  area[Symbol.dispose]();
  area[Symbol.dispose]();
  assertEquals([written(), timers.length], ["\x1b[1A\r\x1b[J", 0]);
  area.update(["late"]);
  area.log("after");
  assertEquals(written(), "after\n");
});

Deno.test("StatusArea writes a periodic summary where it cannot draw", () => {
  let files = 0;
  const { area, timers, written } = setUp("lines", { summary: () => files === 0 ? undefined : `${files} files` });
  area.update(["bar"]);
  assertEquals([written(), timers[0]!.ms], ["", 30_000]);
  timers[0]!.tick();
  files = 3;
  timers[0]!.tick();
  area.log("x");
  assertEquals(written(), "3 files\nx\n");
  area[Symbol.dispose]();
  assertEquals([written(), timers.length], ["", 0]);
});

Deno.test("StatusArea shows nothing and has no timer if hidden", () => {
  const { area, timers, written } = setUp("hidden", { summary: () => "x" });
  area.update(["bar"]);
  area[Symbol.dispose]();
  assertEquals([written(), timers.length], ["", 0]);
});

Deno.test("StatusArea removes secrets before it truncates", () => {
  const { area, written } = setUp("draw", { redact: createRedactor(["secret-token"]) });
  area.update(["secret-token"]);
  assertEquals(written(), "[redacted]\n");
});

Deno.test("systemTicker() ticks until disposed", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const alive = setTimeout(() => {}, 60_000);
  let ticks = 0;
  const timer = systemTicker(1, () => {
    ticks++;
    resolve();
  });
  try {
    await promise;
  } finally {
    timer[Symbol.dispose]();
    clearTimeout(alive);
  }
  assert(ticks >= 1);
});
