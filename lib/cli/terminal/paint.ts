/** Applies a style to text, or returns it unchanged if colors are off. */
export type Painter = (text: string) => string;

/** The styles of the terminal output. */
export interface Paint {
  /** Style for headings. */
  readonly bold: Painter;
  /** Style for secondary information. */
  readonly dim: Painter;
  /** Style for failures. */
  readonly red: Painter;
  /** Style for successes. */
  readonly green: Painter;
  /** Style for warnings. */
  readonly yellow: Painter;
  /** Style for names and hints. */
  readonly cyan: Painter;
}

/** Matches the codes that {@linkcode createPaint} writes, and no others. */
// deno-lint-ignore no-control-regex -- codes begin with a control character
export const PAINT_CODE: RegExp = /(\x1b\[(?:1|2|22|31|32|33|36|39)m)/;

/** Options of {@linkcode createPaint}. */
export interface PaintOptions {
  /** Whether the styles write color codes. */
  readonly color: boolean;
}

/**
 * Create the styles; without colors, they return text unchanged.
 *
 * @param options Whether to use colors; the options of a command's `render` can be passed
 * @returns One painter for each style
 */
export function createPaint(options: PaintOptions): Paint {
  const { color } = options;
  const style = (on: number, off: number): Painter => (text) => color ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  return {
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    green: style(32, 39),
    yellow: style(33, 39),
    cyan: style(36, 39),
  };
}
