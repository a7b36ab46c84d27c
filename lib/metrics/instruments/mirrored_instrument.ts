import type { MetricLabels } from "../metric_snapshot.ts";

/** Receives each recorded value, with the labels of its series. */
export type RecordListener = (value: number, labels: MetricLabels) => void;

/**
 * Base of instruments that pass each value to a second recorder.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MetricRegistry } from "@civitai-dl/civitai-dl/metrics";
 *
 * const seen: number[] = [];
 * const counter = new MetricRegistry().counter({ name: "mail.sent", kind: "counter", unit: "{mail}", help: "" });
 * {
 *   using _mirror = counter.mirror((value) => seen.push(value));
 *   counter.add(2);
 * }
 * counter.add(5);
 * assertEquals(seen, [2]);
 * ```
 */
export abstract class MirroredInstrument {
  /** Called after a value is recorded; `undefined` if there is no second recorder. */
  protected onRecord: RecordListener | undefined;

  /**
   * Pass every value to a second recorder from now on. There is only one: a new listener replaces the previous one.
   *
   * @param listener Called after a value is recorded
   * @returns A disposable that removes the listener
   */
  mirror(listener: RecordListener): Disposable {
    this.onRecord = listener;
    return {
      [Symbol.dispose]: () => {
        if (this.onRecord === listener) this.onRecord = undefined;
      },
    };
  }
}
