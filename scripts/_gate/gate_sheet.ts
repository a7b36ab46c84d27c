import type { GateReport } from "../../lib/gate/mod.ts";
import { renderSheetMarkdown, type VerdictSheet } from "../../lib/report/mod.ts";
import { notesOf, titleOf } from "./gate_notes.ts";
import { gateDocument } from "./gate_document.ts";
import { renderGate } from "./render_gate.ts";

/** Output formats of a gate's report. */
export const GATE_FORMATS = ["text", "json", "markdown"] as const;

/** One of {@linkcode GATE_FORMATS}. */
export type GateFormat = typeof GATE_FORMATS[number];

/** Output format by file extension. */
export const GATE_ENDINGS: Readonly<Record<string, GateFormat>> = {
  ".txt": "text",
  ".json": "json",
  ".md": "markdown",
};

/** Convert a gate's report to the input of the renderers in room `report`, which does not depend on gates. */
export function sheetOf(report: GateReport): VerdictSheet {
  const { verdict, at, rows } = report;
  return { title: titleOf(report), verdict, at, rows, notes: notesOf(report) };
}

/** Render a gate's report. */
export function formatGate(report: GateReport, format: GateFormat): string {
  switch (format) {
    case "text":
      return renderGate(report, { width: 120, color: false });
    case "json":
      return `${JSON.stringify(gateDocument(report), null, 2)}\n`;
    case "markdown":
      return renderSheetMarkdown(sheetOf(report));
  }
}
