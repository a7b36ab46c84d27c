/** Colours a text, or leaves it. */
export type Painter = (text: string) => string;

/** The few styles that the output uses. */
export interface Paint {
  /** For headings. */
  readonly bold: Painter;
  /** For what matters less. */
  readonly dim: Painter;
  /** For failures. */
  readonly red: Painter;
  /** For successes. */
  readonly green: Painter;
  /** For warnings. */
  readonly yellow: Painter;
  /** For names. */
  readonly cyan: Painter;
}

/** The codes that {@linkcode createPaint} writes, and no others. */
// deno-lint-ignore no-control-regex -- codes begin with a control character
export const PAINT_CODE: RegExp = /(\x1b\[(?:1|2|22|31|32|33|36|39)m)/;

/** Options of {@linkcode createPaint}. */
export interface PaintOptions {
  /** Whether colours are wanted. */
  readonly color: boolean;
}

/**
 * Make the styles; without colour they leave the text as it is.
 *
 * @param options Colours or not, as `render` gets them
 * @returns The styles
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
