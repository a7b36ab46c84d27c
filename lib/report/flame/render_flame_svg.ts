import { escapeHtml } from "../_escape_html.ts";
import type { FlameFrame } from "./flame_graph.ts";

/** Options of {@linkcode renderFlameSvg}. */
export interface RenderFlameSvgOptions {
  /** Title of the picture. */
  readonly title: string;
  /**
   * Frames narrower than this fraction of the whole are left out.
   *
   * @default {0.001}
   */
  readonly minShare?: number | undefined;
}

const WIDTH = 1200;
const ROW = 18;
const TOP = 52;
/** Width of a character in a font of 11 pixels, at most. */
const CHARACTER = 6.6;

interface Box {
  readonly frame: FlameFrame;
  readonly x: number;
  readonly depth: number;
}

/**
 * Draw a flame graph as one SVG file without scripts or external resources: callers above, callees below, width by
 * value. The tooltip of a frame has its name, its value and its share.
 *
 * @param root The whole; its own frame is the first row
 * @param options Title, and the narrowest frame
 * @returns The SVG document
 */
export function renderFlameSvg(root: FlameFrame, options: RenderFlameSvgOptions): string {
  const { title, minShare = 0.001 } = options;
  const boxes = layOut(root, minShare);
  const depth = boxes.reduce((most, box) => Math.max(most, box.depth), 0);
  const height = TOP + (depth + 1) * ROW + 12;
  const groups = [...Map.groupBy(boxes, ({ frame }) => frame.group).keys()].toSorted();
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" ` +
    `font-family="ui-monospace, Menlo, Consolas, monospace" font-size="11" role="img" aria-label="${escapeHtml(title)}">
<rect width="100%" height="100%" fill="#fdfcfa"/>
<text x="10" y="20" font-size="15" fill="#1c1d20">${escapeHtml(title)}</text>
<text x="10" y="40" fill="#63666d">Callers are above, callees below; width is time. Frames below ${+(minShare * 100)
      .toFixed(2)} % are left out.</text>
${boxes.map((box) => drawBox(box, root.value, groups)).join("\n")}
</svg>
`;
}

/** Place the frames, widest first in each row, as far as they are wide enough. */
function layOut(root: FlameFrame, minShare: number): readonly Box[] {
  const boxes: Box[] = [];
  const open: Box[] = [{ frame: root, x: 0, depth: 0 }];
  for (let box = open.pop(); box !== undefined; box = open.pop()) {
    boxes.push(box);
    let x = box.x;
    for (const frame of box.frame.children.toSorted((a, b) => b.value - a.value)) {
      if (frame.value <= 0 || frame.value < root.value * minShare) continue;
      open.push({ frame, x, depth: box.depth + 1 });
      x += frame.value;
    }
  }
  return boxes;
}

function drawBox({ frame, x, depth }: Box, whole: number, groups: readonly string[]): string {
  const scale = whole === 0 ? 0 : (WIDTH - 20) / whole;
  const width = Math.max(0.5, frame.value * scale - 0.5);
  const left = (10 + x * scale).toFixed(1);
  const top = TOP + depth * ROW;
  const room = Math.floor((width - 6) / CHARACTER);
  const text = room < 3 ? "" : frame.name.length <= room ? frame.name : `${frame.name.slice(0, room - 1)}…`;
  const share = whole === 0 ? 0 : 100 * frame.value / whole;
  const tip = `${frame.name} — ${frame.value.toFixed(1)} ms, ${share.toFixed(1)} %\n${frame.detail}`;
  const label = text === "" ? "" : `<text x="${+left + 3}" y="${top + 12.5}">${escapeHtml(text)}</text>`;
  return `<g><title>${escapeHtml(tip)}</title><rect x="${left}" y="${top}" width="${width.toFixed(1)}" height="${
    ROW - 1
  }" rx="1.5" fill="${colorOf(frame.group, groups)}"/>${label}</g>`;
}

/** Spread the groups over the circle of hues; black text is readable on all of these colors. */
function colorOf(group: string, groups: readonly string[]): string {
  const hue = Math.round(360 * groups.indexOf(group) / Math.max(1, groups.length));
  return `hsl(${hue} 62% 78%)`;
}
