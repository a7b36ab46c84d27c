import { type Random, seededRandom } from "../../../lib/base/mod.ts";
import { HostMemory } from "../../../lib/downloader/hosts/host_memory.ts";
import { type HostReading, HostWatch } from "../../../lib/downloader/hosts/host_watch.ts";
import type { DownloadEvent } from "../../../lib/downloader/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

/** Host of the storage, and of the API. */
export const STORAGE = "storage.example";
export const API = "api.example";

/** How a storage behaves for a while. */
export interface Traffic {
  readonly seconds: number;
  readonly connections: number;
  /** Bytes per second of one connection. */
  readonly speed: number;
  /** Bytes of each file; by default the file has no end. */
  readonly fileBytes?: number;
  /** Share of the time in which the connections wait for bytes; by default all of it. */
  readonly waitShare?: number;
  /** Factor by which the speed of a second scatters around `speed`, up and down. */
  readonly scatter?: number;
}

/** Runs on a library in simulated time. */
export class Night {
  readonly clock: FakeClock;
  readonly #random: Random;
  readonly #root: string;
  #memory!: HostMemory;
  #watch!: HostWatch;
  #files = 0;
  /** Seconds in which a host was slow. */
  slowSeconds = 0;
  /** Readings of the last second. */
  last: readonly HostReading[] = [];

  constructor(root: string, options: { readonly clock?: FakeClock; readonly seed?: number } = {}) {
    this.#root = root;
    this.clock = options.clock ?? new FakeClock();
    this.#random = seededRandom(options.seed ?? 1);
  }

  /** Run something as one run of the program: what it learned is saved at its end. */
  async run(
    work: () => void | Promise<void>,
    options: { readonly connections?: number; readonly isLimited?: boolean } = {},
  ): Promise<void> {
    const { connections = 4, isLimited = false } = options;
    const { clock } = this;
    const onWarning = (message: string): never => {
      throw new Error(message);
    };
    await using memory = await HostMemory.open({ root: this.#root }, { onWarning, clock });
    this.#memory = memory;
    this.#watch = new HostWatch({ memory, connections, isLimited, clock });
    await work();
  }

  /** The reading of a host. */
  reading(host = STORAGE): HostReading | undefined {
    return this.last.find((reading) => reading.host === host);
  }

  usual(host: string, kind: string): number | null {
    return this.#memory.usual(host, kind);
  }

  /** Let the storage send for a while. Stop at the first second in which a condition holds, and return the seconds. */
  flow(traffic: Traffic, until: (reading: HostReading | undefined) => boolean = () => false): number {
    const { seconds, connections, speed, fileBytes = Infinity, scatter = 1, waitShare = 1 } = traffic;
    const open = Array.from({ length: connections }, () => this.#start());
    for (let second = 1; second <= seconds; second++) {
      const now = speed * Math.exp((2 * this.#random() - 1) * Math.log(scatter));
      for (let quarter = 0; quarter < 4; quarter++) {
        this.clock.advance(250);
        for (const file of open) this.#receive(file, { bytes: now / 4, ms: 250 * waitShare, fileBytes });
      }
      if (this.tick(until)) return second;
    }
    for (const { key } of open) this.#end(key);
    return seconds;
  }

  /** Let the API answer one request after another for a while, each within so many milliseconds. */
  answer(
    { seconds, ms, route = "/api/v1/models", status = 200 }: {
      readonly seconds: number;
      readonly ms: number;
      readonly route?: string;
      readonly status?: number;
    },
    until: (reading: HostReading | undefined) => boolean = () => false,
  ): number {
    const start = this.clock.monotonic();
    while (this.clock.monotonic() - start < seconds * 1000) {
      const durationMs = ms * (0.7 + 0.6 * this.#random());
      this.clock.advance(durationMs);
      this.#watch.recordRequest({ url: `https://${API}${route}?limit=100`, status, durationMs });
      if (this.tick(until, API)) break;
    }
    return (this.clock.monotonic() - start) / 1000;
  }

  record(event: DownloadEvent): void {
    this.#watch.record(event);
  }

  /** Read all hosts, as the program does each second. */
  tick(until: (reading: HostReading | undefined) => boolean = () => false, host = STORAGE): boolean {
    this.last = this.#watch.readings();
    if (this.last.some(({ slowSince }) => slowSince !== null)) this.slowSeconds++;
    return until(this.reading(host));
  }

  #start(): { key: string; bytes: number } {
    const key = `file:${++this.#files}`;
    const item = { key, kind: "file", path: key, creator: null, modelId: 1, versionId: 1, fileId: 1 } as const;
    this.record({ type: "start", item, host: STORAGE, totalBytes: 0, resumedBytes: 0 });
    return { key, bytes: 0 };
  }

  /** Receive bytes of a file; a small file ends within the time, and others follow. */
  #receive(
    file: { key: string; bytes: number },
    { bytes, ms, fileBytes }: { readonly bytes: number; readonly ms: number; readonly fileBytes: number },
  ): void {
    for (let left = bytes; left > 0;) {
      const count = Math.min(left, fileBytes - file.bytes);
      this.record({ type: "bytes", key: file.key, count: Math.ceil(count), waitedMs: ms * count / bytes });
      file.bytes += count;
      left -= count;
      if (file.bytes < fileBytes) continue;
      this.#end(file.key);
      Object.assign(file, this.#start());
    }
  }

  #end(key: string): void {
    const item = { key, kind: "file", path: key, creator: null, modelId: 1, versionId: 1, fileId: 1 } as const;
    this.record({
      type: "end",
      item,
      host: STORAGE,
      outcome: "done",
      bytes: 1,
      durationMs: 1,
      failure: null,
      message: null,
    });
  }
}

/** Play nights on a library of their own. */
export function withNight(
  play: (night: Night, root: string) => Promise<void>,
  options: { readonly seed?: number } = {},
): Promise<void> {
  return inTempDir((root) => play(new Night(root, options), root));
}
