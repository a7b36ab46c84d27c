import type { EvidenceDemand } from "../config/gate_config.ts";

/** Explain which field of a report does not have a permitted value; `null` if all have one. */
export function explainWhere(
  evidence: Readonly<Record<string, unknown>>,
  where: EvidenceDemand["where"],
): string | null {
  for (const [path, allowed] of Object.entries(where)) {
    const found = path.split(".").reduce<unknown>(
      (value, key) =>
        typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined,
      evidence,
    );
    if (!allowed.includes(String(found))) {
      const has = found === undefined ? `it has no ${path}` : `its ${path} is ${String(found)}`;
      return `${has}, and the condition asks for ${allowed.join(" or ")}`;
    }
  }
  return null;
}
