import type { CurveTable } from "../curves/curve_report.ts";

/** A frame of a flame graph: as wide as its value, below the frames that it called. */
export interface FlameFrame {
  /** Text in the frame. */
  readonly name: string;
  /** More about the frame, in its tooltip. */
  readonly detail: string;
  /** Frames of a group have the same color. */
  readonly group: string;
  /** Value with that of its children, such as milliseconds. */
  readonly value: number;
  /** The frames that it called. */
  readonly children: readonly FlameFrame[];
}

/** A flame graph with the tables beside it. */
export interface FlamePage {
  /** Title of the page and the picture. */
  readonly title: string;
  /** What was measured, in a sentence or two. */
  readonly lead: string;
  /** What the reader has to be warned of. */
  readonly notes: readonly string[];
  /** The tables below the picture. */
  readonly tables: readonly CurveTable[];
  /** The frames. */
  readonly root: FlameFrame;
}
