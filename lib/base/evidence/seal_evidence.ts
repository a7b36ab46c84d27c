import { createHash } from "node:crypto";
import { canonicalJson } from "./canonical_json.ts";
import type { EvidenceHeader } from "./evidence.ts";

/**
 * Seal a report with a digest over all of its fields. The digest reveals accidents and careless edits; it is not a
 * signature.
 *
 * @param document Header and data; an existing `digest` is replaced
 * @returns The report with its digest, to be written as JSON
 * @throws {TypeError} If a value cannot be represented in JSON, such as `NaN`
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openEvidence, sealEvidence } from "@civitai-dl/civitai-dl";
 * const report = sealEvidence({
 *   schema: "civitai-dl/example",
 *   version: 1,
 *   tool: { name: "civitai-dl", version: "1.0.0", deno: "2.9.6", v8: "15.0" },
 *   commit: { sha: "", isDirty: false, ref: "" },
 *   machine: { cpu: "any", cores: 2, memoryBytes: 2 ** 32, kernel: "linux", arch: "x86_64" },
 *   seed: 1,
 *   startedAt: "2026-01-01T00:00:00.000Z",
 *   endedAt: "2026-01-01T00:01:00.000Z",
 *   plannedMs: 60_000,
 *   actualMs: 60_000,
 *   samples: [1.5, 2],
 * });
 * assertEquals(openEvidence(JSON.stringify(report)).digest, report.digest);
 * ```
 */
export function sealEvidence<T extends EvidenceHeader>(document: T): T & { readonly digest: string } {
  return { ...document, digest: digestEvidence(document) };
}

/**
 * Compute the digest of a report.
 *
 * @param document The report; an existing `digest` is ignored
 * @returns `sha256:` and 64 hexadecimal digits
 * @throws {TypeError} If a value cannot be represented in JSON
 */
export function digestEvidence(document: object): string {
  const text = canonicalJson({ ...document, digest: undefined });
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
