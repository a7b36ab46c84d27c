import { formatSize, KitError } from "../../lib/base/mod.ts";
import { type FileFact, type Sandbox, startSandbox } from "../../lib/sandbox/mod.ts";
import type { LoadSettings } from "./load_report.ts";

/** A sandbox whose files a real web server serves. */
export interface LoadLibrary extends AsyncDisposable {
  readonly sandbox: Sandbox;
  /** The files that the creators offer. */
  readonly facts: readonly FileFact[];
  /** Bytes of all of them. */
  readonly bytes: number;
}

/** Distinct contents of each kind of file: what nginx serves fits on any disk, and is hashed in seconds. */
const CONTENTS = 64;
const MIN_BYTES = 65_536;
/** Attempts to find the sizes; each is a catalog, of which no byte is made. */
const MAX_ATTEMPTS = 8;

/**
 * Start a sandbox with enough files and bytes. Sizes are spread over the orders of magnitude, from 64 KiB up.
 *
 * @param storageOrigin Origin of the web server
 * @param onLink Called for each link that the program requests
 * @returns The library, with at least as many files and bytes as asked for; dispose it to stop the sandbox
 * @throws {KitError} `usage` if no catalog of that seed has them
 */
export async function openLoadLibrary(
  settings: LoadSettings,
  { storageOrigin, onLink }: { readonly storageOrigin: string; readonly onLink: () => void },
): Promise<LoadLibrary> {
  let max = 5 * settings.bytes / settings.files;
  for (let attempt = 1;; attempt++) {
    const library = await openWith(settings, { max: Math.round(Math.max(2 * MIN_BYTES, max)), storageOrigin, onLink });
    const isEnough = library.bytes >= settings.bytes && library.facts.length >= settings.files;
    const isTooMuch = library.bytes > 1.1 * settings.bytes && max > 2 * MIN_BYTES;
    // Somewhat too much is still what was asked for; too little is not.
    if (isEnough && (!isTooMuch || attempt === MAX_ATTEMPTS)) return library;
    await library[Symbol.asyncDispose]();
    if (attempt === MAX_ATTEMPTS) {
      const found = `${library.facts.length} files with ${formatSize(library.bytes)}`;
      throw new KitError("usage", `Cannot make a library of that size: this seed gives ${found}`, {
        hint: "Use another --seed, or more files",
      });
    }
    max *= 1.04 * settings.bytes / library.bytes;
  }
}

interface LibraryOptions {
  readonly max: number;
  readonly storageOrigin: string;
  readonly onLink: () => void;
}

async function openWith(settings: LoadSettings, { max, storageOrigin, onLink }: LibraryOptions): Promise<LoadLibrary> {
  const { creators, files, seed } = settings;
  const sandbox = await startSandbox({
    seed,
    // One model in eleven has no owner, and is in no creator's listing.
    size: { creators, modelsPerCreator: Math.ceil(files * 1.12 / creators) },
    outcomes: {},
    versionsPerModel: { min: 1, max: 1 },
    filesPerVersion: { min: 1, max: 1 },
    imagesPerVersion: { min: 0, max: 0 },
    galleryPerVersion: 0,
    fileBytes: { min: MIN_BYTES, max },
    contents: CONTENTS,
    storageOrigin,
    onExchange: ({ route, status }) => void (route.startsWith("/api/download") && status < 400 && onLink()),
  });
  const facts = [...sandbox.facts()].filter(({ creator }) => creator !== null);
  const bytes = facts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return { sandbox, facts, bytes, [Symbol.asyncDispose]: () => sandbox.close() };
}
