import type { CpuComparison, ShareChange } from "../../lib/profiling/mod.ts";
import type { FlamePage } from "../../lib/report/mod.ts";
import {
  COMPARISON_NOTE,
  type CpuOrder,
  type CpuReport,
  describeTimes,
  formatMs,
  formatPoints,
  formatTenths,
  hotLinesOf,
  topFunctions,
  whereOf,
} from "./cpu_report.ts";

/** Options of {@linkcode cpuPage}. */
export interface CpuPageOptions {
  readonly title: string;
  readonly comparison: CpuComparison | null;
  readonly by: CpuOrder;
  readonly top: number;
}

/** Arrange a profile as a page: the flame graph, the rooms, the functions, and the comparison if there is one. */
export function cpuPage({ analysis, flame, notes }: CpuReport, options: CpuPageOptions): FlamePage {
  const { title, comparison, by, top } = options;
  return {
    title,
    lead: describeTimes(analysis),
    notes: comparison === null ? notes : [...notes, COMPARISON_NOTE],
    root: flame,
    tables: [
      {
        title: "Modules",
        heads: ["Where", "Self", "Total", "Own time"],
        rows: analysis.groups.map((one) => [
          one.group,
          formatTenths(one.selfShare),
          formatTenths(one.totalShare),
          formatMs(one.selfMs),
        ]),
      },
      {
        title: "Functions",
        heads: ["Function", "Where", "Self", "Total", "Hottest lines"],
        rows: topFunctions(analysis, by, top).map((one) => [
          one.name,
          whereOf(one),
          formatTenths(one.selfShare),
          formatTenths(one.totalShare),
          hotLinesOf(one),
        ]),
      },
      ...comparison === null ? [] : [
        { title: "Compared: modules", heads: CHANGE_HEADS, rows: comparison.groups.map(changeRow) },
        { title: "Compared: functions", heads: CHANGE_HEADS, rows: comparison.functions.slice(0, top).map(changeRow) },
      ],
    ],
  };
}

const CHANGE_HEADS = ["", "Before", "After", "Difference", "Noise", ""];

function changeRow(one: ShareChange): readonly string[] {
  return [
    one.name,
    formatTenths(one.before),
    formatTenths(one.after),
    formatPoints(one.difference),
    `±${(100 * one.noise).toFixed(1)}`,
    one.isBeyondNoise ? "beyond the noise" : "",
  ];
}
