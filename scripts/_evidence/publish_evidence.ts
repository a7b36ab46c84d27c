import { basename, join, resolve } from "node:path";
import { exists } from "@std/fs";
import { EvidenceError, openEvidence } from "../../lib/base/mod.ts";
import type { EvidenceFile } from "../../lib/gate/mod.ts";
import { drawTable, type EvidencePlan, listUnused, publishReports, type UnusedFile } from "../../checks/mod.ts";
import { GATE_SCHEMA, type SealedGate } from "../_gate/seal_gate.ts";
import { type PublishedReport, renderMeasured } from "./measured_tables.ts";
import { contextOf, type EvidencePlace, readReportsIn, readSteps } from "./planned_step.ts";

/** Folder of the published reports below docs/, with the page whose tables are drawn from them. */
const PAGE_FOLDER = "evidence";
const PAGE = `${PAGE_FOLDER}/README.md`;

/** What was published. */
export interface PublishedEvidence {
  /** The files that were written: reports, and the pages with their tables. */
  readonly published: readonly string[];
  /** The files of the output that the gate would not accept. */
  readonly unused: readonly UnusedFile[];
}

/**
 * Copy the reports of steps and of the gate to the output, draw the tables of its page, and look at what else is there.
 * During a sitting, files that change in the checkout would spoil the reports that are made after them.
 *
 * @param plan All steps
 * @param place Where the reports are, and where they are published
 * @throws {KitError} `failed` if the page has no place for its tables, or if their words are not known in Japanese
 */
export async function publishEvidence(
  { steps, manual }: EvidencePlan,
  place: EvidencePlace,
): Promise<PublishedEvidence> {
  const reports = (await readSteps(steps, place)).flatMap((step) => step.reports);
  const gates = (await readReportsIn(place.work)).filter(isWholeGate).map(({ name }) => name);
  const copied = await publishReports([...new Set([...reports, ...gates])], place.output);
  const files = await readReportsIn(place.output);
  const demands = [...steps.flatMap((step) => Object.values(step.demands)), ...manual.map(({ demand }) => demand)];
  const unused = await listUnused(files.filter((file) => !isWholeGate(file)), demands, contextOf(place));
  return { published: [...copied, ...await drawPage(files, place)], unused };
}

/** Whether a file is the report of a gate that judged all conditions of a phase, of a commit without changes. */
function isWholeGate({ text }: EvidenceFile): boolean {
  const gate = open(text) as SealedGate | null;
  return gate?.schema === GATE_SCHEMA && !gate.commit.isDirty && !gate.isPartial && !gate.isStopped;
}

/** Draw the tables of the page of the output in both languages; another folder than that of the documents has no page. */
async function drawPage(files: readonly EvidenceFile[], { root, output }: EvidencePlace): Promise<readonly string[]> {
  if (resolve(output) !== join(root, "docs", PAGE_FOLDER) || !await exists(join(root, "docs", PAGE))) return [];
  const reports = files.flatMap(({ name, text }): readonly PublishedReport[] => {
    const evidence = open(text);
    return evidence === null ? [] : [{ name: basename(name), evidence }];
  });
  return await drawTable(PAGE, renderMeasured(reports), root);
}

function open(text: string): PublishedReport["evidence"] | null {
  try {
    return openEvidence(text);
  } catch (error) {
    if (error instanceof EvidenceError) return null;
    throw error;
  }
}
