import { type Random, seededRandom } from "../../../lib/base/mod.ts";
import { type Admission, Failsafe, type FailsafeEvent, fullJitter } from "../../../lib/failsafe/mod.ts";
import { FakeClock } from "../fake_clock.ts";

/** The state of a host: serving, responding 500 to new requests, also breaking open bodies, or down. */
export type HostHealth = "well" | "refusing" | "cutting" | "gone";

/** A library to fetch, and what happens meanwhile. */
export interface LibraryWorld {
  /** Seconds of an unbroken connection that each file takes, in order. */
  readonly fileSeconds: readonly number[];
  /** Hosts of the files, in rotation. */
  readonly hosts: readonly string[];
  /** State of the hosts, milliseconds after the start. */
  readonly healthAt: (ms: number) => HostHealth;
  /** End of the simulation if the files do not end it earlier, in milliseconds. */
  readonly untilMs: number;
}

/** A mode change and what preceded it. */
export interface SimulatedSwitch {
  /** Milliseconds after the start. */
  readonly atMs: number;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  /** Time since an attempt failed or was refused; `Infinity` if none did. */
  readonly sinceDenialMs: number;
}

/** The result of the simulation. */
export interface SimulatedLibrary {
  readonly switches: readonly SimulatedSwitch[];
  /** Requests that were sent. */
  readonly requests: number;
  readonly files: number;
  /** How often a lane met `paused` while another one received bytes. */
  readonly pausedBesideTraffic: number;
  /** Mode at the end. */
  readonly mode: string;
  /** When the ladder reached its first rung for the last time, milliseconds after the start. */
  readonly topAtMs: number;
  /** When the last file was complete, milliseconds after the start. */
  readonly endedAtMs: number;
}

const TICK_MS = 500;
/** Of the random waits; docs/failsafe.md says what others give. */
const SEED = 2;

const LANES: Readonly<Record<string, number>> = { turbo: 4, parallel: 4, resilient: 1, stable: 1, paused: 0 };

/** Index of the next file to take. */
interface Shelf {
  readonly left: { readonly number: number; readonly seconds: number }[];
  done: number;
}

/** Simulate fetching a library: lanes request, are refused, wait, fetch, fail and retry, in steps of half a second. */
export async function simulateLibrary(world: LibraryWorld): Promise<SimulatedLibrary> {
  const { fileSeconds, healthAt, untilMs } = world;
  const clock = new FakeClock();
  const startMs = clock.now();
  const facts = { requests: 0, deniedAt: -Infinity, pausedBesideTraffic: 0, endedAtMs: Infinity };
  const switches: SimulatedSwitch[] = [];
  const onEvent = (event: FailsafeEvent): void => {
    if (event.type !== "mode") return;
    const { from, to, reason } = event;
    switches.push({ atMs: clock.now() - startMs, from, to, reason, sinceDenialMs: clock.now() - facts.deniedAt });
  };
  await using failsafe = Failsafe.inMemory({ clock, random: seededRandom(SEED), onEvent });
  const shelf: Shelf = { left: fileSeconds.map((seconds, number) => ({ number, seconds })), done: 0 };
  const lanes = Array.from({ length: 4 }, () => new Lane(world, seededRandom(SEED + 100)));
  for (let ms = 0; ms < untilMs && shelf.done < fileSeconds.length; ms += TICK_MS) {
    clock.advance(TICK_MS);
    const health = healthAt(ms);
    const { mode } = failsafe;
    if (mode === "paused" && lanes.some((lane) => lane.isFlowing)) facts.pausedBesideTraffic++;
    lanes.forEach((lane, number) => {
      const end = lane.tick({ failsafe, shelf, health, ms, mayBegin: number < LANES[mode]! });
      facts.requests += end.requests;
      if (end.isDenied) facts.deniedAt = clock.now();
    });
    if (shelf.done === fileSeconds.length) facts.endedAtMs = ms;
  }
  const top = switches.findLast(({ to }) => to === "turbo");
  const { requests, pausedBesideTraffic, endedAtMs } = facts;
  return {
    switches,
    requests,
    pausedBesideTraffic,
    files: shelf.done,
    mode: failsafe.mode,
    topAtMs: switches.length === 0 ? 0 : top === switches.at(-1) ? top!.atMs : Infinity,
    endedAtMs,
  };
}

interface Moment {
  readonly failsafe: Failsafe;
  readonly shelf: Shelf;
  readonly health: HostHealth;
  readonly ms: number;
  /** Whether the mode allows this lane a file. */
  readonly mayBegin: boolean;
}

interface TickEnd {
  readonly requests: number;
  readonly isDenied: boolean;
}

const NOTHING: TickEnd = { requests: 0, isDenied: false };
const DENIED: TickEnd = { requests: 0, isDenied: true };

/** Fetches one file after another. */
class Lane {
  readonly #world: LibraryWorld;
  readonly #random: Random;
  #file: { readonly number: number; secondsLeft: number } | null = null;
  #body: Admission | null = null;
  #attempt = 0;
  #waitsUntil = 0;

  constructor(world: LibraryWorld, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  get isFlowing(): boolean {
    return this.#body !== null;
  }

  tick(moment: Moment): TickEnd {
    if (this.#body !== null) return this.#flow(moment, this.#body);
    if (this.#file === null && !this.#take(moment)) return NOTHING;
    if (moment.ms < this.#waitsUntil || moment.failsafe.mode === "paused") return NOTHING;
    return this.#ask(moment);
  }

  #take({ shelf, mayBegin }: Moment): boolean {
    const next = mayBegin ? shelf.left.shift() : undefined;
    if (next === undefined) return false;
    this.#file = { number: next.number, secondsLeft: next.seconds };
    this.#attempt = 0;
    return true;
  }

  #ask({ failsafe, health, ms }: Moment): TickEnd {
    const { hosts } = this.#world;
    const admission = failsafe.admit(hosts[this.#file!.number % hosts.length]!);
    if (admission.type === "refused") return DENIED;
    if (health === "well") {
      this.#body = admission;
      return { requests: 1, isDenied: false };
    }
    admission.finish({
      type: "failed",
      failure: health === "gone" ? "connection" : "server",
      isHard: health === "gone",
    });
    this.#again(ms);
    return { requests: 1, isDenied: true };
  }

  #flow({ health, shelf, ms }: Moment, body: Admission): TickEnd {
    if (health === "cutting" || health === "gone") {
      body.finish({ type: "failed", failure: "connection" });
      this.#body = null;
      this.#again(ms);
      return DENIED;
    }
    body.recordFlow();
    this.#file!.secondsLeft -= TICK_MS / 1000;
    if (this.#file!.secondsLeft > 0) return NOTHING;
    body.finish({ type: "ok", durationMs: 100 });
    this.#body = null;
    this.#file = null;
    shelf.done++;
    return NOTHING;
  }

  #again(ms: number): void {
    this.#waitsUntil = ms + fullJitter(this.#attempt++, { random: this.#random });
  }
}
