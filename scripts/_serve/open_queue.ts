import { QueueRunner, type QueueRunnerOptions, type SettleChoice } from "../../lib/app/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { type Choice, Throttle } from "../../lib/downloader/mod.ts";
import { isLayoutGiven, listGiven, readChoice } from "../_download/choice.ts";
import { readBandwidth } from "../_frame/session.ts";
import { openForPage } from "./open_for_page.ts";
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
    // It waits while another process holds the library.
    open: ({ signal }) => openForPage(context, { library, command: "serve", waitMs: Infinity, signal }),
  });
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
