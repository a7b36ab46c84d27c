import {
  cleanText,
  type Clock,
  ensurePrivateFolder,
  PRIVATE_FILE_MODE,
  readTextNoFollow,
  refuseNewer,
  setAside,
  systemClock,
  writeAtomic,
} from "../../base/mod.ts";
import { join } from "node:path";
import type { Library } from "../open_library.ts";
import { STATE_FOLDER } from "../../library/mod.ts";
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

/** Name of the file in the state folder of a library. */
const NAME = "hosts.json";
const SCHEMA = "civitai-dl/hosts";
/** Hosts that are remembered; those that were used last stay. */
const KEPT_HOSTS = 64;
/** Kinds of speeds of one host: a route of the API is one. */
const KEPT_KINDS = 32;
/** Readings of one kind in one run; beyond that, every second one is dropped. */
const KEPT_READINGS = 240;
/** Time between two writes while a run measures, in milliseconds: a kill loses no more. */
const SAVE_MS = 600_000;

/** Readings of a run that are not in the file yet. */
interface Fresh {
  usual: number[];
  slow: number[];
}

type Kinds = ReadonlyMap<string, readonly DaySpeed[]>;

/**
 * Remembers how fast each host usually is: a median for each of the last 14 days, in `state/hosts.json` of a library.
 * Only the run that holds the library writes it: at its end, and every ten minutes if something was measured.
 */
export class HostMemory implements AsyncDisposable {
  readonly #path: string;
  readonly #onWarning: (message: string) => void;
  readonly #clock: Clock;
  /** Days by kind and host, the host that was used last at the end. */
  readonly #hosts: Map<string, Kinds>;
  readonly #fresh = new Map<string, Map<string, Fresh>>();
  #savedAt: number;
  #saving = Promise.resolve();

  private constructor(path: string, hosts: Map<string, Kinds>, options: HostMemoryOptions) {
    const { onWarning, clock = systemClock } = options;
    this.#path = path;
    this.#hosts = hosts;
    this.#onWarning = onWarning;
    this.#clock = clock;
    this.#savedAt = clock.monotonic();
  }

  /**
   * Open the memory of a library. A file that cannot be parsed is moved aside, and everything is learned again.
   *
   * @param library The library, whose state folder has the file
   * @param options Warnings, clock
   * @returns The memory; dispose it to save it
   * @throws {KitError} `unsafe` if a later version of the program wrote the file
   */
  static async open(library: Pick<Library, "root">, options: HostMemoryOptions): Promise<HostMemory> {
    const folder = join(library.root, STATE_FOLDER, "state");
    const path = join(folder, NAME);
    ensurePrivateFolder(folder);
    try {
      return new HostMemory(path, parseHosts(await readTextNoFollow(path), path), options);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return new HostMemory(path, new Map(), options);
      if (!(error instanceof SyntaxError)) throw error;
      const aside = await setAside(path);
      const next = "the usual speeds of hosts are learned again";
      options.onWarning(`Cannot read "${path}": ${cleanText(error.message)}; moved to "${aside}", ${next}`);
      return new HostMemory(path, new Map(), options);
    }
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
    list.push(reading.speed);
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
    const hosts = [...this.#hosts].slice(-KEPT_HOSTS).map(([host, kinds]) => ({
      host,
      speeds: Object.fromEntries(kinds),
    }));
    try {
      const text = JSON.stringify({ schema: SCHEMA, version: 1, hosts });
      await writeAtomic(this.#path, `${text}\n`, { mode: PRIVATE_FILE_MODE });
    } catch (error) {
      this.#onWarning(`Cannot write "${this.#path}": ${error instanceof Error ? error.message : error}`);
    }
  }
}

function parseHosts(text: string, path: string): Map<string, Kinds> {
  const document: unknown = JSON.parse(text);
  refuseNewer(document, { path, version: 1 });
  if (!isRecord(document) || document.schema !== SCHEMA || !Array.isArray(document.hosts)) {
    throw new SyntaxError(`it is no ${SCHEMA}`);
  }
  return new Map(document.hosts.map((entry: unknown, index) => {
    if (!isRecord(entry) || typeof entry.host !== "string" || !isRecord(entry.speeds)) {
      throw new SyntaxError(`"hosts.${index}" is no host with speeds`);
    }
    const kinds = Object.entries(entry.speeds).map(([kind, days]) => [kind, parseDays(days, index)] as const);
    return [entry.host, new Map(kinds)];
  }));
}

function parseDays(value: unknown, index: number): readonly DaySpeed[] {
  const isDay = (day: unknown): day is DaySpeed =>
    isRecord(day) && typeof day.day === "string" && isPositive(day.speed) && isPositive(day.readings);
  if (!Array.isArray(value) || !value.every(isDay)) throw new SyntaxError(`"hosts.${index}.speeds" has a bad day`);
  return value;
}

function isPositive(value: unknown): boolean {
  return typeof value === "number" && value > 0 && value < Infinity;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
