import { createRedactor, type Env, messageOf } from "../../lib/base/mod.ts";
import { type AppServer, PlanStore, readQueue, readQueueProgress, serveApp } from "../../lib/app/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { MATURITY_LEVELS } from "../../lib/downloader/mod.ts";
import { limitRepeats, type StatusSources } from "../../lib/monitor/mod.ts";
import { targetHosts } from "../_download/targets.ts";
import { chooseLanguage } from "../_frame/language.ts";
import { SCREEN_VARIABLES } from "../_frame/settings/variables.ts";
import { openLibraryParts } from "./open_library_parts.ts";
import { createSettleChoice, openQueue } from "./open_queue.ts";
import { nameKeyFile } from "./name_key_file.ts";
import { readPageToken } from "./page_token.ts";
import { previewPlans } from "./preview_plan.ts";
import type { PageFlags, ServeFlags } from "./serve_flags.ts";

/** The bit above all that Civitai has: nothing is blurred. */
const BLUR_NOTHING = 64;

/** Options of {@linkcode openApp}. */
export interface OpenAppOptions {
  /** Where it listens. */
  readonly listen: string;
  /** Who may use it, of the command that serves. */
  readonly page: Pick<PageFlags, "host" | "readOnly" | "pageTokenFile" | "blurFrom">;
  /** A token that does not stand in a file. */
  readonly token?: string | undefined;
  /** The library's folder, absolute. */
  readonly library: string;
  /** The state of the downloads. */
  readonly sources: StatusSources;
  /** Creators of the sandbox that it works with, if it does. */
  readonly sandboxCreators?: readonly string[] | null;
}

/** The application, with all that works for it. */
export interface OpenedApp extends AsyncDisposable {
  readonly app: AppServer;
}

/**
 * Open the application for `serve` and for `monitor`.
 *
 * @param context Flags of `serve`: how what the page queues is fetched
 * @throws {KitError} `usage` for an address or a token that cannot be used
 */
export async function openApp(context: CommandContext<ServeFlags>, options: OpenAppOptions): Promise<OpenedApp> {
  const { flags, env, display } = context;
  const { listen, page, library, sources, sandboxCreators = null } = options;
  const onWarning = limitRepeats((message) => display.notice(`warning: ${message}`));
  const token = page.pageTokenFile === undefined
    ? options.token
    : await readPageToken(page.pageTokenFile, { onWarning });
  const redactOwn = createRedactor([token], { substitutes: await nameKeyFile(context) });
  await using stack = new AsyncDisposableStack();
  let announcePlan: (id: string) => void = () => {};
  const plans = stack.use(
    new PlanStore({
      openPreview: previewPlans(context, { library }),
      hosts: targetHosts(flags.baseUrl),
      onChange: (id) => announcePlan(id),
      onError: (error) => onWarning(`The page could not make a plan: ${messageOf(error)}`),
    }),
  );
  let publish: (name: string) => Promise<void> = () => Promise.resolve();
  const queue = stack.use(openQueue(context, {
    library,
    isReadOnly: page.readOnly,
    onChange: (what) => void publish(what).catch((error: unknown) => onWarning(messageOf(error))),
    onWarning,
  }));
  const { parts } = stack.use(
    await openLibraryParts(context, {
      library,
      isReadOnly: page.readOnly,
      onChange: () => void publish("library").catch((error: unknown) => onWarning(messageOf(error))),
      onWarning,
    }),
  );
  const app = stack.use(
    await serveApp({
      listen,
      token,
      hosts: page.host,
      isReadOnly: page.readOnly,
      about: {
        library,
        language: chooseLanguage(flags.language, env),
        maturity: { blurFrom: lowestBit(page.blurFrom) },
        sandboxCreators: sandboxCreators && [...sandboxCreators],
      },
      hasScreen: hasScreen(env),
      sources,
      parts: {
        plans,
        queue: { queue, settleChoice: createSettleChoice(context), baseUrl: flags.baseUrl },
        library: parts,
      },
      states: {
        queue: () => readQueue(queue),
        progress: () => readQueueProgress(queue),
        library: () => ({ stamp: parts.view.stamp }),
      },
      redact: (text) => display.redact(redactOwn(text)),
      onError: (error) => onWarning(`The page could not answer a request: ${messageOf(error)}`),
    }),
  );
  announcePlan = (id) => app.send("plan", { id }, { key: `plan ${id}` });
  publish = (name) => app.publish(name);
  queue.start();
  const owned = stack.move();
  return { app, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** The bit of a maturity rating, which is the highest of those up to it. */
function lowestBit(rating: PageFlags["blurFrom"]): number {
  return rating === "none" ? BLUR_NOTHING : (MATURITY_LEVELS[rating] + 1) / 2;
}

/** Whether this process can show something on a screen; only the desktops of Unix say so in the environment. */
function hasScreen(env: Env): boolean {
  if (Deno.build.os === "windows" || Deno.build.os === "darwin") return true;
  return SCREEN_VARIABLES.some((variable) => env(variable));
}
