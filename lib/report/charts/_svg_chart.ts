import { cleanLines } from "../../base/mod.ts";
import { init } from "echarts";

/** Options of ECharts. Derived from a function, because the exported type is thousands of lines long. */
export type ChartOption = Parameters<ReturnType<typeof init>["setOption"]>[0];

/** Options of {@linkcode svgChart}. */
export interface SvgChartOptions {
  readonly width: number;
  readonly height: number;
  /** Text alternative of the chart, already escaped for HTML. */
  readonly label: string;
}

/** Colors of charts: CSS variables that the style of the page defines for light and dark mode. */
export const INK = {
  text: "var(--text)",
  soft: "var(--soft)",
  line: "var(--line)",
  ours: "var(--ours)",
  peer: "var(--peer)",
  limit: "var(--limit)",
} as const;

/**
 * Draw a chart as SVG that scales with the page, without scripts, styles or ids. The same data produces the same
 * output.
 */
export function svgChart(option: ChartOption, options: SvgChartOptions): string {
  const { width, height, label } = options;
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  // Nothing is animated, but the animation loop would leave a timer running.
  chart.getZr().animation.start = () => {};
  try {
    chart.setOption({ animation: false, backgroundColor: "transparent", ...option });
    const svg = cleanLines(chart.renderToSVGString())
      .replace(/<style[\s\S]*?<\/style>\s*/g, "")
      .replaceAll(/ (?:class|ecmeta_\w+|pointer-events)="[^"]*"/g, "")
      .replaceAll(/font-family:[^;"]*;?/g, "");
    // A function, because `$&` in the label would be interpreted in a replacement string.
    return svg.replace(/^<svg width="\d+" height="\d+"/, () => `<svg role="img" aria-label="${label}"`);
  } finally {
    chart.dispose();
  }
}
