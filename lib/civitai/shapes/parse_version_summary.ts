import * as z from "zod";
import { field } from "./_field.ts";
import { parseShape } from "./_parse_shape.ts";
import type { Hashes } from "./entities.ts";
import { parseHashes } from "./parse_hashes.ts";

/** The summary of a version: cheap to request, and enough to find out whether its download needs a token or a grant. */
export interface VersionSummary {
  /** Name of the model; `null` if unknown. */
  readonly modelName: string | null;
  /** Name of the version; `null` if unknown. */
  readonly versionName: string | null;
  /** The base model it was made for; `null` if unknown. */
  readonly baseModel: string | null;
  /** The file's name as uploaded, unlike the composed name in the list of files; `null` if unknown. */
  readonly fileName: string | null;
  /** Rounded size in bytes; `null` if unknown. */
  readonly sizeBytes: number | null;
  /** Published hashes of the file; empty if there are none. */
  readonly hashes: Hashes;
  /** `Public`, `EarlyAccess`, …; `null` if unknown. */
  readonly availability: string | null;
  /** Whether a download needs a token. */
  readonly requiresLogin: boolean;
  /** Whether a download needs a grant, such as early access that was paid for. */
  readonly requiresGrant: boolean;
  /** End of early access, ISO 8601 UTC; `null` if there is none. */
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
 * Parse a response of /model-versions/mini.
 *
 * @param json The decoded response
 * @returns The summary
 * @throws {SyntaxError} If the response is not a summary
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseVersionSummary } from "@civitai-dl/civitai-dl/civitai";
 *
 * const summary = parseVersionSummary({ air: "urn:air:sdxl:lora:civitai:123@456", size: 2, requireAuth: true });
 * assertEquals([summary.sizeBytes, summary.requiresLogin, summary.requiresGrant], [2048, true, false]);
 * ```
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
