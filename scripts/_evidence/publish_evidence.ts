import { basename, join, resolve } from "node:path";
import { exists } from "@std/fs";
import { openEvidence } from "../../lib/base/mod.ts";
import { type EvidenceDemand, type EvidenceFile, findEvidence, type GateConfig } from "../../lib/gate/mod.ts";
import {
  drawTables,
  type EvidencePlan,
  listUnused,
  publishReports,
  readTables,
  type UnusedFile,
} from "../../checks/mod.ts";
import { GATE_SCHEMA } from "../_gate/seal_gate.ts";
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
 * Copy the reports of steps and of the gate to the output, draw the tables of its page from those that the gate would
 * accept, and look at what else is there. During a sitting, files that change in the checkout would spoil the reports
 * that are made after them.
 *
 * @param plan All steps
 * @param config The conditions of the phases
 * @param place Where the reports are, and where they are published
 * @throws {KitError} `failed` before anything is copied, if the page has no place for its tables
 */
export async function publishEvidence(
  { steps, manual }: EvidencePlan,
  config: GateConfig,
  place: EvidencePlace,
): Promise<PublishedEvidence> {
  const hasPage = resolve(place.output) === join(place.root, "docs", PAGE_FOLDER) &&
    await exists(join(place.root, "docs", PAGE));
  if (hasPage) await readTables(PAGE, place.root);
  const ofGate = demandOfGate(config);
  const context = contextOf(place);
  const reports = (await readSteps(steps, place)).flatMap((step) => step.reports);
  const gates = await findEvidence(await readReportsIn(place.work), ofGate, context);
  const names = [...reports, ...gates.found.map(({ name }) => name)];
  const copied = await publishReports([...new Set(names)], place.output);
  const demands = [
    ...steps.flatMap((step) => Object.values(step.demands)),
    ...manual.map(({ demand }) => demand),
    ofGate,
  ];
  const files = await readReportsIn(place.output);
  const unused = await listUnused(files, demands, context);
  const used = files.filter(({ name }) => !unused.some((file) => file.name === name));
  const drawn = hasPage ? await drawTables(PAGE, renderMeasured(used.map(openReport)), place.root) : [];
  return { published: [...copied, ...drawn], unused };
}

/** What a gate's report must be of: all conditions of the last phase, and the sources of this commit. */
function demandOfGate({ phases }: GateConfig): EvidenceDemand {
  return {
    schema: GATE_SCHEMA,
    maxAgeMs: null,
    sameCommit: true,
    sources: null,
    sameMachine: false,
    minDurationMs: 0,
    maxPauseMs: null,
    where: { phase: [phases.at(-1)!.name], isPartial: ["false"], isStopped: ["false"] },
    whereOf: {},
    proofWhere: {},
  };
}

function openReport({ name, text }: EvidenceFile): PublishedReport {
  return { name: basename(name), evidence: openEvidence(text) };
}
