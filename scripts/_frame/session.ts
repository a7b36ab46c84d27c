import { resolve } from "node:path";
import { createRedactor, type Env, isLoopback, KitError, systemEnv } from "../../lib/base/mod.ts";
import { type Client, type ClientOptions, createClient } from "../../lib/civitai/mod.ts";
import type { CommandContext, FlagValues } from "../../lib/cli/mod.ts";
import { type DayLimits, parseDayLimits } from "../../lib/downloader/mod.ts";
import { parseRateSchedule, type Profile, type ProfileName, PROFILES, RateLimiter } from "../../lib/transfer/mod.ts";
import { bypassProxy } from "./bypass_proxy.ts";
import { readConfigFile } from "./config_file.ts";
import { assertKeyMayGo } from "./key_trip.ts";
import { startLibrarySandbox } from "./library_sandbox.ts";
import { OUTPUT_FILE, parseOutputFile } from "./output_file.ts";
import { readReason } from "./read_reason.ts";
import { findToken, missingKeyWarning } from "./secrets.ts";

/** Where runs write their logs: in the working directory. */
export const LOGS = "logs";

/** How the API is reached. */
export interface Access extends AsyncDisposable {
  /** Where it is, the key, the pace. */
  readonly client: ClientOptions & { readonly baseUrl: string };
}

/** Options of {@linkcode openAccess}. */
export interface AccessOptions {
  /**
   * Whether files are to be fetched, so that a missing key is worth a warning.
   *
   * @default {false}
   */
  readonly needsKey?: boolean | undefined;
  /** The library's folder, absolute, if there is one: with `--sandbox` its pictures stay where they are. */
  readonly library?: string | undefined;
}

/** What flags, environment and display say. */
type AccessContext = Pick<CommandContext, "flags" | "env" | "display" | "given">;

/**
 * Find out what the network flags describe: the address, a sandbox when asked for, the key.
 *
 * @param context Flags, environment, display
 * @returns What a client or an engine is opened with; dispose it to stop the sandbox
 */
export async function openAccess(context: AccessContext, options: AccessOptions = {}): Promise<Access> {
  const { needsKey = false, library } = options;
  const { flags, env, display, given } = context;
  let baseUrl = flags.requiredString("base-url");
  const isLocal = flags.boolean("sandbox") || isLoopback(URL.parse(baseUrl)?.hostname ?? "");
  if (isLocal) bypassProxy();
  await using stack = new AsyncDisposableStack();
  const source = given("token");
  const config = source === "config" ? (await readConfigFile(flags.string("config"), env))?.path : undefined;
  const found = findToken({ flag: flags.string("token"), source, file: flags.string("token-file"), config, env });
  if (found?.warning) display.notice(`warning: ${found.warning}`);
  const isKeyInConfig = source === "config" && found?.token === flags.string("token")?.trim();
  if (found !== null && !flags.boolean("sandbox")) {
    assertKeyMayGo({ baseUrl, source: given("base-url"), isKeyInConfig });
  }
  let token = found?.token;
  if (flags.boolean("sandbox")) {
    const sandbox = stack.use(await startLibrarySandbox(library));
    baseUrl = sandbox.apiOrigin;
    token = sandbox.token;
    display.log(
      `Sandbox at ${baseUrl}; its creators: ${
        [...sandbox.catalog.creators().take(3)].map((creator) => creator.username).join(", ")
      }`,
    );
  }
  const warning = needsKey ? missingKeyWarning(token, baseUrl) : null;
  if (warning !== null) display.notice(`warning: ${warning}`);
  const rate = (name: string) => isLocal && given(name) === "default" ? Infinity : flags.requiredNumber(name);
  const owned = stack.move();
  return {
    client: {
      baseUrl,
      token,
      env,
      modelRate: rate("api-rate"),
      imageRate: rate("image-rate"),
      downloadRate: rate("download-rate"),
      timeoutMs: flags.requiredNumber("timeout"),
      allowedHosts: flags.strings("allow-host"),
      onRetry: ({ what, waitMs, message }) => display.detail(`Waiting ${Math.round(waitMs)} ms to ${what}: ${message}`),
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A client for commands that fetch no files. */
export interface Session extends AsyncDisposable {
  /** Talks to the API. */
  readonly client: Client;
}

/**
 * Open a client as the network flags describe it.
 *
 * @param context Flags, environment, display
 * @returns The session; dispose it to stop the sandbox
 */
export async function openSession(context: AccessContext): Promise<Session> {
  const access = await openAccess(context);
  return { client: createClient(access.client), [Symbol.asyncDispose]: () => access[Symbol.asyncDispose]() };
}

/** The engine that flags and environment choose; the environment's switch wins over all. */
export function readProfile(flags: FlagValues, env: Env): Profile {
  if (env("CIVITAI_DL_DISABLE_EXPERIMENTAL") === "1" || flags.boolean("force-sync-mode")) return PROFILES.stable;
  const profile = PROFILES[flags.requiredString("engine") as ProfileName];
  const most = flags.requiredNumber("max-connections");
  const patienceMs = flags.requiredNumber("patience");
  return {
    ...profile,
    // A single wait is never longer than --patience.
    connectTimeoutMs: Math.min(patienceMs, profile.connectTimeoutMs),
    tlsTimeoutMs: Math.min(patienceMs, profile.tlsTimeoutMs),
    headerTimeoutMs: Math.min(patienceMs, profile.headerTimeoutMs),
    stallMs: Math.min(patienceMs, profile.stallMs),
    connections: Math.min(most, profile.connections),
    segments: Math.min(most, profile.segments),
  };
}

/** The bandwidth limit, a rate or a timetable of rates, if one is wanted. */
export function readLimiter(flags: FlagValues): RateLimiter | undefined {
  const text = flags.string("limit-rate");
  return text === undefined ? undefined : new RateLimiter({ schedule: parseRateSchedule(text) });
}

/** What any 24 hours may use, if there are limits. */
export function readDayLimits(flags: FlagValues): DayLimits | undefined {
  const text = flags.string("quota");
  return text === undefined ? undefined : parseDayLimits(text);
}

/** Options of {@linkcode readOutput}. */
export interface ReadOutputOptions {
  /** Whether the earlier tool's folder for trials is wanted. */
  readonly isTestMode?: boolean;
  /**
   * The flag that names the folder.
   *
   * @default {"output"}
   */
  readonly flag?: string;
}

/** The library's folder: command line, environment, configuration, the earlier tool's file, `./downloads`. */
export function readOutput(flags: FlagValues, options: ReadOutputOptions = {}): string {
  const { isTestMode = false, flag = "output" } = options;
  if (isTestMode && flags.given(flag) !== "flag") return "test_downloads";
  return flags.string(flag) ?? defaultLibrary();
}

/** Invented models have the ids of real ones, so they must not go into a real library. */
const SANDBOX_LIBRARY = "sandbox_downloads";

/**
 * The library's folder for a command that fetches. With `--sandbox` only the command line can name it: the environment,
 * the configuration and `default_output_dir.txt` name the real library.
 *
 * @param context Flags, and where to say which folder it is
 * @param options As for {@linkcode readOutput}
 * @returns The folder
 */
export function chooseLibrary(
  { flags, given, display }: Pick<CommandContext, "flags" | "given" | "display">,
  options: Pick<ReadOutputOptions, "isTestMode"> = {},
): string {
  const isNamed = given("output") === "flag" || options.isTestMode === true;
  if (!flags.boolean("sandbox") || isNamed) return readOutput(flags, options);
  display.log(`The sandbox's library is ${resolve(SANDBOX_LIBRARY)}; -o names another`);
  return SANDBOX_LIBRARY;
}

/** The library's folder of commands whose `--output` is another thing: `--library`, or as all others find it. */
export function readLibrary(flags: FlagValues): string {
  return flags.string("library") ?? defaultLibrary();
}

function defaultLibrary(): string {
  try {
    return parseOutputFile(Deno.readTextFileSync(OUTPUT_FILE), systemEnv("HOME")) ?? "downloads";
  } catch (error) {
    if (error instanceof KitError || error instanceof Deno.errors.NotCapable) throw error;
    if (!(error instanceof Deno.errors.NotFound)) {
      throw new KitError("usage", `Cannot read "${OUTPUT_FILE}": ${readReason(error)}`, {
        hint: "Mend it, or name the folder by --output",
        cause: error,
      });
    }
  }
  return "downloads";
}

/** A redactor for what lies outside of the frame's own, such as the log. */
export function sessionRedactor(flags: FlagValues, env: Env): (text: string) => string {
  const found = findToken({ flag: flags.string("token"), file: flags.string("token-file"), env });
  return createRedactor([found?.token]);
}
