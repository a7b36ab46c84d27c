import type { CommandContext } from "../../lib/cli/mod.ts";
import { type Library, openLibrary } from "../../lib/downloader/mod.ts";
import { findGoneLibrary, goneError } from "../../lib/library/mod.ts";
import { openKnownLibraries, rememberLibrary } from "../_frame/library/library_memory.ts";

/** Options of {@linkcode openForPage}. */
export interface OpenForPageOptions {
  /** The library's folder, absolute. */
  readonly library: string;
  /** What others are told that holds the library. */
  readonly command: string;
  /** Longest wait while another process holds the library, in milliseconds. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/** Open the library for what the page asks for, unless it is gone from its folder. */
export async function openForPage(
  { env, sourceOf }: Pick<CommandContext, "env" | "sourceOf">,
  { library: root, command, waitMs, signal }: OpenForPageOptions,
): Promise<Library> {
  // The sandbox's own library comes and goes.
  const isOwn = sourceOf("sandbox") === "flag" && sourceOf("library") !== "flag";
  const known = isOwn ? undefined : openKnownLibraries(env);
  const gone = known === undefined ? null : await findGoneLibrary(root, known);
  if (gone !== null) throw goneError(gone);
  const library = await openLibrary(root, { command, waitMs, signal });
  if (!isOwn) await rememberLibrary(root, env);
  return library;
}
