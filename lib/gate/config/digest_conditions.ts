import { canonicalJson } from "../../base/mod.ts";
import { createHash } from "node:crypto";
import type { GatePhase } from "./gate_config.ts";

/**
 * Compute the digest of a phase's conditions, with inheritance, sources and defaults resolved. Titles and commands count:
 * the digest of a report says exactly by which conditions it was judged.
 *
 * @param phase The phase
 * @returns `sha256:` and 64 hexadecimal digits
 */
export function digestConditions({ name, conditions }: Pick<GatePhase, "name" | "conditions">): string {
  return `sha256:${createHash("sha256").update(canonicalJson({ name, conditions })).digest("hex")}`;
}
