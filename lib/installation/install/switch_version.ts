import { dirname, join } from "node:path";
import { KitError, shell } from "../../base/mod.ts";
import { holdInstallation } from "./_hold_installation.ts";
import { binOf, PROGRAM_NAME } from "./installed_version.ts";
import { readPointer, removePointer, writePointer } from "./_pointer.ts";
import { readInstallation } from "./read_installation.ts";

/** The versions in use before and after a switch. */
export interface SwitchedVersion {
  /** Name of the version that was in use; `null` if none was. */
  readonly from: string | null;
  /** Name of the version that is in use now. */
  readonly to: string;
}

/** Options of {@linkcode switchVersion}. */
export interface SwitchVersionOptions {
  /** Stops waiting for another process that changes the installation. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Use another installed version. Programs that run keep their version; the next start uses the new one. The version
 * that was in use stays installed and becomes the previous one.
 *
 * @param folder The folder of installed versions
 * @param name Name of the version's folder
 * @param options Signal
 * @returns The versions before and after
 * @throws {KitError} `usage` if the version is not installed, `unsafe` if another process changes the installation
 */
export async function switchVersion(
  folder: string,
  name: string,
  options: SwitchVersionOptions = {},
): Promise<SwitchedVersion> {
  using _hold = await holdInstallation(folder, options);
  const { versions, current } = await readInstallation(folder);
  if (!versions.some((one) => one.name === name)) {
    throw new KitError("usage", `Cannot use version ${name}: it is not installed in "${folder}"`, {
      hint: shell`Install it with civitai-dl install add v${name}`,
    });
  }
  if (current === name) return { from: current, to: name };
  if (current !== null) await writePointer(folder, "previous", current);
  await writePointer(folder, "current", name);
  await linkProgram(folder);
  return { from: current, to: name };
}

/** The pointers of an installation, to be restored later. */
export interface Pointers {
  /** Name of the version in use; `null` if none is. */
  readonly current: string | null;
  /** Name of the version that was in use before. */
  readonly previous: string | null;
}

/** Read both pointers of an installation as they are, even if they lead nowhere. */
export async function readPointers(folder: string): Promise<Pointers> {
  return { current: await readPointer(folder, "current"), previous: await readPointer(folder, "previous") };
}

/**
 * Restore both pointers of an installation to what they were.
 *
 * @param folder The folder of installed versions
 * @param pointers What {@linkcode readPointers} returned
 */
export async function restorePointers(folder: string, pointers: Pointers): Promise<void> {
  using _hold = await holdInstallation(folder, {});
  for (const pointer of ["current", "previous"] as const) {
    const name = pointers[pointer];
    if (name === null) await removePointer(folder, pointer);
    else if (await readPointer(folder, pointer) !== name) await writePointer(folder, pointer, name);
  }
}

/** Create `bin/civitai-dl`, which always leads to the version in use, so that one folder can be added to PATH. */
async function linkProgram(folder: string): Promise<void> {
  const path = binOf(folder);
  await Deno.mkdir(dirname(path), { recursive: true });
  try {
    if (Deno.build.os === "windows") await Deno.writeTextFile(path, WINDOWS_LAUNCHER, { createNew: true });
    else await Deno.symlink(join("..", "current", PROGRAM_NAME), path);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

const WINDOWS_LAUNCHER = `@echo off\r
set /p CIVITAI_DL_VERSION=<"%~dp0..\\current.txt"\r
call "%~dp0..\\versions\\%CIVITAI_DL_VERSION%\\civitai-dl.cmd" %*\r
`;
