import * as z from "zod";
import { field } from "./_field.ts";
import { parseEntry } from "./_parse_shape.ts";
import { ShapeError } from "./shape_error.ts";
import type { ModelFile } from "./entities.ts";
import { parseHashes } from "./parse_hashes.ts";

const metadataSchema = z.looseObject({ format: field.name, fp: field.name, size: field.name, quantType: field.name });
const fileSchema = z.looseObject({
  id: field.id,
  name: field.name,
  overrideName: field.name,
  type: field.name,
  sizeKB: field.number,
  metadata: metadataSchema.nullable().default(null).catch(null),
  hashes: z.unknown().optional(),
  primary: field.flag,
  pickleScanResult: field.text,
  virusScanResult: field.text,
  pickleScanMessage: field.text,
  virusScanMessage: field.text,
  downloadUrl: field.text,
});

/** 1 PiB: no real file is larger, and sums of many sizes stay in range. */
const MAX_FILE_BYTES = 1024 ** 5;

/** Options of {@linkcode parseModelFile}. */
export interface ParseModelFileOptions {
  /**
   * Whether the file belongs to another version. If so, the query of its `downloadUrl` selects it in a download.
   *
   * @default {false}
   */
  readonly isLinked?: boolean;
}

/**
 * Parse one entry of a version's `files`.
 *
 * @param json The decoded entry
 * @param options Whether the file belongs to another version
 * @returns The file
 * @throws {SyntaxError} If it has no id, an impossible size, or is nested too deeply
 */
export function parseModelFile(json: unknown, options: ParseModelFileOptions = {}): ModelFile {
  const { isLinked = false } = options;
  const file = parseEntry(fileSchema, json, "a file");
  const sizeBytes = Math.max(0, Math.round((file.sizeKB ?? 0) * 1024));
  if (sizeBytes > MAX_FILE_BYTES) throw new ShapeError("a file", `"sizeKB" is ${file.sizeKB}`);
  const scanMessage = scanMessageOf(file);
  return {
    id: file.id,
    name: file.name ?? file.overrideName ?? String(file.id),
    type: file.type ?? "Model",
    sizeBytes,
    format: file.metadata?.format ?? null,
    fp: file.metadata?.fp ?? null,
    size: file.metadata?.size ?? null,
    quantType: file.metadata?.quantType ?? null,
    hashes: parseHashes(file.hashes),
    primary: file.primary,
    pickleScan: file.pickleScanResult,
    virusScan: file.virusScanResult,
    ...(scanMessage === null ? {} : { scanMessage }),
    linkedQuery: isLinked ? queryOf(file.downloadUrl) : null,
  };
}

/** Return the message of the scan that reported danger; other messages are not worth showing. */
function scanMessageOf(file: z.infer<typeof fileSchema>): string | null {
  if (file.pickleScanResult === "Danger") return file.pickleScanMessage;
  return file.virusScanResult === "Danger" ? file.virusScanMessage : null;
}

/** Extract the query parameters that select the file; others, such as a token, are dropped. */
function queryOf(downloadUrl: string | null): Record<string, string> | null {
  if (downloadUrl === null || !URL.canParse(downloadUrl)) return null;
  const chosen = ["type", "format", "size", "fp", "quantType"];
  const query = [...new URL(downloadUrl).searchParams].filter(([name]) => chosen.includes(name));
  return query.length === 0 ? null : Object.fromEntries(query);
}
