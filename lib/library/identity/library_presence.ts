import { isDenoError } from "../../base/mod.ts";
import { type ExpectedLibrary, findGone, type GoneLibrary } from "./gone_library.ts";
import type { KnownLibraries } from "./known_libraries.ts";
import { readIdentity } from "./library_identity.ts";

/**
 * Watches whether a library stays where it is, for a process that runs for weeks. It remembers which library it has
 * found first; before that, none is missing. If another process forgets that library on purpose, or remembers another one in
 * its place, what is there now counts as the first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { LibraryPresence } from "@civitai-dl/civitai-dl/library";
 *
 * const presence = new LibraryPresence(await Deno.makeTempDir());
 * assertEquals(await presence.look(Date.now()), null);
 * ```
 */
export class LibraryPresence {
  readonly #path: string;
  readonly #known: KnownLibraries | undefined;
  /** Whether the expected library was in the memory, so that its absence there means something. */
  #wasKnown = false;
  #expected: ExpectedLibrary | null = null;
  #gone: GoneLibrary | null = null;
  /** The look that is running: two at once could each forget what the other one has just found. */
  #looking: Promise<GoneLibrary | null> | undefined;

  /**
   * Nothing is read yet.
   *
   * @param path The library's folder, absolute: a relative path would follow a working folder that was unmounted
   * @param known What the user's commands remember
   */
  constructor(path: string, known?: KnownLibraries) {
    this.#path = path;
    this.#known = known;
  }

  /** Identity of the library that is expected; `null` before one was found. */
  get id(): string | null {
    return this.#expected?.id ?? null;
  }

  /** What is missing, as the last look found it; `null` if nothing is. */
  get gone(): GoneLibrary | null {
    return this.#gone;
  }

  /**
   * Look now, or wait for the look that is running. Nothing is written.
   *
   * @param now Milliseconds since the epoch
   * @returns What is missing; `null` if nothing is
   */
  look(now: number): Promise<GoneLibrary | null> {
    this.#looking ??= this.#look(now).finally(() => this.#looking = undefined);
    return this.#looking;
  }

  async #look(now: number): Promise<GoneLibrary | null> {
    try {
      const gone = this.#expected === null ? null : await findGone(this.#expected);
      if (gone !== null && !await this.#isForgotten(gone)) return this.#gone = gone;
      if (gone !== null) {
        this.#expected = null;
        this.#wasKnown = false;
      }
      await this.#remember(now);
    } catch (error) {
      // Whoever may not look cannot say that it is gone.
      if (!isDenoError(error, "PermissionDenied", "NotCapable")) throw error;
    }
    // Not before it is known what is there instead: whoever reads that nothing is missing may take it away at once.
    return this.#gone = null;
  }

  async #remember(now: number): Promise<void> {
    const id = this.#expected?.id ?? (await readIdentity(this.#path))?.id;
    if (id === undefined) return;
    this.#expected = { path: this.#path, id, seenAt: new Date(now).toISOString() };
    if (!this.#wasKnown) this.#wasKnown = (await this.#known?.find(this.#path))?.id === id;
  }

  async #isForgotten({ path, id }: GoneLibrary): Promise<boolean> {
    return this.#wasKnown && (await this.#known?.find(path))?.id !== id;
  }
}
