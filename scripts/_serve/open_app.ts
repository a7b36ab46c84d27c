import { createRedactor, type Env, messageOf } from "../../lib/base/mod.ts";
import { type AppServer, serveApp } from "../../lib/app/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { limitRepeats, type StatusSources } from "../../lib/monitor/mod.ts";
import { chooseLanguage } from "../_frame/language.ts";
import { SCREEN_VARIABLES } from "../_frame/settings/variables.ts";
import { readPageToken } from "./page_token.ts";
import type { PageFlags, ServeFlags } from "./serve_flags.ts";

/** Lowest bit of maturity that a page blurs unless its user has chosen another: R. */
const BLUR_FROM = 4;

/** Options of {@linkcode openApp}. */
export interface OpenAppOptions {
  /** Where it listens. */
  readonly listen: string;
  /** Who may use it, of the command that serves. */
  readonly page: Pick<PageFlags, "host" | "readOnly" | "pageTokenFile">;
  /** A token that does not stand in a file. */
  readonly token?: string | undefined;
  /** The library's folder, absolute. */
  readonly library: string;
  /** The state of the downloads. */
  readonly sources: StatusSources;
}

/**
 * Open the application for `serve` and for `monitor`.
 *
 * @param context Flags of `serve`: how what the page queues is fetched
 * @throws {KitError} `usage` for an address or a token that cannot be used
 */
export async function openApp(context: CommandContext<ServeFlags>, options: OpenAppOptions): Promise<AppServer> {
  const { flags, env, display } = context;
  const { listen, page, library, sources } = options;
  const onWarning = limitRepeats((message) => display.notice(`warning: ${message}`));
  const token = page.pageTokenFile === undefined
    ? options.token
    : await readPageToken(page.pageTokenFile, { onWarning });
  const redactToken = createRedactor([token]);
  return await serveApp({
    listen,
    token,
    hosts: page.host,
    isReadOnly: page.readOnly,
    about: { library, language: chooseLanguage(flags.language, env), maturity: { blurFrom: BLUR_FROM } },
    hasScreen: hasScreen(env),
    sources,
    // What library, pictures, plans and queue need is opened above and named here.
    parts: {},
    states: {},
    redact: (text) => display.redact(redactToken(text)),
    onError: (error) => onWarning(`The page could not answer a request: ${messageOf(error)}`),
  });
}

/** Whether this process can show something on a screen; only the desktops of Unix say so in the environment. */
function hasScreen(env: Env): boolean {
  if (Deno.build.os === "windows" || Deno.build.os === "darwin") return true;
  return SCREEN_VARIABLES.some((variable) => env(variable));
}
