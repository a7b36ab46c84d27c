import { basename } from "node:path";
import { assertPlainFile, createRedactor, type Env, machineName, type Redactor } from "../../../lib/base/mod.ts";
import { readConfigFile } from "./config_file.ts";
import { findConfigSecrets, findSecrets } from "./secrets.ts";
import { homeFolder } from "./user_folders.ts";

/** Where alert rules are by default. */
const RULES = "config/alerts.yml";
/** Variables with the address of a proxy, which may have a password. */
const PROXIES = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy"];
/** The folder of any user, also in a string of JSON. */
const HOME = /((?:\/home|\/Users|\b[A-Za-z]:(?:\\{1,4}|\/)Users)(?:\\{1,4}|\/))[^\s"'\\/:;,<>|]+/g;
const ADDRESS = /(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[a-z]{2,24}(?![\w-])/gi;

/** What {@linkcode openPublicRedactor} has to know besides the environment and the files. */
export interface PublicRedactorOptions {
  /** The value of `--config`. */
  readonly config?: string | undefined;
  /** More keys that are or may be in use. */
  readonly keys?: readonly (string | undefined)[] | undefined;
  /** Names of creators, which become `[user-1]`, `[user-2]` and so on. */
  readonly names: readonly string[];
  /** Stops waiting for a configuration that is a pipe. */
  readonly signal: AbortSignal;
}

/**
 * Open the redactor for text that other people get. It is strict, and knows all configured keys, the secrets of the
 * receivers of alerts, the home folder, and the names of user, machine and creators.
 */
export async function openPublicRedactor(env: Env, options: PublicRedactorOptions): Promise<Redactor> {
  const { names, keys = [] } = options;
  const substitutes = new Map<string, string>();
  const home = homeFolder(env);
  for (const [index, name] of names.entries()) substitutes.set(name, `[user-${index + 1}]`);
  const machine = machineName();
  if (machine !== "this machine" && machine !== "localhost") substitutes.set(machine, "[machine]");
  const user = home === undefined ? "" : basename(home);
  if (user !== "") substitutes.set(user, "[me]");
  // The folder says no more than the name in it, but it is not needed either.
  if (home !== undefined && home.length > 1) substitutes.set(home, "~");
  const known = [...keys, ...findSecrets(Deno.args, env), ...await findFileSecrets(env, options)];
  const redact = createRedactor(known, { substitutes, isStrict: true });
  return (text) => hidePeople(redact(text));
}

/** Collect the secrets of the configuration, of the rules, and of proxies. A file that cannot be read has none. */
async function findFileSecrets(
  env: Env,
  { config, signal }: Pick<PublicRedactorOptions, "config" | "signal">,
): Promise<readonly string[]> {
  const secrets: string[] = PROXIES.map((name) => URL.parse(env(name) ?? "")?.password ?? "");
  try {
    const file = await readConfigFile(config, env, { signal });
    if (file !== null) secrets.push(...findConfigSecrets(file.values));
  } catch {
    signal.throwIfAborted();
    // The command itself reports a configuration that cannot be used.
  }
  try {
    assertPlainFile(RULES, await Deno.stat(RULES));
    const { findReceiverSecrets } = await import("../../../lib/alerts/mod.ts");
    secrets.push(...findReceiverSecrets(await Deno.readTextFile(RULES), env));
  } catch {
    // There are no rules, or nobody may read them.
  }
  return secrets;
}

function hidePeople(text: string): string {
  const clean = text.replace(HOME, "$1[user]");
  return clean.includes("@") ? clean.replace(ADDRESS, "[address]") : clean;
}
