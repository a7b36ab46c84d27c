import {
  createRedactor,
  type Env,
  isLoopback,
  parseHostTimeout,
  parseRateSchedule,
  type RateSchedule,
} from "../../lib/base/mod.ts";
import { type Client, type ClientOptions, createClient } from "../../lib/civitai/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { type DayLimits, parseDayLimits } from "../../lib/downloader/mod.ts";
import { HostTimeouts, RETRY_POLICY } from "../../lib/failsafe/mod.ts";
import { type Profile, PROFILES } from "../../lib/transfer/mod.ts";
import { bypassProxy } from "./bypass_proxy.ts";
import { findConfigPath } from "./settings/config_file.ts";
import type { ClientFlags, EngineFlags } from "./flags.ts";
import { assertKeyMayGo } from "./key_trip.ts";
import { startLibrarySandbox } from "./library/library_sandbox.ts";
import { findToken, type FoundToken, missingKeyWarning, requireUsableKey } from "./settings/secrets.ts";

/** Access to the API. */
export interface Access extends AsyncDisposable {
  /** Options of the client: address, key, request rates. */
  readonly client: ClientOptions & { readonly baseUrl: string };
}

/** Options of {@linkcode openAccess}. */
export interface AccessOptions {
  /**
   * Whether files will be downloaded, so that a missing key causes a warning.
   *
   * @default {false}
   */
  readonly needsKey?: boolean | undefined;
  /** The library's folder, absolute, if there is one; determines the storage port of `--sandbox`. */
  readonly library?: string | undefined;
}

type AccessContext = Pick<CommandContext<ClientFlags>, "flags" | "env" | "display" | "sourceOf">;

/**
 * Resolve the network flags: the API's address, the key, and a running sandbox with `--sandbox`.
 *
 * @returns Options for a client or an engine; dispose it to stop the sandbox
 */
export async function openAccess(context: AccessContext, options: AccessOptions = {}): Promise<Access> {
  const { needsKey = false, library } = options;
  const { flags, env, display, sourceOf } = context;
  let { baseUrl }: { baseUrl: string } = flags;
  const isLocal = flags.sandbox || isLoopback(URL.parse(baseUrl)?.hostname ?? "");
  if (isLocal) bypassProxy();
  await using stack = new AsyncDisposableStack();
  const source = sourceOf("token");
  const found = await findKey(context);
  if (found?.warning) display.notice(`warning: ${found.warning}`);
  const isKeyInConfig = source === "config" && found?.token === flags.token?.trim();
  if (found !== null && !flags.sandbox) {
    assertKeyMayGo({ baseUrl, source: sourceOf("base-url"), isKeyInConfig });
  }
  let token = found?.token;
  if (flags.sandbox) {
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
  // Requests to a server on this machine are not limited, unless a flag sets a rate.
  const rate = (name: string, perSecond: number) => isLocal && sourceOf(name) === "default" ? Infinity : perSecond;
  const owned = stack.move();
  return {
    client: {
      baseUrl,
      token,
      tokenOrigin: flags.sandbox ? "the sandbox" : found?.origin,
      env,
      modelRate: rate("api-rate", flags.apiRate),
      imageRate: rate("image-rate", flags.imageRate),
      downloadRate: rate("download-rate", flags.downloadRate),
      timeoutMs: flags.timeout,
      hostTimeouts: new HostTimeouts(flags.hostTimeout.map(parseHostTimeout), { maxMs: RETRY_POLICY.patienceMs }),
      allowedHosts: flags.allowHost,
      onRetry: ({ what, waitMs, message }) => display.detail(`Waiting ${Math.round(waitMs)} ms to ${what}: ${message}`),
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/**
 * Find the API key of a command with network flags.
 *
 * @returns The key; `null` if there is none
 * @throws {KitError} `usage` if it cannot be read or used
 */
export async function findKey({ flags, env, sourceOf }: Omit<AccessContext, "display">): Promise<FoundToken | null> {
  const source = sourceOf("token");
  const config = source === "config" ? await findConfigPath(flags.config, env) ?? undefined : undefined;
  const found = findToken({ flag: flags.token, source, file: flags.tokenFile, config, env });
  if (found !== null && !flags.sandbox) requireUsableKey(found);
  return found;
}

/** A client for commands that fetch no files. */
export interface Session extends AsyncDisposable {
  /** Client of the API. */
  readonly client: Client;
}

/**
 * Open a client as configured by the network flags.
 *
 * @param options `onRetry` is called before each wait, too; `unansweredRetries` as in the client's options
 * @returns The session; dispose it to stop the sandbox
 */
export async function openSession(
  context: AccessContext,
  { onRetry = () => {}, unansweredRetries }: Pick<ClientOptions, "onRetry" | "unansweredRetries"> = {},
): Promise<Session> {
  const access = await openAccess(context);
  const client = createClient({
    ...access.client,
    unansweredRetries,
    onRetry(notice) {
      onRetry(notice);
      access.client.onRetry?.(notice);
    },
  });
  return { client, [Symbol.asyncDispose]: () => access[Symbol.asyncDispose]() };
}

/** Read the profile from the flags; `CIVITAI_DL_DISABLE_EXPERIMENTAL=1` takes precedence over all of them. */
export function readProfile(flags: Omit<EngineFlags, "maxTime" | "fsync">, env: Env): Profile {
  if (env("CIVITAI_DL_DISABLE_EXPERIMENTAL") === "1" || flags.forceSyncMode) return PROFILES.stable;
  const profile = PROFILES[flags.engine];
  const { maxConnections, patience: patienceMs } = flags;
  return {
    ...profile,
    // A single wait is never longer than --patience.
    connectTimeoutMs: Math.min(patienceMs, profile.connectTimeoutMs),
    tlsTimeoutMs: Math.min(patienceMs, profile.tlsTimeoutMs),
    headerTimeoutMs: Math.min(patienceMs, profile.headerTimeoutMs),
    stallMs: Math.min(patienceMs, profile.stallMs),
    connections: Math.min(maxConnections, profile.connections),
    segments: Math.min(maxConnections, profile.segments),
  };
}

/** Read the rate of all transfers, or the timetable of rates. Return `undefined` without `--limit-rate`. */
export function readBandwidth(flags: Pick<EngineFlags, "limitRate">): RateSchedule | undefined {
  return flags.limitRate === undefined ? undefined : parseRateSchedule(flags.limitRate);
}

/** Read the limits that apply to any period of 24 hours. Return `undefined` without `--quota`. */
export function readDayLimits(flags: Pick<EngineFlags, "quota">): DayLimits | undefined {
  return flags.quota === undefined ? undefined : parseDayLimits(flags.quota);
}

/** Create a redactor for output that the frame does not redact, such as the log. */
export function sessionRedactor(flags: Pick<ClientFlags, "token" | "tokenFile">, env: Env): (text: string) => string {
  // If two keys are specified, neither belongs in a log, regardless of which one is in use.
  const found = findToken({ file: flags.tokenFile, env });
  return createRedactor([flags.token?.trim(), found?.token]);
}
