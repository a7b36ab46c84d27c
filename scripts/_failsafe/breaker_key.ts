import { closest, KitError } from "../../lib/base/mod.ts";

/** A host name or an IPv6 address in brackets, with an optional port. */
const HOST =
  /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*|\[[0-9a-f:.]+\])(?::\d+)?$/;

/** The requested action, and the breakers that exist. */
export interface ReadBreakerKeyOptions {
  readonly action: "trip" | "reset";
  /** Keys of the breakers in the failsafe. */
  readonly known: readonly string[];
  /** Whether a host without a breaker is accepted. */
  readonly isForced: boolean;
}

/**
 * Find the key of a breaker by name. Keys contain the host in lower case, without the default port.
 *
 * @throws {KitError} `usage` if the name is not a host name, or has no breaker and is not forced
 */
export function readBreakerKey(name: string, options: ReadBreakerKeyOptions): string {
  const { action, known, isForced } = options;
  if (known.includes(name)) return name;
  const key = toHost(name);
  if (key !== null && known.includes(key)) return key;
  if (action === "trip" && key === null) {
    const host = URL.parse(name)?.host ?? "";
    const hint = "Write a name such as b2.civitai.com, with a port only where the address has one";
    const state = HOST.test(host) ? `it is not a host name: write "${host}"` : "it is not a host name";
    throw new KitError("usage", `Cannot trip "${name}": ${state}`, { hint });
  }
  if (action === "trip" && isForced) return key!;
  const near = closest(key ?? name, known);
  const guess = near !== undefined ? `Did you mean "${near}"?` : `Known: ${known.join(", ") || "none yet"}.`;
  if (action === "reset") throw new KitError("usage", `Cannot reset "${name}": no such breaker`, { hint: guess });
  throw new KitError("usage", `Cannot trip "${name}": no run on this library has asked it`, {
    hint: `${guess} Otherwise use --force`,
  });
}

/** Convert a name to the host in the form that runs store; return `null` if it is not a host name. */
function toHost(name: string): string | null {
  const lower = name.toLowerCase();
  return HOST.test(lower) ? URL.parse(`https://${lower}/`)?.host ?? null : null;
}
