import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fileURLToPath } from "node:url";
import { type Clock, type Random, seededRandom } from "../../lib/base/mod.ts";
import { SteadyTicker, type Tick } from "../../lib/monitor/steady_ticker.ts";
import { EventClock } from "../helpers/event_clock.ts";
import { FakeClock } from "../helpers/fake_clock.ts";

const stopped = new Error("stopped");

/** Run a ticker on a clock for a number of ticks. */
async function tickTimes(
  count: number,
  options: { readonly clock: Clock; readonly work?: (tick: Tick) => void; readonly onError?: () => void },
): Promise<{ readonly ticks: readonly Tick[]; readonly ticker: SteadyTicker }> {
  const { clock, work = () => {}, onError } = options;
  const stop = new AbortController();
  const ticker = new SteadyTicker({ intervalMs: 30_000, clock, onError });
  const ticks: Tick[] = [];
  await assertRejects(() =>
    ticker.run((tick) => {
      ticks.push(tick);
      if (ticks.length === count) stop.abort(stopped);
      work(tick);
    }, { signal: stop.signal })
  );
  return { ticks, ticker };
}

/** Timers of this clock are late by up to the given time. */
class LateClock extends FakeClock {
  readonly #random: Random;
  readonly #lateMs: number;

  constructor(random: Random, lateMs: number) {
    super();
    this.#random = random;
    this.#lateMs = lateMs;
  }

  override sleep(ms: number): Promise<void> {
    this.advance(ms + this.#random() * this.#lateMs);
    return Promise.resolve();
  }
}

Deno.test("SteadyTicker ticks at the start and every interval after it, however long a tick takes", async () => {
  const clock = new FakeClock();
  const start = clock.now();
  const { ticks } = await tickTimes(5, { clock, work: () => clock.advance(12_345) });
  assertEquals(ticks.map((tick) => tick.now - start), [0, 30_000, 60_000, 90_000, 120_000]);
  assertEquals(ticks.map((tick) => tick.skipped), [0, 0, 0, 0, 0]);
});

Deno.test("SteadyTicker does not drift with late timers", async () => {
  const clock = new LateClock(seededRandom(7), 40);
  const { ticks, ticker } = await tickTimes(20_000, { clock });
  assert(ticks.every((tick, index) => tick.number === index && tick.lateMs <= 40 && tick.gaps.length === 0));
  const { driftMs, maxLateMs, ...rest } = ticker.figures;
  assertEquals(rest, { ticks: 20_000, skipped: 0, failed: 0, gaps: 0 });
  assert(driftMs > 10 && driftMs < 30 && maxLateMs > 30 && maxLateMs <= 40);
});

Deno.test("SteadyTicker skips the ticks during a long one and never stacks them", async () => {
  const clock = new FakeClock();
  const start = clock.now();
  const { ticks, ticker } = await tickTimes(4, {
    clock,
    work: (tick) => clock.advance(tick.number === 1 ? 100_000 : 10),
  });
  assertEquals(ticks.map((tick) => (tick.now - start) / 30_000), [0, 1, 5, 6]);
  assertEquals(ticks.map((tick) => tick.skipped), [0, 0, 3, 0]);
  assertEquals(ticker.figures.skipped, 3);
  assertEquals(ticks.flatMap((tick) => tick.gaps), []);
});

Deno.test("SteadyTicker continues after a tick that throws", async () => {
  let told = 0;
  const { ticks, ticker } = await tickTimes(4, {
    clock: new FakeClock(),
    onError: () => told++,
    work(tick) {
      if (tick.number % 2 === 1) throw new Error("no");
    },
  });
  assertEquals([ticks.length, told, ticker.figures.failed], [4, 2, 2]);
});

Deno.test("SteadyTicker ends with the reason of its signal after the current tick", async () => {
  const clock = new EventClock();
  const stop = new AbortController();
  let hasEnded = false;
  const running = new SteadyTicker({ intervalMs: 1000, clock }).run(async () => {
    await clock.sleep(600);
    hasEnded = true;
  }, { signal: stop.signal });
  const ended = assertRejects(() => running);
  await clock.run(300);
  stop.abort(stopped);
  assertEquals(hasEnded, false);
  await clock.run(400);
  assertEquals(hasEnded, true);
  assertEquals(await ended, stopped);
  assertEquals(clock.sleeping, 0);
});

Deno.test("SteadyTicker ends at once between ticks", async () => {
  const clock = new EventClock();
  const stop = new AbortController();
  const ended = assertRejects(() =>
    new SteadyTicker({ intervalMs: 1000, clock }).run(() => {}, { signal: stop.signal })
  );
  await clock.run(500);
  stop.abort(stopped);
  assertEquals(await ended, stopped);
});

Deno.test("SteadyTicker reports jumps of the wall clock and measures monotonic time", async () => {
  const clock = new FakeClock();
  const { ticks } = await tickTimes(5, {
    clock,
    work: (tick) => clock.jump({ 1: 7_200_000, 2: -3_600_000, 3: 15 }[tick.number] ?? 0),
  });
  assertEquals(ticks.map((tick) => tick.gaps), [
    [],
    [],
    [{ kind: "forward", ms: 7_200_000 }],
    [{ kind: "back", ms: 3_600_000 }],
    [],
  ]);
  assertEquals(ticks.map((tick) => tick.number), [0, 1, 2, 3, 4]);
});

Deno.test("SteadyTicker reports a suspended process", async () => {
  class StoppedClock extends FakeClock {
    override sleep(ms: number): Promise<void> {
      this.advance(this.sleeps.push(ms) === 2 ? ms + 95_000 : ms);
      return Promise.resolve();
    }
  }
  const { ticks, ticker } = await tickTimes(4, { clock: new StoppedClock() });
  assertEquals(ticks.map(({ number, skipped }) => [number, skipped]), [[0, 0], [1, 0], [5, 3], [6, 0]]);
  assertEquals(ticks[2]!.gaps, [{ kind: "stopped", ms: 95_000 }]);
  assertEquals([ticks[2]!.lateMs, ticker.figures.gaps, ticker.figures.maxLateMs], [5000, 1, 0]);
});

Deno.test("SteadyTicker refuses an invalid interval", () => {
  for (const intervalMs of [0, -1, NaN, Infinity]) assertThrows(() => new SteadyTicker({ intervalMs }), RangeError);
});

Deno.test({
  name: "SteadyTicker detects SIGSTOP and SIGCONT in a real process",
  ignore: Deno.build.os === "windows",
  async fn() {
    const script = fileURLToPath(new URL("_tick_probe.ts", import.meta.url));
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-prompt", script],
      stdin: "null",
      stdout: "piped",
    }).spawn();
    // A busy machine may stop it for a moment, too.
    const isStopped = ({ gaps }: Tick) => gaps.some(({ kind, ms }) => kind === "stopped" && ms > 150);
    const ticks: Tick[] = [];
    let stops = 0;
    let text = "";
    for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
      text += piece;
      const lines = text.split("\n");
      text = lines.pop()!;
      ticks.push(...lines.map((line) => JSON.parse(line)));
      // A stop during a tick counts as a long tick; the next one falls between ticks.
      if (ticks.length >= 3 * (stops + 1) && stops < 20) {
        stops++;
        child.kill("SIGSTOP");
        await new Promise((resolve) => setTimeout(resolve, 400));
        child.kill("SIGCONT");
      }
      if (ticks.some(isStopped)) break;
    }
    child.kill("SIGKILL");
    await child.status;
    const gap = ticks.find(isStopped);
    assert(gap !== undefined && gap.skipped >= 2, JSON.stringify(ticks));
    assert(ticks.every((tick, index) => index === 0 || tick.number > ticks[index - 1]!.number));
  },
});
