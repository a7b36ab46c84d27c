import { createHash } from "node:crypto";

/**
 * Compute a digest of labels that does not depend on their order.
 *
 * @param labels The labels of an alert
 * @returns 16 hexadecimal digits
 */
export function alertFingerprint(labels: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 16);
}
