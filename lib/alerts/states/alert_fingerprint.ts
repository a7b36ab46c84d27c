import { createHash } from "node:crypto";
import { compareText } from "../../base/mod.ts";

/**
 * Compute a digest of labels that does not depend on their order.
 *
 * @param labels The labels of an alert
 * @returns 16 hexadecimal digits
 */
export function alertFingerprint(labels: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => compareText(a, b));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 16);
}
