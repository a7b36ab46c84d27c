import { isDenoError, KitError, readReason } from "../../base/mod.ts";
import type { KnownLibraries } from "./known_libraries.ts";
import { readIdentity } from "./library_identity.ts";
import { catalogFile } from "./state_folder.ts";

/** A library that was at a path and is not. */
export interface GoneLibrary {
  /** The library's folder, absolute. */
  readonly path: string;
  /** Identity of the library that was there. */
  readonly id: string;
  /** When it was last seen there, ISO 8601 UTC. */
  readonly seenAt: string;
  /** What is in its place now, such as `an empty folder`. */
  readonly found: string;
  /** Whether other files are in its folder, so that `verify --rebuild` may be about them. */
  readonly hasFiles: boolean;
  /** Where the same library is now, if that is known: it was moved. */
  readonly movedTo: string | null;
}

const FILES = "a folder without a library";

/** The same for a Japanese reader. */
const JAPANESE_FOUND: Readonly<Record<string, string>> = {
  nothing: "何もありません",
  "an empty folder": "空のフォルダーがあります",
  "another library": "別のライブラリがあります",
  [FILES]: "ライブラリではないフォルダーがあります",
};

/** Which library is expected at a path. */
export type ExpectedLibrary = Pick<GoneLibrary, "path" | "id" | "seenAt">;

/**
 * Look whether an expected library is at its path.
 *
 * @param expected The library
 * @returns What is there instead; `null` if the library is there
 * @throws {NewerStateError} If a later version of the program wrote what is there
 */
export async function findGone(expected: ExpectedLibrary): Promise<GoneLibrary | null> {
  const { path, id } = expected;
  const gone = (found: string): GoneLibrary => (
    { ...expected, found, hasFiles: found === FILES, movedTo: null }
  );
  try {
    const identity = await readIdentity(path);
    if (identity?.id === id) return null;
    if (identity !== null) return gone("another library");
    // A library whose identity was deleted or damaged gets another one.
    if (await isPresent(catalogFile(path))) return null;
    return gone(await describePlace(path));
  } catch (error) {
    // Whoever may not look cannot say that it is gone.
    if (error instanceof KitError || isDenoError(error, "PermissionDenied", "NotCapable")) throw error;
    // A disk that was pulled out, or a server that is gone.
    return gone(`a folder that cannot be read (${readReason(error)})`);
  }
}

/**
 * Look whether the library that was last seen at a path is still there.
 *
 * @param path The library's folder, absolute
 * @param known What is remembered
 * @returns What is missing; `null` if nothing is, or no library is remembered there
 * @throws {NewerStateError} If a later version of the program wrote what is there
 */
export async function findGoneLibrary(path: string, known: KnownLibraries): Promise<GoneLibrary | null> {
  const expected = await known.find(path);
  if (expected === null) return null;
  const gone = await findGone(expected).catch((error) => {
    if (isDenoError(error, "PermissionDenied", "NotCapable")) return null;
    throw error;
  });
  if (gone === null) return null;
  return { ...gone, movedTo: await findElsewhere(gone, known) };
}

async function findElsewhere({ path, id }: GoneLibrary, known: KnownLibraries): Promise<string | null> {
  for (const other of await known.list()) {
    if (other.id !== id || other.path === path) continue;
    const identity = await readIdentity(other.path).catch(() => null);
    if (identity?.id === id) return other.path;
  }
  return null;
}

/** Describe a missing library in one sentence, without a period. */
export function describeGone({ path, id, seenAt, found }: GoneLibrary): string {
  return `The library "${path}" is gone: ${found} is there now (id ${id}, last seen ${seenAt})`;
}

/** Describe it in each language. */
export function sayGone(gone: GoneLibrary): { readonly en: string; readonly ja: string } {
  const { path, seenAt, found } = gone;
  const there = JAPANESE_FOUND[found] ?? "読み取れないフォルダーがあります";
  const ja = `ライブラリ "${path}" が見つかりません。その場所には${there}（最後の確認 ${seenAt}）`;
  return { en: describeGone(gone), ja };
}

/** Say what is in the place of a missing library, for whoever has said already that it is gone. */
export function sayFound(gone: GoneLibrary): { readonly en: string; readonly ja: string } {
  const { path, id, seenAt, found } = gone;
  return { en: `${found} is at "${path}" now (id ${id}, last seen ${seenAt})`, ja: sayGone(gone).ja };
}

/**
 * Create the error for a command that needs a library which is gone.
 *
 * @param gone What is missing
 * @param options What a person can type who deleted the library on purpose
 * @returns The error, `unsafe`
 */
export function goneError(gone: GoneLibrary, options: { readonly forget?: string } = {}): KitError {
  const { forget } = options;
  const mount = gone.movedTo === null
    ? "Mount its disk, then run the same command again"
    : `It is at "${gone.movedTo}" now: name that folder`;
  const hint = forget === undefined ? mount : `${mount}. If you deleted or replaced it on purpose: ${forget}`;
  return new KitError("unsafe", describeGone(gone), { hint });
}

async function describePlace(path: string): Promise<string> {
  try {
    for await (const _ of Deno.readDir(path)) return FILES;
    return "an empty folder";
  } catch (error) {
    if (isDenoError(error, "NotFound", "NotADirectory")) return "nothing";
    throw error;
  }
}

async function isPresent(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (isDenoError(error, "NotFound", "NotADirectory")) return false;
    throw error;
  }
}
