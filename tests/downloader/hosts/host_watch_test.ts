import { assert, assertEquals } from "@std/assert";
import { describeRatio } from "../../../lib/downloader/mod.ts";
import { API, type Night, STORAGE, withNight } from "./_night.ts";

const KIB = 1024;
const DAY_MS = 86_400_000;
/** Four connections of 900 KiB/s. */
const USUAL = { seconds: 120, connections: 4, speed: 900 * KIB } as const;

Deno.test("HostWatch calls a storage slow within 25 seconds, and says by how much and since when", () =>
  withNight(async (night) => {
    await night.run(() => void night.flow(USUAL));
    await night.run(() => {
      night.flow({ ...USUAL, seconds: 30 });
      assertEquals(night.reading()?.slowSince, null);
      const from = night.clock.now();
      const seconds = night.flow({ ...USUAL, speed: 8 * KIB }, (reading) => reading?.slowSince !== null);
      assert(seconds <= 25, `${seconds} s`);
      night.flow({ ...USUAL, seconds: 30, speed: 8 * KIB });
      const { slowSince, speed } = night.reading()!;
      const { ratio, kind, usual, current } = speed!;
      assertEquals([describeRatio(ratio), kind], ["1/113 of its usual speed", "bytes"]);
      assertEquals([Math.round(usual / KIB), Math.round(current / KIB)], [900, 8]);
      assert(slowSince! - from < 15_000, `${slowSince! - from} ms`);
      const clear = night.flow(USUAL, (reading) => reading?.slowSince === null);
      assert(clear <= 12, `${clear} s`);
    });
  }));

Deno.test("HostWatch knows a host that only sent small files, and calls it slow", () =>
  withNight(async (night) => {
    const small = { ...USUAL, fileBytes: 26_000 };
    await night.run(() => void night.flow(small));
    await night.run(() => {
      night.flow(small);
      const seconds = night.flow({ ...small, speed: 8 * KIB }, (reading) => reading?.slowSince !== null);
      assert(seconds <= 25, `${seconds} s`);
      const clear = night.flow(small, (reading) => reading?.slowSince === null);
      // Small files at full speed measure nothing, so the verdict is forgotten.
      assert(clear <= 45, `${clear} s`);
    });
  }));

Deno.test("HostWatch calls an API slow after three slow answers, and fine after three quick ones", () =>
  withNight(async (night) => {
    await night.run(() => void night.answer({ seconds: 60, ms: 300 }));
    await night.run(() => {
      night.answer({ seconds: 20, ms: 300 });
      const seconds = night.answer({ seconds: 120, ms: 6000 }, (reading) => reading?.slowSince !== null);
      assert(seconds <= 25, `${seconds} s`);
      const { kind, ratio, current } = night.reading(API)!.speed!;
      assertEquals(kind, "answer");
      assert(ratio < 1 / 10 && current > 4000, JSON.stringify({ ratio, current }));
      const clear = night.answer({ seconds: 120, ms: 300 }, (reading) => reading?.slowSince === null);
      assert(clear <= 5, `${clear} s`);
    });
  }));

for (const seconds of [16, 26]) {
  Deno.test(`HostWatch finds a storage slow on its first day after ${seconds} s, and does not take the slow speed for usual`, () =>
    withNight(async (night) => {
      await night.run(() => {
        night.flow({ ...USUAL, seconds });
        const slow = { ...USUAL, seconds: 240, speed: 8 * KIB };
        const found = night.flow(slow, (reading) => reading?.slowSince != null);
        assert(found <= 60, `${found} s`);
        night.flow({ ...slow, seconds: 240 - found });
        const { slowSince, speed } = night.reading()!;
        assert(slowSince !== null && speed!.usual > 450 * KIB, JSON.stringify(night.reading()));
      });
      // Nor does the next run of the day.
      await night.run(() => {
        night.flow({ ...USUAL, seconds: 60, speed: 8 * KIB });
        assert(night.reading()?.slowSince !== null && night.reading()!.speed!.usual > 450 * KIB);
      });
    }));
}

Deno.test("HostWatch does not call a host slow that it hardly knows", () =>
  withNight(async (night) => {
    await night.run(() => {
      night.flow({ ...USUAL, speed: 8 * KIB });
      night.answer({ seconds: 0.5, ms: 300 });
      night.answer({ seconds: 60, ms: 6000 });
    });
    assertEquals(night.slowSeconds, 0);
  }));

Deno.test("HostWatch forgets a slow host of which nothing comes any more", () =>
  withNight(async (night) => {
    await night.run(() => void night.flow(USUAL));
    await night.run(() => {
      night.flow({ ...USUAL, speed: 8 * KIB });
      assert(night.reading()?.slowSince !== null);
      for (let second = 0; second < 45; second++) {
        night.clock.advance(1000);
        night.tick();
      }
      assertEquals([night.reading()?.slowSince, night.reading()?.speed], [null, null]);
    });
  }));

Deno.test("HostWatch takes a new speed for usual when it has lasted for a week", () =>
  withNight(async (night) => {
    const lines: boolean[] = [];
    for (let day = 0; day < 30; day++) {
      const speed = day < 14 ? USUAL.speed : USUAL.speed / 10;
      await night.run(() => {
        night.flow({ ...USUAL, speed });
        lines.push(night.reading()?.slowSince === null);
      });
      night.clock.advance(DAY_MS);
    }
    assertEquals([lines.slice(0, 14).every(Boolean), lines[14], lines[20], lines[29]], [true, false, false, true]);
  }));

Deno.test("HostWatch does not let a bad first day become usual", () =>
  withNight(async (night) => {
    await night.run(() => {
      night.flow(USUAL);
      night.flow({ ...USUAL, seconds: 3600, speed: 8 * KIB });
      assert(night.reading()?.slowSince !== null);
    });
    await night.run(() => {
      assertEquals(Math.round(night.usual(STORAGE, "connection")! / KIB), 900);
      night.flow({ ...USUAL, seconds: 60, speed: 8 * KIB });
      assert(night.reading()?.slowSince !== null);
    });
  }));

Deno.test("HostWatch reports how many requests a host may have in flight, and why", () =>
  withNight(async (night) => {
    await night.run(() => {
      night.record({ type: "limit", host: STORAGE, from: 4, to: 1, reason: "refused" });
      night.tick();
      const changedAt = night.clock.now();
      assertEquals(night.reading()?.limit, { value: 1, ceiling: 4, reason: "refused", changedAt });
    });
  }));

/** A quiet night, in which nothing may be called slow. */
type Quiet = (night: Night) => Promise<void>;

const hour = 3600;
const QUIET: Readonly<Record<string, Quiet>> = {
  "large files at a speed that scatters": (night) =>
    night.run(() => void night.flow({ ...USUAL, seconds: 2 * hour, scatter: 2 })),
  "small files after large ones": (night) =>
    night.run(() => {
      night.flow(USUAL);
      night.flow({ seconds: hour, connections: 4, speed: 150 * KIB, fileBytes: 26_000 });
      night.flow(USUAL);
    }),
  "one connection, then eight on the same line": async (night) => {
    await night.run(() => void night.flow({ seconds: hour, connections: 1, speed: 8000 * KIB }), { connections: 1 });
    await night.run(() => void night.flow({ seconds: hour, connections: 8, speed: 1000 * KIB }), { connections: 8 });
  },
  "four connections, then one in a lowered mode": (night) =>
    night.run(() => {
      night.flow(USUAL);
      night.flow({ ...USUAL, seconds: hour, connections: 1 });
    }),
  "a rate that the user limits": async (night) => {
    await night.run(() => void night.flow(USUAL));
    // The limiter reads a chunk, and then waits by itself: the connection waits for a twentieth of the time.
    const limited = { ...USUAL, seconds: hour, speed: 45 * KIB, waitShare: 0.05 };
    await night.run(() => void night.flow(limited), { isLimited: true });
    await night.run(() => void night.flow(USUAL));
  },
  "listings of pages of every size": (night) =>
    night.run(() => {
      for (let round = 0; round < 60; round++) {
        night.answer({ seconds: 30, ms: 150, route: "/api/v1/model-versions/17" });
        night.answer({ seconds: 30, ms: 1800 });
        night.answer({ seconds: 5, ms: 60, status: 304 });
      }
    }),
  "a glitch of a few seconds": (night) =>
    night.run(() => {
      for (let round = 0; round < 60; round++) {
        night.flow({ ...USUAL, seconds: 50 });
        night.flow({ ...USUAL, seconds: 6, speed: 4 * KIB });
      }
    }),
};

for (const [what, play] of Object.entries(QUIET)) {
  Deno.test(`HostWatch calls nothing slow in two days of ${what}`, () =>
    withNight(async (night) => {
      for (let day = 0; day < 2; day++) {
        await play(night);
        night.clock.advance(DAY_MS / 2);
      }
      assertEquals(night.slowSeconds, 0);
    }));
}
