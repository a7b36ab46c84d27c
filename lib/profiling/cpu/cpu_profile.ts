/** A function as V8 names it: `url`, `line` and `column` are of the script, from 0; -1 if V8 does not know them. */
export interface CpuFrame {
  /** Its name; empty for an anonymous function, in parentheses for time without one. */
  readonly functionName: string;
  /** Address of its script; empty for native code. */
  readonly url: string;
  /** Line, from 0. */
  readonly line: number;
  /** Column, from 0. */
  readonly column: number;
}

/** One call path: a frame below the frames that called it. */
export interface CpuNode {
  /** The function. */
  readonly frame: CpuFrame;
  /** Indexes of the nodes that it called. */
  readonly children: readonly number[];
  /** Time in which it was on top of the stack, in microseconds. */
  readonly selfUs: number;
  /** Number of samples in which it was on top of the stack. */
  readonly hits: number;
  /** Samples by line of the script that ran, from 1; these are lines of JavaScript, never of TypeScript. */
  readonly ticks: readonly { readonly line: number; readonly count: number }[];
}

/** A CPU profile of V8: what was on the stack, sampled about once a millisecond. */
export interface CpuProfile {
  /** All nodes; the first one is the root. */
  readonly nodes: readonly CpuNode[];
  /** Number of samples. */
  readonly samples: number;
  /** Time from start to end in microseconds. */
  readonly durationUs: number;
}
