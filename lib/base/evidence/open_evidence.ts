import { isRecord } from "../is_record.ts";
import type { Evidence } from "./evidence.ts";
import { EvidenceError } from "./evidence_error.ts";

/** The expected kind and version of the report. */
export interface OpenEvidenceOptions {
  /** Kind of the report, such as `civitai-dl/stability`; any kind if absent. */
  readonly schema?: string | undefined;
  /**
   * Version of the schema.
   *
   * @default {1}
   */
  readonly version?: number | undefined;
}

/**
 * Parse a report and check that its header is complete, and that it is of the expected kind. The data that only this
 * kind of report contains is not checked; that is up to the caller.
 *
 * @param text Content of the report file
 * @param options The expected schema and version
 * @returns The report
 * @throws {EvidenceError} If a check fails; `problem` indicates which one
 */
export function openEvidence(text: string, options: OpenEvidenceOptions = {}): Evidence {
  const { schema, version = 1 } = options;
  const document = parse(text);
  const found = document.schema;
  if (typeof found !== "string") throw new EvidenceError("shape", '"schema" is missing');
  if (schema !== undefined && found !== schema) {
    throw new EvidenceError("schema", `its schema is "${found}", expected "${schema}"`);
  }
  if (document.version !== version) {
    throw new EvidenceError("version", `its version is ${JSON.stringify(document.version)}, expected ${version}`);
  }
  checkHeader(document);
  return document as unknown as Evidence;
}

function parse(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EvidenceError("unreadable", "it is not JSON; it may be truncated", { cause });
  }
  if (isRecord(value)) return value;
  throw new EvidenceError("unreadable", "it is not a JSON object");
}

function checkHeader(document: Readonly<Record<string, unknown>>): void {
  for (const [path, isValid] of Object.entries(HEADER)) {
    const [group, field] = path.split(".");
    const parent = field === undefined ? document : document[group!];
    const name = field ?? group!;
    const value = isRecord(parent) && Object.hasOwn(parent, name) ? parent[name] : undefined;
    if (value === undefined) throw new EvidenceError("shape", `"${path}" is missing`);
    if (!isValid(value)) throw new EvidenceError("shape", `"${path}" cannot be ${JSON.stringify(value)}`);
  }
}

const isText = (value: unknown) => typeof value === "string";
const isAmount = (value: unknown) => typeof value === "number" && Number.isFinite(value) && value >= 0;
const isTime = (value: unknown) =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT.*Z$/.test(value) && !Number.isNaN(Date.parse(value));

const HEADER: Readonly<Record<string, (value: unknown) => boolean>> = {
  "tool.name": isText,
  "tool.version": isText,
  "tool.deno": isText,
  "tool.v8": isText,
  "commit.sha": (value) => isText(value) && /^([0-9a-f]{40}|[0-9a-f]{64})?$/.test(String(value)),
  "commit.isDirty": (value) => typeof value === "boolean",
  "commit.ref": isText,
  "machine.cpu": isText,
  "machine.cores": isAmount,
  "machine.memoryBytes": isAmount,
  "machine.kernel": isText,
  "machine.arch": isText,
  "seed": (value) => value === null || typeof value === "number",
  "startedAt": isTime,
  "endedAt": isTime,
  "plannedMs": isAmount,
  "actualMs": isAmount,
};
