import { assert } from "@std/assert";
import { threadCpuUsage } from "node:process";

/** Options of {@linkcode assertLinearTime}. */
export interface LinearTimeOptions {
  /**
   * The longest text, in UTF-16 units.
   *
   * @default {262144}
   */
  readonly maxLength?: number;
  /**
   * Limit of processor time per KiB, in milliseconds.
   *
   * @default {0.5}
   */
  readonly msPerKib?: number;
  /** Name of the function, used in the message. */
  readonly name?: string;
}

/** Fixed allowance per call: compilation, garbage collection. */
const FREE_MS = 100;
const TRIES = 3;

/**
 * Call a function with longer and longer texts of one repeated piece, and fail at the first that takes more than linear
 * time allows. A slow function fails after seconds; it does not hang.
 *
 * @param read The function
 * @param piece The text to repeat
 * @param options Length and limit
 */
export async function assertLinearTime(
  read: (text: string) => unknown,
  piece: string,
  options: LinearTimeOptions = {},
): Promise<void> {
  const { maxLength = 1 << 18, msPerKib = 0.5, name = read.name } = options;
  for (let length = 64; length <= maxLength; length *= length < 4096 ? 2 : 4) {
    const text = piece.repeat(Math.ceil(length / piece.length));
    const allowed = FREE_MS + length / 1024 * msPerKib;
    let best = Infinity;
    for (let attempt = 0; attempt < TRIES && best > allowed; attempt++) best = Math.min(best, await cost(read, text));
    const shown = JSON.stringify(piece.slice(0, 40));
    assert(best <= allowed, `${name} took ${Math.round(best)} ms for ${length} characters of ${shown}`);
  }
}

async function cost(read: (text: string) => unknown, text: string): Promise<number> {
  // Of this thread alone: other test files run in other threads.
  const before = threadCpuUsage();
  await read(text);
  const { user, system } = threadCpuUsage(before);
  return (user + system) / 1000;
}
