import {
  addSilence,
  type AlertStatus,
  alertStatus,
  AlertStore,
  expireSilence,
  parseLabelMatcher,
} from "../../lib/alerts/mod.ts";
import { KitError, systemClock } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import type { AlertsFlags } from "./alert_flags.ts";
import { alertsStatePath } from "./alerts_config.ts";

/** The change that was made, and the silences after it. */
export interface SilenceResult {
  readonly action: "silence";
  /** Id of the silence that was added or ended; `null` for `list`. */
  readonly id: string | null;
  readonly silences: AlertStatus["silences"];
}

/** Flags of a new silence, and the library that it is for. */
export type SilenceFlags = Pick<AlertsFlags, "library"> & {
  /** Duration of the silence, in milliseconds. */
  readonly for: number;
  readonly author: string;
  readonly comment: string | undefined;
};

/** A configuration without rules, which is enough to list silences. */
const NO_RULES = { rules: [], routes: [], inhibit: [], receivers: [], heartbeat: null };

/** Add, list or end silences. */
export async function changeSilences(
  context: Pick<CommandContext<SilenceFlags>, "flags" | "display" | "signal">,
  args: readonly string[],
): Promise<SilenceResult> {
  const { flags, display, signal } = context;
  const [verb = "list", ...rest] = args;
  const onWarning = (message: string) => display.notice(`warning: ${message}`);
  const store = new AlertStore(alertsStatePath(flags), { onWarning });
  const now = systemClock.now();
  switch (verb) {
    case "list":
      return { action: "silence", id: null, silences: alertStatus(await store.read(), NO_RULES, now).silences };
    case "add": {
      if (rest.length === 0) throw usage("no matcher", "Name alerts, such as alertname=HighErrorRate");
      const silence = {
        id: crypto.randomUUID().slice(0, 8),
        matchers: rest.map(readMatcher),
        startsAt: now,
        endsAt: now + flags.for,
        author: flags.author,
        comment: flags.comment ?? "",
      };
      const state = await store.update((old) => addSilence(old, silence), { signal });
      return { action: "silence", id: silence.id, silences: alertStatus(state, NO_RULES, now).silences };
    }
    case "expire": {
      const [id] = rest;
      if (id === undefined || rest.length > 1) throw usage("it takes one id", "See: civitai-dl alerts silence list");
      let found = false;
      const state = await store.update((old) => {
        const next = expireSilence(old, id, now);
        found = next !== undefined;
        return next ?? old;
      }, { signal });
      if (!found) {
        throw new KitError("failed", `Cannot end silence "${id}": there is none`, {
          hint: "See: civitai-dl alerts silence list",
        });
      }
      return { action: "silence", id, silences: alertStatus(state, NO_RULES, now).silences };
    }
    default:
      throw usage(
        `"${verb}" is not add, list or expire`,
        "Write: civitai-dl alerts silence add alertname=NAME --for 1h",
      );
  }
}

function readMatcher(text: string): ReturnType<typeof parseLabelMatcher> {
  try {
    return parseLabelMatcher(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new KitError("usage", error.message, { cause: error });
  }
}

function usage(state: string, hint: string): KitError {
  return new KitError("usage", `Cannot change silences: ${state}`, { hint });
}
