import { asFields, type Clock, ensurePrivateFolder, StateFile, systemClock } from "../../base/mod.ts";
import { dirname, join } from "node:path";
import type { Library } from "../open_library.ts";
import { stateFolder } from "../../library/mod.ts";
import { addReadings, type DaySpeed, usualSpeed } from "./usual_speed.ts";

/** Options of {@linkcode HostMemory.open}. */
export interface HostMemoryOptions {
  /** Called when the file cannot be read or written. */
  readonly onWarning: (message: string) => void;
  /**
   * Source of the days.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** Hosts that are remembered; those that were used last stay. */
const KEPT_HOSTS = 64;
/** Kinds of speeds of one host: a route of the API is one. */
const KEPT_KINDS = 32;
/** Readings of one kind in one run; beyond that, every second one is dropped. */
const KEPT_READINGS = 240;
/** Time between two writes while a run measures, in milliseconds: a kill loses no more. */
const SAVE_MS = 600_000;

/** Readings of a run that are not in the file yet, in ascending order: a median is asked for with each answer. */
interface Fresh {
  usual: number[];
  slow: number[];
}

/** Days by kind of speed. */
export type Kinds = ReadonlyMap<string, readonly DaySpeed[]>;
/** Usual speeds by host, the one that was used last at the end. */
export type Hosts = ReadonlyMap<string, Kinds>;

/**
 * Remembers how fast each host usually is: a median for each of the last 14 days, in `state/hosts.json` of a library.
 * Only the run that holds the library writes it: at its end, and every ten minutes if something was measured.
 */
export class HostMemory implements AsyncDisposable {
  readonly #file: StateFile<Hosts>;
  readonly #onWarning: (message: string) => void;
  readonly #clock: Clock;
  /** Days by kind and host, the host that was used last at the end. */
  readonly #hosts: Map<string, Kinds>;
  readonly #fresh = new Map<string, Map<string, Fresh>>();
  #savedAt: number;
  #saving = Promise.resolve();

  private constructor(file: StateFile<Hosts>, hosts: Hosts, options: HostMemoryOptions) {
    const { onWarning, clock = systemClock } = options;
    this.#file = file;
    this.#hosts = new Map(hosts);
    this.#onWarning = onWarning;
    this.#clock = clock;
    this.#savedAt = clock.monotonic();
  }

  /**
   * Open the memory of a library. A damaged file is moved aside, and everything is learned again.
   *
   * @param library The library, whose state folder has the file
   * @param options Warnings, clock
   * @returns The memory; dispose it to save it
   * @throws {KitError} `unsafe` if a later version of the program wrote the file
   */
  static async open(library: Pick<Library, "root">, options: HostMemoryOptions): Promise<HostMemory> {
    const file = hostsFile(library.root);
    ensurePrivateFolder(dirname(file.path));
    return new HostMemory(file, await file.open(options.onWarning) ?? new Map(), options);
  }

  /**
   * The usual speed, in bytes or answers per second; `null` if too little is known: by default less than six readings.
   */
  usual(host: string, kind: string, minReadings?: number): number | null {
    return usualSpeed(this.#daysOf(host, kind), this.#today(), minReadings);
  }

  /** Add a reading: of a host that is slow now, or of one that is not. */
  add(host: string, kind: string, reading: { readonly speed: number; readonly isSlow: boolean }): void {
    const kinds = this.#fresh.get(host) ?? new Map<string, Fresh>();
    if (!kinds.has(kind) && kinds.size >= KEPT_KINDS) return;
    this.#fresh.set(host, kinds);
    const fresh = kinds.get(kind) ?? { usual: [], slow: [] };
    kinds.set(kind, fresh);
    const list = reading.isSlow ? fresh.slow : fresh.usual;
    list.splice(list.findLastIndex((speed) => speed <= reading.speed) + 1, 0, reading.speed);
    if (list.length <= KEPT_READINGS) return;
    const kept = list.filter((_, index) => index % 2 === 1);
    if (reading.isSlow) fresh.slow = kept;
    else fresh.usual = kept;
  }

  /** Write what was measured, at most every ten minutes. */
  saveIfDue(): void {
    if (this.#clock.monotonic() - this.#savedAt < SAVE_MS) return;
    this.#saving = this.#saving.then(() => this.#save());
  }

  /** Write what was measured. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#saving;
    await this.#save();
  }

  #today(): string {
    return new Date(this.#clock.now()).toISOString().slice(0, 10);
  }

  #daysOf(host: string, kind: string): readonly DaySpeed[] {
    const days = this.#hosts.get(host)?.get(kind) ?? [];
    const fresh = this.#fresh.get(host)?.get(kind);
    // Until something else is known, a host is not slow, and what is slow is not usual.
    return fresh === undefined ? days : addReadings(days, { day: this.#today(), usual: fresh.usual, slow: [] });
  }

  async #save(): Promise<void> {
    this.#savedAt = this.#clock.monotonic();
    if (this.#fresh.size === 0) return;
    const day = this.#today();
    for (const [host, kinds] of this.#fresh) {
      const known = new Map(this.#hosts.get(host));
      for (const [kind, fresh] of kinds) known.set(kind, addReadings(known.get(kind) ?? [], { day, ...fresh }));
      this.#hosts.delete(host);
      this.#hosts.set(host, new Map([...known].slice(-KEPT_KINDS)));
    }
    this.#fresh.clear();
    try {
      await this.#file.write(new Map([...this.#hosts].slice(-KEPT_HOSTS)));
    } catch (error) {
      this.#onWarning(`Cannot write "${this.#file.path}": ${error instanceof Error ? error.message : error}`);
    }
  }
}

/** Return the file with the usual speeds of the hosts of a library. */
export function hostsFile(root: string): StateFile<Hosts> {
  return new StateFile<Hosts>(join(stateFolder(root), "hosts.json"), {
    schema: "civitai-dl/hosts",
    version: 1,
    parse: ({ hosts }) => {
      if (!Array.isArray(hosts)) throw new SyntaxError('"hosts" is not a list');
      return new Map(hosts.map(parseHost));
    },
    format: (hosts) => ({
      hosts: [...hosts].map(([host, kinds]) => ({ host, speeds: Object.fromEntries(kinds) })),
    }),
    loss: "the usual speeds of hosts are learned again",
  });
}

function parseHost(entry: unknown, index: number): readonly [string, Kinds] {
  const { host, speeds } = asFields(entry, `"hosts.${index}"`);
  if (typeof host !== "string") throw new SyntaxError(`"hosts.${index}.host" is not a text`);
  const kinds = Object.entries(asFields(speeds, `"hosts.${index}.speeds"`));
  return [host, new Map(kinds.map(([kind, days]) => [kind, parseDays(days, index)]))];
}

function parseDays(value: unknown, index: number): readonly DaySpeed[] {
  if (!Array.isArray(value)) throw new SyntaxError(`"hosts.${index}.speeds" has no list of days`);
  return value.map((entry) => {
    const { day, speed, readings, isSlow } = asFields(entry, `a day of "hosts.${index}.speeds"`);
    if (typeof day !== "string" || !isPositive(speed) || !isPositive(readings)) {
      throw new SyntaxError(`"hosts.${index}.speeds" has a bad day`);
    }
    return isSlow === true ? { day, speed, readings, isSlow } : { day, speed, readings };
  });
}

function isPositive(value: unknown): value is number {
  return typeof value === "number" && value > 0 && value < Infinity;
}
