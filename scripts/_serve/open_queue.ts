import { QueueRunner, type QueueRunnerOptions, type SettleChoice } from "../../lib/app/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { type Choice, type Library, openLibrary, Throttle } from "../../lib/downloader/mod.ts";
import { findGoneLibrary, goneError } from "../../lib/library/mod.ts";
import { isLayoutGiven, listGiven, readChoice } from "../_download/choice.ts";
import { openKnownLibraries, rememberLibrary } from "../_frame/library/library_memory.ts";
import { readBandwidth } from "../_frame/session.ts";
import { createRunEntry } from "./run_entry.ts";
import type { ServeFlags } from "./serve_flags.ts";

/** Options of {@linkcode openQueue}. */
export interface OpenQueueOptions extends Pick<QueueRunnerOptions, "isReadOnly" | "onChange" | "onWarning"> {
  /** The library's folder, absolute. */
  readonly library: string;
}

/**
 * Open the queue of a library, which runs entries with the flags of `serve` once it is started.
 *
 * @param context Flags, whose sandbox is running, if they name one
 */
export function openQueue(context: CommandContext<ServeFlags>, options: OpenQueueOptions): QueueRunner {
  const { library, ...rest } = options;
  return new QueueRunner({
    ...rest,
    root: library,
    throttle: new Throttle({ bandwidth: readBandwidth(context.flags) }),
    runEntry: createRunEntry(context),
    open: ({ signal }) => openForQueue(context, { library, signal }),
  });
}

/** Open the library to work off its queue, and wait while another process holds it. */
async function openForQueue(
  { env, sourceOf }: Pick<CommandContext, "env" | "sourceOf">,
  { library: root, signal }: { readonly library: string; readonly signal: AbortSignal },
): Promise<Library> {
  // The sandbox's own library comes and goes.
  const isOwn = sourceOf("sandbox") === "flag" && sourceOf("library") !== "flag";
  const known = isOwn ? undefined : openKnownLibraries(env);
  const gone = known === undefined ? null : await findGoneLibrary(root, known);
  if (gone !== null) throw goneError(gone);
  const library = await openLibrary(root, { command: "serve", waitMs: Infinity, signal });
  if (!isOwn) await rememberLibrary(root, env);
  return library;
}

/** Create the function that completes the choice of a request as the flags of `serve` say. */
export function createSettleChoice(context: CommandContext<ServeFlags>): SettleChoice {
  const { flags, signal } = context;
  return async (choice) => ({
    // A field of JSON is absent, not `undefined`.
    fields: { ...await readChoice(flags, { signal }), ...choice as Partial<Choice> },
    given: [...listGiven(context), ...Object.keys(choice) as (keyof typeof choice)[]],
    hasLayout: isLayoutGiven(flags) || choice.layout !== undefined || choice.template !== undefined,
  });
}
