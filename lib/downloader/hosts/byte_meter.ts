/** Length of the window that speeds are measured over, in milliseconds. */
const WINDOW_MS = 10_000;
const SECOND_MS = 1000;
/**
 * The beginning of each body, in milliseconds of waiting, says little: the connection still accelerates. A small file
 * ends within it, unless the host is slow.
 */
const START_MS = 500;
/** Less waiting than this within a window, in milliseconds, proves nothing. */
const MIN_WAITED_MS = 2000;
/** The longest gap between bytes that counts as time in which the host was at work, in milliseconds. */
const MAX_GAP_MS = 2000;
/** A small body takes at least this long in the reckoning, in milliseconds: what the system has buffered takes none. */
const MIN_BODY_MS = 50;
/** Small bodies prove no more than this, in bytes per second. */
const MAX_BRIEF_SPEED = 4 << 20;

/** Speeds of a host over the last ten seconds, in bytes per second. */
export interface ByteSpeeds {
  /** Of one connection. */
  readonly connection: number;
  /** Of all connections together. */
  readonly host: number;
}

interface Second {
  readonly index: number;
  /** Bytes and waits after the beginning of each body. */
  bytes: number;
  waitedMs: number;
  /** All bytes, and the time in which they came. */
  allBytes: number;
  activeMs: number;
}

/**
 * Measures how fast a host sends bodies: of one connection, by the time that it waits for bytes, and of all together.
 * The time that the disk, the limit of `--limit-rate` or this program takes does not count, nor does the beginning of
 * a body.
 */
export class ByteMeter {
  readonly #bodies = new Map<string, { bytes: number; waitedMs: number }>();
  #seconds: Second[] = [];
  #lastAt = -Infinity;
  /** Bodies that ended within their beginning, since the last call of `takeBrief`. */
  #brief = { bytes: 0, ms: 0 };

  /** Record bytes of a body that arrived now. */
  record(key: string, { bytes, waitedMs, nowMs }: { bytes: number; waitedMs: number; nowMs: number }): void {
    const body = this.#bodies.get(key) ?? { bytes: 0, waitedMs: 0 };
    this.#bodies.set(key, body);
    body.bytes += bytes;
    body.waitedMs += waitedMs;
    const steadyMs = Math.min(waitedMs, Math.max(0, body.waitedMs - START_MS));
    const second = this.#secondAt(nowMs);
    if (waitedMs > 0) second.bytes += bytes * steadyMs / waitedMs;
    second.waitedMs += steadyMs;
    second.allBytes += bytes;
    second.activeMs += Math.min(Math.max(0, nowMs - this.#lastAt), Math.max(MAX_GAP_MS, waitedMs));
    this.#lastAt = nowMs;
  }

  /** Record the end of a body. */
  end(key: string, { isWhole }: { readonly isWhole: boolean }): void {
    const body = this.#bodies.get(key);
    this.#bodies.delete(key);
    if (!isWhole || body === undefined || body.waitedMs > START_MS) return;
    this.#brief.bytes += body.bytes;
    this.#brief.ms += Math.max(MIN_BODY_MS, body.waitedMs);
  }

  /** Read the speeds of the last ten seconds; `null` if too little was measured. */
  read(nowMs: number): ByteSpeeds | null {
    const first = Math.floor((nowMs - WINDOW_MS) / SECOND_MS);
    this.#seconds = this.#seconds.filter(({ index }) => index > first);
    let bytes = 0;
    let waitedMs = 0;
    let allBytes = 0;
    let activeMs = 0;
    for (const second of this.#seconds) {
      bytes += second.bytes;
      waitedMs += second.waitedMs;
      allBytes += second.allBytes;
      activeMs += second.activeMs;
    }
    if (waitedMs < MIN_WAITED_MS || activeMs === 0) return null;
    return { connection: bytes / (waitedMs / 1000), host: allBytes / (activeMs / 1000) };
  }

  /**
   * Take the speed of the small bodies since the last call, in bytes per second; `null` if there were none. The host
   * may be faster, but is not slower.
   */
  takeBrief(): number | null {
    const { bytes, ms } = this.#brief;
    this.#brief = { bytes: 0, ms: 0 };
    return ms === 0 || bytes === 0 ? null : Math.min(MAX_BRIEF_SPEED, bytes / (ms / 1000));
  }

  #secondAt(nowMs: number): Second {
    const index = Math.floor(nowMs / SECOND_MS);
    const last = this.#seconds.at(-1);
    if (last?.index === index) return last;
    const second = { index, bytes: 0, waitedMs: 0, allBytes: 0, activeMs: 0 };
    this.#seconds.push(second);
    if (this.#seconds.length > 2 * WINDOW_MS / SECOND_MS) this.#seconds.shift();
    return second;
  }
}
