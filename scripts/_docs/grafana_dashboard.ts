import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  type Dashboard,
  DashboardCursorSync,
  type DataQuery,
  FieldColorModeId,
  type FieldConfig,
  LegendDisplayMode,
  MappingType,
  type Panel,
  PercentChangeColorMode,
  SortOrder,
  type Threshold,
  ThresholdsMode,
  TooltipDisplayMode,
  type ValueMapping,
  VisibilityMode,
  type VizLegendOptions,
  VizOrientation,
} from "@grafana/schema";
import type { Options as StatOptions } from "@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen";
import type { Options as TimelineOptions } from "@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen";
import type { Options as SeriesOptions } from "@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen";
import { DOWNLOAD_DERIVED, downloadMetric } from "../../lib/downloader/mod.ts";
import { prometheusName } from "../../lib/metrics/mod.ts";

/** A query of a panel. */
interface PrometheusQuery extends DataQuery {
  readonly expr: string;
  readonly legendFormat: string;
  readonly range?: boolean;
  readonly instant?: boolean;
}

/** Content of a panel. */
interface PanelPlan {
  readonly title: string;
  readonly description: string;
  /** Expressions by legend. */
  readonly expressions: Readonly<Record<string, string>>;
  /** Grafana's id of the unit, such as `binBps`. */
  readonly unit?: string;
  readonly thresholds?: Threshold[];
  readonly mappings?: ValueMapping[];
  readonly max?: number;
  /** Height of a timeline in grid rows; 3 if absent. */
  readonly height?: number;
}

const SOURCE = { type: "prometheus", uid: "${source}" };
/** Names of the modes. The index is the value of the gauge. */
const MODES = ["paused", "stable", "resilient", "parallel", "turbo"];
const MODE_COLORS = ["red", "orange", "yellow", "blue", "green"];
const BREAKERS = ["closed", "half-open", "open"];
const BREAKER_COLORS = ["green", "yellow", "red"];
/** Phases of a rollout. The index is the value of the gauge. */
const PHASES = ["idle", "running", "paused", "aborted", "completed"];
const PHASE_COLORS = ["text", "blue", "yellow", "red", "green"];
const COLUMNS = 24;

/**
 * Return the selector of a metric, given its OpenTelemetry name, for the chosen instance. Throw a `TypeError` if the
 * metric is not defined.
 */
function series(name: string, labels = ""): string {
  return `${prometheusName(downloadMetric(name))}{instance=~"$instance"${labels}}`;
}

/** Return the selector of a derived metric; `/metrics` serves sizes in bytes instead of megabytes. */
function derived(name: string): string {
  if (!DOWNLOAD_DERIVED.some((metric) => metric.name === name)) throw new TypeError(`Unknown derived metric "${name}"`);
  return `civitai_dl_${name.replace(/_mb$/, "_bytes")}{instance=~"$instance"}`;
}

function rate(name: string, by: string): string {
  return `sum by (${by}) (rate(${series(name)}[$__rate_interval]))`;
}

function quantile(name: string, q: number, by: readonly string[]): string {
  const buckets = `${prometheusName(downloadMetric(name))}_bucket{instance=~"$instance"}`;
  return `histogram_quantile(${q}, sum by (${["le", ...by].join(", ")}) (rate(${buckets}[$__rate_interval])))`;
}

const thresholdSteps = (...steps: readonly (readonly [value: number | null, color: string])[]): Threshold[] =>
  steps.map(([value, color]) => ({ value, color }));

function valueMappings(names: readonly string[], colors: readonly string[]): ValueMapping[] {
  const options = Object.fromEntries(
    names.map((text, value) => [`${value}`, { text, color: colors[value]!, index: value }]),
  );
  return [{ type: MappingType.ValueToText, options }];
}

/** First row: the figures in the headline of the live page. */
const STATS: readonly PanelPlan[] = [
  {
    title: "Mode",
    description: "Lowest failsafe mode of all processes, from turbo (the fastest) to paused (fetches nothing).",
    expressions: { mode: `min(${series("civitai_dl.failsafe.mode")})` },
    mappings: valueMappings(MODES, MODE_COLORS),
  },
  {
    title: "Hosts that do not answer",
    description: "Open breakers, which let no calls through.",
    expressions: { open: `count(${series("civitai_dl.breaker.state")} == 2) or vector(0)` },
    thresholds: thresholdSteps([null, "green"], [1, "red"]),
  },
  {
    title: "Throughput",
    description: "Received bytes per second, all processes.",
    expressions: { now: derived("bytes_per_second") },
    unit: "binBps",
  },
  {
    title: "Downloads under way",
    description: "Files and images, all processes.",
    expressions: { active: derived("active_downloads") },
  },
  {
    title: "Error rate",
    description: "Downloads of the last five minutes that failed or ended as corrupted.",
    expressions: { errors: derived("error_rate") },
    unit: "percentunit",
    thresholds: thresholdSteps([null, "green"], [0.05, "red"]),
  },
  {
    title: "Timeout rate",
    description: "Downloads of the last five minutes in which an attempt timed out.",
    expressions: { timeouts: derived("timeout_rate") },
    unit: "percentunit",
    thresholds: thresholdSteps([null, "green"], [0.01, "red"]),
  },
  {
    title: "Disk",
    description: "How full the library's disk is.",
    expressions: { used: derived("disk_usage_percent") },
    unit: "percent",
    max: 100,
    thresholds: thresholdSteps([null, "green"], [80, "yellow"], [90, "red"]),
  },
  {
    title: "Memory",
    description: "Of the largest process.",
    expressions: { used: derived("memory_usage_mb") },
    unit: "bytes",
    thresholds: thresholdSteps([null, "green"], [2 ** 31, "red"]),
  },
];

/** Timelines, as in the events card of the live page. */
const TIMELINES: readonly PanelPlan[] = [
  {
    title: "Mode",
    description: "Mode of the failsafe over time.",
    expressions: { mode: `min(${series("civitai_dl.failsafe.mode")})` },
    mappings: valueMappings(MODES, MODE_COLORS),
  },
  {
    title: "Rollout",
    description: "Phase of the rollout of an engine; docs/rollout.md explains it.",
    expressions: { phase: `max(${series("civitai_dl.rollout.phase")})` },
    mappings: valueMappings(PHASES, PHASE_COLORS),
  },
  {
    title: "Circuit breakers",
    description: "State of the breaker of each host over time.",
    expressions: { "{{host}}": `max by (host) (${series("civitai_dl.breaker.state")})` },
    mappings: valueMappings(BREAKERS, BREAKER_COLORS),
    height: 6,
  },
];

const CURVES: readonly PanelPlan[] = [
  {
    title: "Throughput by host",
    description: "Bytes received per second from each storage host.",
    expressions: { "{{host}}": rate("civitai_dl.download.bytes", "host") },
    unit: "binBps",
  },
  {
    title: "Downloads by outcome",
    description: "Finished downloads of files and images per second.",
    expressions: { "{{outcome}}": rate("civitai_dl.download.count", "outcome") },
    unit: "ops",
  },
  {
    title: "Failures by class",
    description: "docs/runbook explains the classes and what to do.",
    expressions: { "{{class}} {{host}}": rate("civitai_dl.download.errors", "class, host") },
    unit: "ops",
  },
  {
    title: "Retries by class",
    description: "Attempts after the first.",
    expressions: { "{{class}} {{host}}": rate("civitai_dl.download.retries", "class, host") },
    unit: "ops",
  },
  {
    title: "Timeouts by host",
    description: "Downloads in which an attempt timed out or stalled.",
    expressions: { "{{host}}": rate("civitai_dl.download.timeouts", "host") },
    unit: "ops",
  },
  {
    title: "Requests to the API",
    description: "By route and status.",
    expressions: { "{{route}} {{status}}": rate("civitai_dl.api.requests", "route, status") },
    unit: "reqps",
  },
  {
    title: "Time to response headers",
    description: "Median and 95th percentile of the time from a request to the response headers.",
    expressions: {
      "p50 {{host}}": quantile("civitai_dl.request.duration", 0.5, ["host"]),
      "p95 {{host}}": quantile("civitai_dl.request.duration", 0.95, ["host"]),
    },
    unit: "s",
  },
  {
    title: "Download duration",
    description: "Median and 95th percentile of the time per file.",
    expressions: {
      p50: quantile("civitai_dl.download.duration", 0.5, []),
      p95: quantile("civitai_dl.download.duration", 0.95, []),
    },
    unit: "s",
  },
  {
    title: "Connection limit by host",
    description: "The limit adapts to what the host can handle.",
    expressions: { "{{host}}": `max by (host) (${series("civitai_dl.concurrency.limit")})` },
  },
  {
    title: "Memory",
    description: "Resident memory of each process.",
    expressions: { "{{process}}": series("process.memory.usage") },
    unit: "bytes",
  },
  {
    title: "Disk",
    description: "Share of the library's disk that is used.",
    expressions: { used: `max(${series("civitai_dl.disk.utilization")})` },
    unit: "percentunit",
    max: 1,
  },
  {
    title: "Rollout by arm",
    description: "Files that the judge of the rollout counted, canary and baseline, by outcome.",
    expressions: { "{{arm}} {{outcome}}": rate("civitai_dl.rollout.downloads", "arm, outcome") },
    unit: "ops",
  },
  {
    title: "Rollout share",
    description: "Share of the files that the canary gets.",
    expressions: { canary: `max(${series("civitai_dl.rollout.weight")})` },
    unit: "percentunit",
    max: 1,
  },
  {
    title: "Rollout transitions",
    description:
      "Steps, pauses and aborts. The alert RolloutStopped fires while a rollout is aborted, or paused because of errors: " +
      "see docs/runbook/rollout-stopped.md.",
    expressions: {
      "{{action}} to {{to}}": rate("civitai_dl.rollout.transitions", "action, to"),
    },
    unit: "ops",
  },
];

const LEGEND: VizLegendOptions = {
  calcs: [],
  displayMode: LegendDisplayMode.List,
  placement: "bottom",
  showLegend: true,
};
const TOOLTIP = { mode: TooltipDisplayMode.Multi, sort: SortOrder.Descending };

/**
 * Create the Grafana dashboard of the metrics that the monitor serves, with the panels of its live page.
 *
 * @returns The dashboard, as Grafana imports it
 */
export function grafanaDashboard(): Dashboard {
  const stats = STATS.map((plan, index) => statPanel(plan, { h: 4, w: 3, x: index * 3, y: 0 }));
  let y = 4;
  const timelines = TIMELINES.map((plan) => {
    const { height: h = 3 } = plan;
    const timeline = timelinePanel(plan, { h, w: COLUMNS, x: 0, y });
    y += h;
    return timeline;
  });
  const curves = CURVES.map((plan, index) =>
    curvePanel(plan, { h: 8, w: COLUMNS / 2, x: index % 2 * COLUMNS / 2, y: y + Math.floor(index / 2) * 8 })
  );
  return {
    uid: "civitai-dl",
    title: "civitai-dl",
    description: "What the live page of civitai-dl monitor shows, from its /metrics.",
    tags: ["civitai-dl"],
    schemaVersion: 41,
    editable: true,
    graphTooltip: DashboardCursorSync.Crosshair,
    time: { from: "now-12h", to: "now" },
    refresh: "30s",
    timezone: "browser",
    templating: {
      list: [
        { type: "datasource", name: "source", label: "Prometheus", query: "prometheus" },
        {
          type: "query",
          name: "instance",
          label: "Monitor",
          datasource: SOURCE,
          multi: true,
          includeAll: true,
          query: { query: `label_values(${derivedName("disk_usage_percent")}, instance)`, refId: "instance" },
          allValue: ".*",
          current: { text: "All", value: "$__all" },
        },
      ],
    },
    annotations: { list: [] },
    panels: [...stats, ...timelines, ...curves].map((panel, index) => ({ ...panel, id: index + 1 })),
  };
}

function derivedName(name: string): string {
  return derived(name).replace(/\{.*/, "");
}

type Place = NonNullable<Panel["gridPos"]>;

function statPanel(plan: PanelPlan, gridPos: Place): Panel {
  const options: StatOptions = {
    colorMode: BigValueColorMode.Value,
    graphMode: plan.mappings === undefined ? BigValueGraphMode.Area : BigValueGraphMode.None,
    justifyMode: BigValueJustifyMode.Auto,
    orientation: VizOrientation.Auto,
    percentChangeColorMode: PercentChangeColorMode.Standard,
    reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false },
    showPercentChange: false,
    textMode: BigValueTextMode.Value,
    wideLayout: true,
  };
  return panel("stat", plan, { gridPos, options, defaults: {} });
}

function timelinePanel(plan: PanelPlan, gridPos: Place): Panel {
  const options: TimelineOptions = {
    legend: { ...LEGEND, showLegend: false },
    mergeValues: true,
    rowHeight: 0.9,
    showValue: VisibilityMode.Auto,
    tooltip: TOOLTIP,
  };
  return panel("state-timeline", plan, { gridPos, options, defaults: { custom: { fillOpacity: 80, lineWidth: 0 } } });
}

function curvePanel(plan: PanelPlan, gridPos: Place): Panel {
  const options: SeriesOptions = { legend: LEGEND, tooltip: TOOLTIP };
  const custom = { lineWidth: 1, fillOpacity: 10, showPoints: VisibilityMode.Auto };
  return panel("timeseries", plan, { gridPos, options, defaults: { custom, min: 0 } });
}

interface PanelParts {
  readonly gridPos: Place;
  readonly options: object;
  readonly defaults: FieldConfig;
}

function panel(type: string, plan: PanelPlan, { gridPos, options, defaults }: PanelParts): Panel {
  const { title, description, expressions, unit, thresholds, mappings, max } = plan;
  const targets = Object.entries(expressions).map(([legendFormat, expr], index): PrometheusQuery => ({
    refId: String.fromCharCode(65 + index),
    datasource: SOURCE,
    expr,
    legendFormat,
    range: true,
  }));
  const mode = thresholds === undefined ? FieldColorModeId.PaletteClassic : FieldColorModeId.Thresholds;
  return {
    type,
    title,
    description,
    datasource: SOURCE,
    gridPos,
    targets: targets.map((target) => ({ ...target })),
    options: { ...options },
    fieldConfig: {
      defaults: {
        ...defaults,
        color: { mode },
        mappings: mappings ?? [],
        thresholds: { mode: ThresholdsMode.Absolute, steps: thresholds ?? thresholdSteps([null, "green"]) },
        ...unit === undefined ? {} : { unit },
        ...max === undefined ? {} : { max },
      },
      overrides: [],
    },
  };
}
