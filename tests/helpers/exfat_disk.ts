import { join } from "node:path";
import { hasProgram } from "./has_program.ts";

/** An exFAT file system in a file, mounted by FUSE: names without case, no permissions, no links, coarse times. */
export interface ExfatDisk extends AsyncDisposable {
  /** Its folder. */
  readonly path: string;
}

/**
 * Make and mount an exFAT file system.
 *
 * @param folder An empty folder, which gets the image and the mount
 * @param bytes Its size
 * @returns The disk; `null` if this process may not mount
 */
export async function mountExfat(folder: string, bytes: number): Promise<ExfatDisk | null> {
  if (await noExfatTools() !== null) return null;
  const image = join(folder, "image");
  const path = join(folder, "disk");
  await Deno.mkdir(path);
  await Deno.writeFile(image, new Uint8Array());
  await Deno.truncate(image, bytes);
  if (await output("mkfs.exfat", image) === null) return null;
  const device = (await output("losetup", "--find", "--show", image))?.trim();
  if (device === undefined) return null;
  if (await output("mount.exfat-fuse", device, path) === null) {
    await output("losetup", "--detach", device);
    return null;
  }
  return {
    path,
    async [Symbol.asyncDispose]() {
      const isUnmounted = await output("umount", path) !== null;
      await output("losetup", "--detach", device);
      if (!isUnmounted) throw new Error(`Cannot unmount "${path}"`);
    },
  };
}

/** Why tests on exFAT are skipped here; `null` if they are not. */
export async function noExfat(): Promise<string | null> {
  const missing = await noExfatTools();
  if (missing !== null) return missing;
  const folder = await Deno.makeTempDir();
  try {
    await using disk = await mountExfat(folder, 8 << 20);
    return disk === null ? "this process may not mount a file system" : null;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function noExfatTools(): Promise<string | null> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return "only root of Linux mounts exFAT by FUSE";
  // `mkfs.exfat -V` fails also where it is installed.
  if (await output("sh", "-c", "command -v mkfs.exfat") === null) return "exfatprogs is not installed";
  return await hasProgram("mount.exfat-fuse", "-V") ? null : "exfat-fuse is not installed";
}

/** Run a program; its standard output, or `null` if it fails. */
async function output(program: string, ...args: readonly string[]): Promise<string | null> {
  const { success, stdout } = await new Deno.Command(program, { args: [...args], stderr: "null" }).output();
  return success ? new TextDecoder().decode(stdout) : null;
}
