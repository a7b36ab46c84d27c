import { canonicalJson, type EvidenceHeader, KitError } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { readRounds } from "../../lib/soak/mod.ts";

/**
 * Read the settings of a run that goes on; a flag may repeat one of them, but not change it.
 *
 * @param path The report
 * @param schema Its schema
 * @param context The flags; those with the name of a setting are compared
 * @returns The settings
 * @throws {KitError} `usage` if there is no report, `unsafe` if a flag differs
 */
export async function resumedSettings<Settings extends object>(
  path: string,
  schema: string,
  { flags, sourceOf }: Pick<CommandContext<object>, "flags" | "sourceOf">,
): Promise<Settings> {
  const { settings } = await readRounds<EvidenceHeader & { readonly settings: Settings }>(path, schema);
  const given = flags as Readonly<Record<string, unknown>>;
  const other = Object.entries(settings).find(([name, value]) =>
    sourceOf(flagOf(name)) === "flag" && inOrder(given[name]) !== inOrder(value)
  );
  if (other === undefined) return settings;
  const [name, value] = other;
  throw new KitError("unsafe", `Cannot resume: --${flagOf(name)} is ${given[name]}, and the run began with ${value}`, {
    hint: "Leave it out to go on as before, or begin a new run",
  });
}

/** The flag of a setting, such as `abort-on` of `abortOn`. */
function flagOf(setting: string): string {
  return setting.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A value as text; the order of a list has no meaning. */
function inOrder(value: unknown): string {
  return canonicalJson(Array.isArray(value) ? value.toSorted() : value);
}
