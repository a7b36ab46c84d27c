import * as z from "npm:zod@^4";
import { field } from "./_field.ts";
import { parseShape } from "./_parse_shape.ts";
import type { Hashes } from "./entities.ts";
import { parseHashes } from "./parse_hashes.ts";

/** The cheap answer about one version: is it gated, and does it need a token? */
export interface VersionSummary {
  /** Name of the model. */
  readonly modelName: string | null;
  /** Name of the version. */
  readonly versionName: string | null;
  /** What it was made for. */
  readonly baseModel: string | null;
  /** As uploaded, not as composed for the list of files. */
  readonly fileName: string | null;
  /** Rounded; `null` when not told. */
  readonly sizeBytes: number | null;
  /** Of the file; may be empty. */
  readonly hashes: Hashes;
  /** `Public`, `EarlyAccess`, … */
  readonly availability: string | null;
  /** Whether a download needs a token. */
  readonly requiresLogin: boolean;
  /** Whether a download needs a grant, such as an early access that was paid. */
  readonly requiresGrant: boolean;
  /** When early access ends, ISO 8601 UTC. */
  readonly earlyAccessUntil: string | null;
}

const summarySchema = z.looseObject({
  air: z.string(),
  modelName: field.text,
  versionName: field.text,
  baseModel: field.text,
  fileName: field.text,
  size: field.number,
  hashes: z.unknown().optional(),
  availability: field.text,
  requireAuth: field.flag,
  checkPermission: field.flag,
  earlyAccessEndsAt: field.date,
});

/**
 * Parse an answer of /model-versions/mini.
 *
 * @param json The answer
 * @returns The summary
 * @throws {SyntaxError} If it is not one
 */
export function parseVersionSummary(json: unknown): VersionSummary {
  const mini = parseShape(summarySchema, json, "a version summary");
  return {
    modelName: mini.modelName,
    versionName: mini.versionName,
    baseModel: mini.baseModel,
    fileName: mini.fileName,
    sizeBytes: mini.size === null ? null : Math.round(mini.size * 1024),
    hashes: parseHashes(mini.hashes),
    availability: mini.availability,
    requiresLogin: mini.requireAuth,
    requiresGrant: mini.checkPermission,
    earlyAccessUntil: mini.earlyAccessEndsAt,
  };
}
