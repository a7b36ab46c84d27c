import { escapeHtml } from "../_escape_html.ts";

/** Colors of charts: CSS variables that the style of the page defines for light and dark mode. */
export const INK = {
  text: "var(--text)",
  soft: "var(--soft)",
  line: "var(--line)",
  ours: "var(--ours)",
  peer: "var(--peer)",
  limit: "var(--limit)",
} as const;

/** Draw an element of SVG; numbers are rounded to hundredths of a pixel. */
export function draw(name: string, attributes: Readonly<Record<string, string | number>>, text = ""): string {
  const written = Object.entries(attributes).map(([key, value]) =>
    ` ${key}="${typeof value === "number" ? round(value) : value}"`
  );
  return `<${name}${written.join("")}>${escapeHtml(text)}</${name}>`;
}

function round(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}

/** Write points as `x,y x,y`, for a polyline. */
export function writePoints(points: readonly (readonly [x: number, y: number])[]): string {
  return points.map(([x, y]) => `${round(x)},${round(y)}`).join(" ");
}

/**
 * Put elements together to a picture that scales with the page, without scripts, styles or ids.
 *
 * @param label Text alternative of the chart
 */
export function picture(
  parts: readonly string[],
  { width, height, label }: { readonly width: number; readonly height: number; readonly label: string },
): string {
  return `<svg role="img" aria-label="${escapeHtml(label)}" xmlns="http://www.w3.org/2000/svg" ` +
    `viewBox="0 0 ${width} ${height}" font-size="12">\n${parts.join("\n")}\n</svg>`;
}

/** The part of a picture in which values are drawn, in pixels. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A value of an axis that has a text. */
export interface Mark {
  /** Where it is along the axis, in pixels. */
  readonly at: number;
  readonly text: string;
}

/** Write the marks of the horizontal axis below the plot. */
export function writeMarks({ bottom }: Plot, marks: readonly Mark[]): readonly string[] {
  return marks.map(({ at, text }) =>
    draw("text", { x: at, y: bottom + 18, "text-anchor": "middle", fill: INK.soft }, text)
  );
}

/** Draw a line through the plot at each mark of the horizontal axis. */
export function drawGrid({ top, bottom }: Plot, marks: readonly Mark[]): readonly string[] {
  return marks.map(({ at }) => draw("line", { x1: at, x2: at, y1: top, y2: bottom, stroke: INK.line }));
}

/** Mean width of a character of a label, as a share of its size. */
const CHARACTER = 0.56;
const LABEL_SIZE = 13;

/** Write the name of a row left of the plot; one that is too long is cut. */
export function writeRowName({ left }: Plot, name: string, y: number): string {
  const fitting = Math.floor((left - 15) / (CHARACTER * LABEL_SIZE));
  const text = name.length <= fitting ? name : `${name.slice(0, fitting - 1)}…`;
  return draw("text", { x: left - 8, y: y + 4.5, "text-anchor": "end", "font-size": LABEL_SIZE, fill: INK.text }, text);
}

/**
 * Choose round values between two limits.
 *
 * @param count About how many steps
 * @returns The values, ascending
 */
export function roundValues(low: number, high: number, count: number): readonly number[] {
  const least = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= least * (1 - 1e-9))!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Digits beyond the twelfth are the binary rounding error.
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}
