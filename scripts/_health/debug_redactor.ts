import { basename } from "node:path";
import { createRedactor, type Env, machineName, type Redactor } from "../../lib/base/mod.ts";

/** What must not leave this machine. */
export interface DebugSecrets {
  /** Keys that are or may be in use. */
  readonly keys: readonly (string | undefined)[];
  /** Names of creators; empty if names stay in. */
  readonly creators: readonly string[];
  /** Whether the names of user and machine stay in. */
  readonly hasNames: boolean;
}

/** A setting whose name says that it is secret, in YAML and JSON. The value of a short key is masked too. */
const SECRET_SETTING =
  /((?:^|[\s{,"])[\w-]*(?:token|secret|password|api[_-]?key)["']?\s*[:=]\s*)(["']?)[^\s"',}#{[][^\s"',}#]*\2/gim;

/**
 * Create the redactor of debug information: that of the program, and the home folder, the names of user and machine, and
 * creators.
 *
 * @param secrets Keys and names
 * @param env The environment
 * @returns The redactor
 */
export function createDebugRedactor({ keys, creators, hasNames }: DebugSecrets, env: Env): Redactor {
  const home = env("HOME");
  const substitutes = new Map<string, string>();
  if (!hasNames) {
    for (const [index, name] of creators.entries()) substitutes.set(name, `[user-${index + 1}]`);
    const machine = machineName();
    if (machine !== "this machine" && machine !== "localhost") substitutes.set(machine, "[machine]");
    const user = home === undefined ? "" : basename(home);
    if (user !== "") substitutes.set(user, "[me]");
  }
  // The folder says no more than the name in it, but it is not needed either.
  if (home !== undefined && home.length > 1) substitutes.set(home, "~");
  const redact = createRedactor(keys, { substitutes });
  return (text) => redact(text.replace(SECRET_SETTING, "$1$2[redacted]$2"));
}
