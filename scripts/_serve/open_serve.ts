import { resolve } from "node:path";
import { AppAudience, type AppServer } from "../../lib/app/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { limitRepeats, watchStatus } from "../../lib/monitor/mod.ts";
import { choosePlaceLibrary } from "../_frame/library/choose_library.ts";
import { openStatusReader } from "../_status/open_status_reader.ts";
import { enterSandbox } from "./enter_sandbox.ts";
import { openApp } from "./open_app.ts";
import type { ServeFlags } from "./serve_flags.ts";

/** Time between two complete reads of the status, in milliseconds, the same as between two ticks of a monitor. */
const TICK_MS = 30_000;

/** The application, with all that it needs. */
export interface OpenedServe extends AsyncDisposable {
  readonly app: AppServer;
}

/**
 * Open the application with a status of its own, which needs no monitor.
 *
 * @returns The server; dispose this to stop everything
 * @throws {KitError} `usage` for an address or a token that cannot be used
 */
export async function openServe(given: CommandContext<ServeFlags>): Promise<OpenedServe> {
  const library = resolve(choosePlaceLibrary(given));
  await using stack = new AsyncDisposableStack();
  const { context, creators } = stack.use(await enterSandbox({ ...given, flags: { ...given.flags, library } }));
  const onWarning = limitRepeats((message) => context.display.notice(`warning: ${message}`));
  const reader = stack.use(openStatusReader(context, { tickMs: TICK_MS, onWarning }));
  const audience = new AppAudience();
  const { sources } = stack.use(watchStatus(reader, { audience, tickMs: TICK_MS, onWarning }));
  const { listen, ...page } = context.flags;
  const { app } = stack.use(await openApp(context, { listen, page, library, sources, sandboxCreators: creators }));
  audience.attach(app);
  const owned = stack.move();
  return { app, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
