import type { Clock } from "../../base/mod.ts";
import type { DownloadEvent } from "../download_event.ts";

/** The engines that are compared: the one that is rolled out, and the one that fetches everything else. */
export type ComparedEngine = "canary" | "stable";

/** One file under way; its events tell how fast its bytes arrive. */
export interface FileFlow {
  /** Note an event of the file. */
  note(event: DownloadEvent): void;
  /** Note that the file has ended, however it did. */
  end(): void;
}

/** Options of {@linkcode SpeedComparisons}. */
export interface SpeedComparisonsOptions {
  readonly clock: Pick<Clock, "monotonic">;
  /** Called with each comparison: speed of a canary file as a multiple of that of a stable one. */
  readonly onRatio: (ratio: number) => void;
}

/**
 * Files with fewer bytes to fetch are not compared: their time is that of links, connections and the disk, and it
 * depends on the order in which files wait for their turn.
 */
const MIN_BYTES = 16 * 1024 ** 2;
/** A comparison lasts until so many files of each engine have ended in it, so that no file alone decides it. */
const FILES_PER_COMPARISON = 2;

type PerSide = Record<ComparedEngine, number>;

/** What was measured since the last comparison, only while files of both engines were under way. */
interface Round {
  readonly bytes: PerSide;
  /** Time that files were under way, summed over the files. */
  readonly fileMs: PerSide;
  readonly ended: PerSide;
}

interface HostFlow {
  /** Files under way. */
  readonly active: PerSide;
  round: Round;
  measuredAt: number;
}

/**
 * Compares how fast the files of two engines arrive that share a host, a line and this machine. An engine that fetches
 * several files at once always has company, and one that fetches them one after another often has none, so the time of
 * a file says how much was going on beside it, not how good its engine is. Only what happens while files of both are
 * under way is therefore counted, and per file: then both have the same company. Each comparison is made of other files
 * than the one before.
 */
export class SpeedComparisons {
  readonly #options: SpeedComparisonsOptions;
  readonly #hosts = new Map<string, HostFlow>();

  /**
   * Start without files.
   *
   * @param options Source of time, and observer
   */
  constructor(options: SpeedComparisonsOptions) {
    this.#options = options;
  }

  /** Begin to follow a file of one of the engines. */
  follow(side: ComparedEngine): FileFlow {
    let open: OpenFlow | null = null;
    const end = (): void => {
      if (open !== null) this.#close(open);
      open = null;
    };
    return {
      end,
      note: (event) => {
        if (event.type === "bytes" && open !== null) this.#count(open, event.count);
        // The bytes have arrived: what follows is checks and names.
        if (open !== null && open.leftBytes <= 0) end();
        if (event.type === "retry" || event.type === "restart") end();
        if (event.type !== "start") return;
        end();
        const leftBytes = event.totalBytes - event.resumedBytes;
        if (event.item.kind === "file" && leftBytes >= MIN_BYTES) open = this.#open(side, event.host ?? "", leftBytes);
      },
    };
  }

  #open(side: ComparedEngine, host: string, leftBytes: number): OpenFlow {
    const flow = this.#advance(host);
    flow.active[side]++;
    return { side, host, leftBytes, countedIn: null };
  }

  #count(open: OpenFlow, bytes: number): void {
    const flow = this.#advance(open.host);
    open.leftBytes -= bytes;
    if (!isShared(flow)) return;
    flow.round.bytes[open.side] += bytes;
    open.countedIn = flow.round;
  }

  #close({ side, host, countedIn }: OpenFlow): void {
    const flow = this.#advance(host);
    flow.active[side]--;
    const { round } = flow;
    if (countedIn !== round) return;
    round.ended[side]++;
    if (!isComplete(round)) return;
    flow.round = emptyRound();
    this.#options.onRatio(speedOf(round, "canary") / speedOf(round, "stable"));
  }

  /** Count the time since the last event of a host. */
  #advance(host: string): HostFlow {
    const now = this.#options.clock.monotonic();
    const flow = this.#hosts.get(host) ?? { active: { canary: 0, stable: 0 }, round: emptyRound(), measuredAt: now };
    this.#hosts.set(host, flow);
    if (isShared(flow)) {
      const elapsedMs = now - flow.measuredAt;
      flow.round.fileMs.canary += elapsedMs * flow.active.canary;
      flow.round.fileMs.stable += elapsedMs * flow.active.stable;
    }
    flow.measuredAt = now;
    return flow;
  }
}

/** A file whose bytes arrive. */
interface OpenFlow {
  readonly side: ComparedEngine;
  readonly host: string;
  leftBytes: number;
  /** The round that last counted bytes of it. */
  countedIn: Round | null;
}

function emptyRound(): Round {
  const none = (): PerSide => ({ canary: 0, stable: 0 });
  return { bytes: none(), fileMs: none(), ended: none() };
}

function isShared({ active }: HostFlow): boolean {
  return active.canary > 0 && active.stable > 0;
}

function isComplete({ bytes, fileMs, ended }: Round): boolean {
  return (["canary", "stable"] as const).every((side) =>
    ended[side] >= FILES_PER_COMPARISON && bytes[side] >= MIN_BYTES && fileMs[side] > 0
  );
}

/** Bytes per millisecond of one file. */
function speedOf({ bytes, fileMs }: Round, side: ComparedEngine): number {
  return bytes[side] / fileMs[side];
}
