import { type LibraryParts, openPictures, ViewIndex } from "../../lib/app/mod.ts";
import { KitError } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { openKnownLibraries } from "../_frame/library/library_memory.ts";
import { trashAge } from "../_changes/trash.ts";
import { openForPage } from "./open_for_page.ts";
import { openOnDesktop } from "./open_browser.ts";
import type { ServeFlags } from "./serve_flags.ts";

/** A run of the queue that has ended lets go of the library within this time. */
const ENDING_MS = 3000;

/** Options of {@linkcode openLibraryParts}. */
export interface OpenLibraryPartsOptions {
  /** The library's folder, absolute. */
  readonly library: string;
  /** Whether nothing is written into it. */
  readonly isReadOnly: boolean;
  /** Called after the library has changed. */
  readonly onChange: () => void;
  /** Called with what went wrong and stops nothing. */
  readonly onWarning: (message: string) => void;
}

/** What shows the library; dispose it to close its files. */
export interface OpenedLibrary extends AsyncDisposable {
  readonly parts: LibraryParts;
}

/** Open the index of models, which follows the catalog from now on, and what serves pictures and files. */
export async function openLibraryParts(
  context: Pick<CommandContext<ServeFlags>, "flags" | "env" | "sourceOf">,
  { library: root, isReadOnly, onChange, onWarning }: OpenLibraryPartsOptions,
): Promise<OpenedLibrary> {
  const { flags, env } = context;
  await using stack = new AsyncDisposableStack();
  const known = openKnownLibraries(env);
  const view = stack.use(await ViewIndex.open({ root, known, isReadOnly, onChange, onNotice: onWarning }));
  const stopped = new AbortController();
  const following = view.follow(stopped.signal);
  stack.defer(async () => {
    stopped.abort();
    await following;
  });
  const pictures = stack.use(openPictures({
    root,
    reader: view.catalog,
    versionOf: async (imageId) => (await view.imageOwner(imageId))?.versionId ?? null,
    baseUrl: flags.baseUrl,
    allowedHosts: flags.allowHost,
    env,
    isReadOnly,
    onWarning,
  }));
  const owned = stack.move();
  return {
    parts: {
      root,
      view,
      pictures,
      openFolder,
      openToChange: (command, { signal }) =>
        openForPage(context, { library: root, command, waitMs: ENDING_MS, signal }),
      trashMs: trashAge(flags),
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function openFolder(path: string): Promise<void> {
  const problem = await openOnDesktop(path);
  if (problem !== null) throw new KitError("failed", `Cannot open the folder: ${problem}`);
}
