import type { CommandContext, FlagSource } from "../../lib/cli/mod.ts";
import { bypassProxy } from "../_frame/bypass_proxy.ts";
import { startLibrarySandbox } from "../_frame/library/library_sandbox.ts";
import type { ServeFlags } from "./serve_flags.ts";

/** The context of a command, with the sandbox that it named running. */
export interface SandboxedContext extends AsyncDisposable {
  readonly context: CommandContext<ServeFlags>;
  /** Some of its creators; `null` without a sandbox. */
  readonly creators: readonly string[] | null;
}

/** Like an address that was typed, that of the sandbox may have the key. */
const SOURCES: Readonly<Record<string, FlagSource>> = { "base-url": "flag", token: "default" };

/**
 * Start the sandbox of a library if the flags name it. All that is fetched later finds its address and key in the flags,
 * so that one sandbox lasts as long as the command.
 *
 * @param context Flags, with the library in `library`
 */
export async function enterSandbox(context: CommandContext<ServeFlags>): Promise<SandboxedContext> {
  const { flags, display, sourceOf } = context;
  if (!flags.sandbox) return { context, creators: null, [Symbol.asyncDispose]: () => Promise.resolve() };
  bypassProxy();
  const sandbox = await startLibrarySandbox(flags.library);
  const creators = [...sandbox.catalog.creators().take(3)].map((creator) => creator.username);
  display.log(`Sandbox at ${sandbox.apiOrigin}; its creators: ${creators.join(", ")}`);
  const inside = {
    ...flags,
    sandbox: false,
    baseUrl: sandbox.apiOrigin,
    token: sandbox.token,
    tokenFile: undefined,
  };
  return {
    context: {
      ...context,
      flags: inside,
      sourceOf: (name) => name in SOURCES ? SOURCES[name] : sourceOf(name),
    },
    creators,
    [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose](),
  };
}
