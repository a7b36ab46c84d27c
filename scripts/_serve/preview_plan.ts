import type { OpenPreview } from "../../lib/app/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { openLibrary } from "../../lib/downloader/mod.ts";
import { isLayoutGiven, listGiven, readChoice } from "../_download/choice.ts";
import { openCommandRun } from "../_download/open_command_run.ts";
import type { ChoiceFlags, ClientFlags, EngineFlags, LayoutFlags, RunLogsFlags, SearchFlags } from "../_frame/flags.ts";
import { isLibrary } from "../_frame/library/is_library.ts";
import { readDayLimits } from "../_frame/session.ts";

/** Flags that decide what is planned, and how the API is asked. */
export type PreviewFlags =
  & ChoiceFlags
  & LayoutFlags
  & ClientFlags
  & EngineFlags
  & RunLogsFlags
  & Partial<Pick<SearchFlags, "limit">>;

/** Options of {@linkcode previewPlans}. */
export interface PreviewPlansOptions {
  /** The library's folder, absolute. It need not exist. */
  readonly library: string;
}

/**
 * Open what plans are made with, as `download --dry-run` and `update --dry-run` do with the same flags.
 *
 * @param context Flags, whose sandbox is running, if they name one
 */
export function previewPlans(
  context: Pick<CommandContext<PreviewFlags>, "flags" | "env" | "display" | "sourceOf">,
  { library: root }: PreviewPlansOptions,
): OpenPreview {
  return async ({ kind, onEvent, signal }) => {
    const { flags, display } = context;
    const choice = await readChoice(flags, { signal });
    await using stack = new AsyncDisposableStack();
    const library = stack.use(
      await openLibrary(root, {
        command: kind,
        scratch: true,
        // Without a library, there is nothing to update. With one, its catalog must be whole.
        mustExist: kind === "update" && await isLibrary(root),
        signal,
      }),
    );
    const run = stack.use(
      await openCommandRun(context, library, {
        command: kind,
        isDryRun: true,
        hasRollout: false,
        durable: flags.fsync,
        note: () => {},
        onEvent,
        onWarning: (message) => display.notice(`warning: ${message}`),
      }),
    );
    const owned = stack.move();
    return {
      engine: run.engine,
      choice,
      isLayoutGiven: isLayoutGiven(flags),
      given: listGiven(context),
      pace: { modelRate: flags.apiRate, imageRate: flags.imageRate },
      reserveBytes: flags.reserve,
      limits: readDayLimits(flags) ?? null,
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  };
}
