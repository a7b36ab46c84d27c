import { exists } from "@std/fs";
import { resolve } from "node:path";
import { alertsStatePath } from "../../lib/library/mod.ts";
import {
  type AlertsConfig,
  AlertStore,
  parseAlertsConfig,
  parseReceiverUrl,
  type Receiver,
} from "../../lib/alerts/mod.ts";
import { assertPlainFile, type Env, KitError } from "../../lib/base/mod.ts";
import { readConfigText } from "../../lib/config/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { DOWNLOAD_DERIVED } from "../../lib/downloader/mod.ts";
import BUILT_IN_RULES from "../../config/alerts.yml" with { type: "text" };
import { readLibrary } from "../_frame/library/choose_library.ts";
import type { AlertsFlags } from "./alert_flags.ts";

/**
 * Read an alert rules file.
 *
 * @throws {KitError} `usage` if the file does not exist, is not valid UTF-8, or is larger than 1 MiB
 */
export function readRulesFile(path: string, options: { readonly signal?: AbortSignal } = {}): Promise<string> {
  return readConfigText(path, { ...options, hint: "Set --config to the rules file, such as config/alerts.yml" });
}

/** Options of {@linkcode readAlertsConfig}. */
export interface ReadAlertsOptions {
  /**
   * Environment for `${…}` in the addresses of receivers; a missing variable is then reported as an error in the file.
   * Commands that send no notifications omit it, so that the variables are not checked.
   *
   * @default {undefined}
   */
  readonly env?: Env | undefined;
}

/**
 * Read and check the rules file set by `--config`. If the flag is not set and the default file does not exist, use the
 * built-in rules.
 */
export async function readAlertsConfig(
  context: Pick<CommandContext<AlertsFlags>, "flags" | "sourceOf" | "display" | "signal">,
  options: ReadAlertsOptions = {},
): Promise<AlertsConfig> {
  const { flags, sourceOf, display, signal } = context;
  const isNamed = sourceOf("config") !== "default";
  if (isNamed || await exists(flags.config)) {
    if (!isNamed) assertPlainFile(flags.config, await Deno.stat(flags.config));
    return parseRules(await readRulesFile(flags.config, { signal }), flags.config, options);
  }
  display.log(`There is no "${flags.config}" here: using the built-in rules`);
  return parseRules(BUILT_IN_RULES, "the built-in rules", options);
}

/** Parse rules, and check them against the metrics of the program. */
export function parseRules(text: string, file: string, options: ReadAlertsOptions = {}): AlertsConfig {
  return parseAlertsConfig(text, {
    ...options,
    file,
    metrics: Object.fromEntries(DOWNLOAD_DERIVED.map(({ name, splitBy = [] }) => [name, splitBy])),
  });
}

/** Open what is stored of the alerts of the library that the flags name. */
export function openAlertStore({ flags, display }: Pick<CommandContext<AlertsFlags>, "flags" | "display">): AlertStore {
  const onWarning = (message: string) => display.notice(`warning: ${message}`);
  return new AlertStore(resolve(alertsStatePath(readLibrary(flags))), { onWarning });
}

/**
 * The environment for `${…}` in the rules. A file found in the working directory may come from someone else, and could
 * send secrets from the environment anywhere. Therefore only a file that is specified on the command line may use
 * variables.
 *
 * @returns A function that looks up a variable by name; it throws if the file may not read the environment
 */
export function rulesEnv(
  { flags, env, sourceOf }: Pick<CommandContext<Pick<AlertsFlags, "config">>, "flags" | "env" | "sourceOf">,
): Env {
  if (sourceOf("config") === "flag") return env;
  return refuseVariables(`"${flags.config}": the file was found in the working folder, not named on the command line`, {
    hint: `If you trust what it does with your environment, name it: --config ${flags.config}`,
  });
}

/**
 * Create an environment that refuses every variable.
 *
 * @param where Completes the message `Cannot use ${NAME} in`
 * @returns A function that throws {@linkcode KitError} `usage` for every name
 */
export function refuseVariables(where: string, options: { readonly hint: string }): Env {
  return (name) => {
    throw new KitError("usage", `Cannot use \${${name}} in ${where}`, options);
  };
}

/**
 * Create the receivers from their addresses. What they deliver names commands as the reader types them; the state of the
 * alerts keeps the words of the rules, which a screen translates first.
 *
 * @param context Environment for `${…}`, if the file may read it, the output of `stdout:`, and the names of commands
 * @returns The receivers, in the order of the file
 */
export function openReceivers(
  config: AlertsConfig,
  context:
    & Pick<CommandContext<Pick<AlertsFlags, "config">>, "env" | "flags" | "sourceOf">
    & {
      readonly io: Pick<CommandContext["io"], "writeOut" | "writeErr">;
      readonly display: Pick<CommandContext["display"], "nameCommands">;
    },
): readonly Receiver[] {
  const { io, flags, display: { nameCommands } } = context;
  const env = rulesEnv(context);
  // With --json, standard output contains one JSON document and nothing else.
  const print = (text: string) => Promise.resolve(flags.json ? io.writeErr(text) : io.writeOut(text));
  return config.receivers.map((url) => nameInNotices(parseReceiverUrl(url, { env, print }), nameCommands));
}

/** Annotations that name commands. */
const NAMES_COMMANDS: ReadonlySet<string> = new Set(["remedy", "remedyJa"]);

function nameInNotices(receiver: Receiver, nameCommands: (text: string) => string): Receiver {
  return {
    description: receiver.description,
    send(notification, options) {
      const alerts = notification.alerts.map((alert) => {
        const named = Object.entries(alert.annotations).map(([name, text]) =>
          [name, NAMES_COMMANDS.has(name) ? nameCommands(text) : text] as const
        );
        return { ...alert, annotations: Object.fromEntries(named) };
      });
      return receiver.send({ ...notification, alerts }, options);
    },
    ...receiver.isReachable === undefined ? {} : { isReachable: (options) => receiver.isReachable!(options) },
  };
}
