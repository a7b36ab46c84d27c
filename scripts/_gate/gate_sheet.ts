import { VERSION } from "../../lib/base/mod.ts";
import type { GateReport } from "../../lib/gate/mod.ts";
import {
  renderSheetAnnotations,
  renderSheetJunit,
  renderSheetMarkdown,
  renderSheetSarif,
  type VerdictSheet,
} from "../../lib/report/mod.ts";
import { notesOf } from "./gate_notes.ts";
import { renderGate } from "./render_gate.ts";

/** Forms of a gate's report. */
export const GATE_FORMATS = ["text", "json", "markdown", "junit", "sarif", "github"] as const;

/** One of them. */
export type GateFormat = typeof GATE_FORMATS[number];

/** The form that a file's ending asks for. */
export const GATE_ENDINGS: Readonly<Record<string, GateFormat>> = {
  ".txt": "text",
  ".json": "json",
  ".md": "markdown",
  ".xml": "junit",
  ".sarif": "sarif",
};

/** A gate's report for renderers that know nothing of gates. */
export function sheetOf(report: GateReport): VerdictSheet {
  const { title, verdict, at, rows } = report;
  return { title: `Gate of phase ${report.phase} (${title})`, verdict, at, rows, notes: notesOf(report) };
}

/** Render a gate's report. */
export function formatGate(report: GateReport, format: GateFormat, file: string): string {
  switch (format) {
    case "text":
      return renderGate(report, { width: 120, color: false });
    case "json":
      return `${JSON.stringify({ schema: "civitai-dl/gate", version: 1, ...report }, null, 2)}\n`;
    case "markdown":
      return renderSheetMarkdown(sheetOf(report));
    case "junit":
      return renderSheetJunit(sheetOf(report));
    case "sarif":
      return renderSheetSarif(sheetOf(report), { tool: { name: "civitai-dl", version: VERSION }, file });
    case "github":
      return renderSheetAnnotations(sheetOf(report));
  }
}
