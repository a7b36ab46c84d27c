import { basename, dirname, join } from "node:path";
import {
  lstatSyncOrNull,
  openNoFollow,
  renameFile,
  renameFileSync,
  syncDir,
  syncFile,
  systemFault,
  temporaryPathOf,
} from "../../base/mod.ts";
import { hashFile } from "../content/hash_file.ts";
import { foldPath } from "../naming/fold_path.ts";
import { resolveInside } from "../resolve_inside.ts";
import type { MoveOperation } from "./change_plan.ts";

/**
 * How far a move is, as the disk shows it.
 *
 * - `pending`: the file is at its old place, as it was planned, and the new one is free
 * - `done`: the file is at its new place
 * - `copied`: a move to another disk was interrupted: whole files are at both places
 * - `taken`: something else is at the new place
 * - `changed`: another file is at the old place, or this one was changed
 * - `missing`: the file is at neither place
 */
export type MoveState = "pending" | "done" | "copied" | "taken" | "changed" | "missing";

/** A disk with coarse times keeps the time of a copy to this precision, in milliseconds. */
const COARSE_MS = 2000;

/** Tell from the disk how far a move is. */
export function stateOfMove(root: string, move: MoveOperation): MoveState {
  const from = lstatSyncOrNull(join(root, move.from));
  const to = lstatSyncOrNull(join(root, move.to));
  const isUnmoved = from !== null && isPlanned(from, move, 0);
  if (to === null) {
    if (isUnmoved) return "pending";
    return from === null ? "missing" : "changed";
  }
  if (!isPlanned(to, move, COARSE_MS)) return "taken";
  if (!isUnmoved) return "done";
  if (from.dev !== to.dev || from.ino !== to.ino) return "copied";
  // One file under two spellings, on a file system that ignores case: only its name changes.
  return isSpelling(move) ? "pending" : "taken";
}

/** Whether a move changes nothing but how the path is written. */
export function isSpelling({ from, to }: MoveOperation): boolean {
  return from !== to && foldPath(from) === foldPath(to);
}

function isPlanned(info: Deno.FileInfo, { bytes, mtimeMs }: MoveOperation, precisionMs: number): boolean {
  return !info.isDirectory && info.size === bytes &&
    Math.abs((info.mtime?.getTime() ?? 0) - mtimeMs) <= precisionMs;
}

/** Options of {@linkcode moveFile}. */
export interface MoveFileOptions {
  /** Folders that earlier moves have checked. */
  readonly knownFolders: Set<string>;
  /** Gets the absolute paths of folders whose entries have changed. */
  readonly touched: Set<string>;
  /**
   * Renames a file. Tests replace it.
   *
   * @default {renameFileSync}
   */
  readonly rename?: ((from: string, to: string) => void) | undefined;
}

/**
 * Move a file, or finish a move to another disk. The caller has found it `pending` or `copied`.
 *
 * @throws {KitError} `unsafe` if a link on the way belongs to another user or leads nowhere
 */
export async function moveFile(root: string, move: MoveOperation, options: MoveFileOptions): Promise<void> {
  const { knownFolders, touched, rename = renameFileSync } = options;
  const from = await entryPath(root, move.from, knownFolders);
  const to = await entryPath(root, move.to, knownFolders);
  makeFolder(dirname(to), touched);
  try {
    rename(from, to);
  } catch (error) {
    if (systemFault(error) !== "other-disk") throw error;
    await copyAcross(from, to, move);
    // The copy must be on the disk before the only other copy of the bytes is deleted.
    for (const folder of [...touched, dirname(to)]) await syncDir(folder);
    await Deno.remove(from);
  }
  touched.add(dirname(from));
  touched.add(dirname(to));
}

/** Finish a move to another disk that was interrupted after the copy: remove the file if the copy is as it is. */
export async function finishCopy(root: string, move: MoveOperation, touched: Set<string>): Promise<boolean> {
  const from = join(root, move.from);
  const to = join(root, move.to);
  if ((await hashFile(from)).sha256 !== (await hashFile(to)).sha256) return false;
  await syncDir(dirname(to));
  await Deno.remove(from);
  touched.add(dirname(from));
  return true;
}

/** The path of an entry of a folder that is checked; the entry itself may be a link, which is moved as it is. */
async function entryPath(root: string, path: string, knownFolders: Set<string>): Promise<string> {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  const parent = folder === "" ? root : await resolveInside(root, folder, { access: "enter", knownFolders });
  return join(parent, basename(path));
}

/** Make a folder and those around it, and note the folders that have a new entry. */
function makeFolder(path: string, touched: Set<string>): void {
  // A folder that an earlier move has used is there.
  if (touched.has(path)) return;
  try {
    Deno.mkdirSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return;
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    makeFolder(dirname(path), touched);
    Deno.mkdirSync(path);
  }
  touched.add(dirname(path));
}

/** Copy a file to another disk, with its time. */
async function copyAcross(from: string, to: string, { mtimeMs }: MoveOperation): Promise<void> {
  const temporary = temporaryPathOf(to);
  if ((await Deno.lstat(from)).isSymlink) {
    await Deno.symlink(await Deno.readLink(from), temporary);
  } else {
    await Deno.copyFile(from, temporary);
    const time = new Date(mtimeMs);
    await Deno.utime(temporary, time, time);
    using file = await openNoFollow(temporary, { read: true, write: Deno.build.os === "windows" });
    await syncFile(file);
  }
  await renameFile(temporary, to);
}
