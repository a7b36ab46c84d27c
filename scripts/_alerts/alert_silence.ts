import { addSilence, expireSilence, listSilences, type SilenceStatus, splitAlertName } from "../../lib/alerts/mod.ts";
import { closest, KitError, systemClock } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import type { AlertsFlags } from "./alert_flags.ts";
import { openAlertStore, readAlertsConfig } from "./alerts_config.ts";

/** The silences after a change. */
export interface SilenceResult {
  readonly action: "silence";
  readonly silences: readonly SilenceStatus[];
}

/** Flags of a new silence, and the rules and the library that it is for. */
export type SilenceFlags = AlertsFlags & {
  /** Duration of the silence, in milliseconds. */
  readonly for: number;
  readonly comment: string | undefined;
};

/** Add, list or end silences. */
export async function changeSilences(
  context: CommandContext<SilenceFlags>,
  args: readonly string[],
): Promise<SilenceResult> {
  const { flags, signal } = context;
  const [verb = "list", ...names] = args;
  const store = openAlertStore(context);
  const now = systemClock.now();
  switch (verb) {
    case "list":
      return { action: "silence", silences: listSilences(await store.read(), now) };
    case "add": {
      if (names.length === 0) throw usage("no alert is named", "Name alerts, such as HighErrorRate");
      await assertRules(names, context);
      const silence = { endsAt: now + flags.for, comment: flags.comment ?? "" };
      const state = await store.update(
        (old) => names.reduce((state, name) => addSilence(state, name, silence), old),
        { signal },
      );
      return { action: "silence", silences: listSilences(state, now) };
    }
    case "expire": {
      const [name] = names;
      if (name === undefined || names.length > 1) {
        throw usage("it takes one name", "See: civitai-dl alerts silence list");
      }
      let isFound = false;
      const state = await store.update((old) => {
        const next = expireSilence(old, name);
        isFound = next !== undefined;
        return next ?? old;
      }, { signal });
      if (!isFound) {
        throw new KitError("failed", `Cannot end the silence of "${name}": there is none`, {
          hint: "See: civitai-dl alerts silence list",
        });
      }
      return { action: "silence", silences: listSilences(state, now) };
    }
    default:
      throw usage(`"${verb}" is not add, list or expire`, "Write: civitai-dl alerts silence add NAME --for 1h");
  }
}

/** Refuse a name that no rule has: it would silence nothing, and nobody would notice. */
async function assertRules(names: readonly string[], context: CommandContext<SilenceFlags>): Promise<void> {
  const known = (await readAlertsConfig(context)).rules.map((rule) => rule.name);
  for (const { rule } of names.map(splitAlertName)) {
    if (known.includes(rule)) continue;
    const near = closest(rule, known);
    throw usage(
      `no alert is named "${rule}"`,
      near === undefined ? `There are: ${known.join(", ")}` : `Did you mean "${near}"?`,
    );
  }
}

function usage(state: string, hint: string): KitError {
  return new KitError("usage", `Cannot change silences: ${state}`, { hint });
}
