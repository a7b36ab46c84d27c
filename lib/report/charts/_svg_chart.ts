import { cleanLines } from "../../base/mod.ts";
import { init } from "npm:echarts@^6";

/** What the library takes; its own type for options is of thousands of lines. */
export type ChartOption = Parameters<ReturnType<typeof init>["setOption"]>[0];

/** Options of {@linkcode svgChart}. */
export interface SvgChartOptions {
  readonly width: number;
  readonly height: number;
  /** What the picture says, for those who cannot see it. */
  readonly label: string;
}

/** The colours of charts: names that the page's style gives a value, one for light and one for dark. */
export const INK = {
  text: "var(--text)",
  soft: "var(--soft)",
  line: "var(--line)",
  ours: "var(--ours)",
  peer: "var(--peer)",
  limit: "var(--limit)",
} as const;

/** Draw a chart as SVG that scales with the page, equal for equal data, without script, style or ids. */
export function svgChart(option: ChartOption, options: SvgChartOptions): string {
  const { width, height, label } = options;
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  // Nothing moves here, and the loop of its animations would outlive the drawing by a timer.
  chart.getZr().animation.start = () => {};
  try {
    chart.setOption({ animation: false, backgroundColor: "transparent", ...option });
    const svg = cleanLines(chart.renderToSVGString())
      .replace(/<style[\s\S]*?<\/style>\s*/g, "")
      .replaceAll(/ (?:class|ecmeta_\w+|pointer-events)="[^"]*"/g, "")
      .replaceAll(/font-family:[^;"]*;?/g, "");
    return svg.replace(/^<svg width="\d+" height="\d+"/, `<svg role="img" aria-label="${label}"`);
  } finally {
    chart.dispose();
  }
}
