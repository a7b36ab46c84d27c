import { closest, KitError } from "../../lib/base/mod.ts";

/** A name of a host, with a port perhaps; an IPv6 address in brackets. */
const HOST =
  /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*|\[[0-9a-f:.]+\])(?::\d+)?$/;

/** What a person wants to do to a breaker, and what is known. */
export interface BreakerKeyFacts {
  readonly action: "trip" | "reset";
  /** The keys that the failsafe knows. */
  readonly known: readonly string[];
  /** Whether a host that is not known is meant. */
  readonly isForced: boolean;
}

/**
 * Find the breaker that a person means: hosts are written in small letters and without the usual port.
 *
 * @throws {KitError} `usage` for what is no host name, and for what is not known unless it is forced
 */
export function readBreakerKey(name: string, facts: BreakerKeyFacts): string {
  const { action, known, isForced } = facts;
  if (known.includes(name)) return name;
  const key = toHost(name);
  if (key !== null && known.includes(key)) return key;
  if (action === "trip" && key === null) {
    const meant = URL.parse(name)?.host ?? "";
    const hint = "Write a name such as b2.civitai.com, with a port only where the address has one";
    const state = HOST.test(meant) ? `it is not a host name: write "${meant}"` : "it is not a host name";
    throw new KitError("usage", `Cannot trip "${name}": ${state}`, { hint });
  }
  if (action === "trip" && isForced) return key!;
  const near = closest(key ?? name, known);
  const guess = near !== undefined ? `Did you mean "${near}"?` : `Known: ${known.join(", ") || "none yet"}.`;
  if (action === "reset") throw new KitError("usage", `Cannot reset "${name}": no such breaker`, { hint: guess });
  throw new KitError("usage", `Cannot trip "${name}": no run on this library has asked it`, {
    hint: `${guess} Otherwise give --force`,
  });
}

/** As a run would write it; `null` for what is no host name. */
function toHost(name: string): string | null {
  const lower = name.toLowerCase();
  return HOST.test(lower) ? URL.parse(`https://${lower}/`)?.host ?? null : null;
}
