import type { MetricLabels } from "../metric_snapshot.ts";

/** Is told of each recorded value, with the labels of the series that took it. */
export type RecordListener = (value: number, labels: MetricLabels) => void;

/** An instrument that tells a second recorder of each value. */
export abstract class MirroredInstrument {
  /** Told after a value was taken; `undefined` for nobody. */
  protected listener: RecordListener | undefined;

  /**
   * Have a second recorder told of every value from now on; one at a time.
   *
   * @param listener Told after the value was taken
   * @returns Dispose it to end that
   */
  mirror(listener: RecordListener): Disposable {
    this.listener = listener;
    return {
      [Symbol.dispose]: () => {
        if (this.listener === listener) this.listener = undefined;
      },
    };
  }
}
