import * as z from "npm:zod@^4";
import { field } from "./_field.ts";
import { parseShape } from "./_parse_shape.ts";
import type { ModelFile } from "./entities.ts";
import { parseHashes } from "./parse_hashes.ts";

const metadataSchema = z.looseObject({ format: field.text, fp: field.text, size: field.text, quantType: field.text });
const fileSchema = z.looseObject({
  id: field.id,
  name: field.text,
  overrideName: field.text,
  type: field.text,
  sizeKB: field.number,
  metadata: metadataSchema.nullable().default(null).catch(null),
  hashes: z.unknown().optional(),
  primary: field.flag,
  pickleScanResult: field.text,
  virusScanResult: field.text,
  downloadUrl: field.text,
});

/** Options of {@linkcode parseModelFile}. */
export interface ParseModelFileOptions {
  /**
   * The file belongs to another version, so that it is asked for by the query of its `downloadUrl`.
   *
   * @default {false}
   */
  readonly isLinked?: boolean;
}

/**
 * Parse one entry of a version's `files`.
 *
 * @param json The entry
 * @param options Whether it is another version's
 * @returns The file
 * @throws {SyntaxError} If it has no id
 */
export function parseModelFile(json: unknown, options: ParseModelFileOptions = {}): ModelFile {
  const { isLinked = false } = options;
  const file = parseShape(fileSchema, json, "a file");
  return {
    id: file.id,
    name: file.name ?? file.overrideName ?? String(file.id),
    type: file.type ?? "Model",
    sizeBytes: Math.max(0, Math.round((file.sizeKB ?? 0) * 1024)),
    format: file.metadata?.format ?? null,
    fp: file.metadata?.fp ?? null,
    size: file.metadata?.size ?? null,
    quantType: file.metadata?.quantType ?? null,
    hashes: parseHashes(file.hashes),
    primary: file.primary,
    pickleScan: file.pickleScanResult,
    virusScan: file.virusScanResult,
    linkedQuery: isLinked ? queryOf(file.downloadUrl) : null,
  };
}

/** The parameters that choose the file; a token in the address is none of them. */
function queryOf(downloadUrl: string | null): Record<string, string> | null {
  if (downloadUrl === null || !URL.canParse(downloadUrl)) return null;
  const chosen = ["type", "format", "size", "fp", "quantType"];
  const query = [...new URL(downloadUrl).searchParams].filter(([name]) => chosen.includes(name));
  return query.length === 0 ? null : Object.fromEntries(query);
}
