import { join } from "node:path";

/** A file system that is small enough to fill. */
export interface SmallDisk extends AsyncDisposable {
  /** Its folder. */
  readonly path: string;
  /** Write a file until no block is free. */
  readonly fill: () => Promise<void>;
}

/**
 * Mount a file system in memory.
 *
 * @param path An empty folder
 * @param bytes Its size
 * @returns The disk; `null` if this process may not mount
 */
export async function mountSmallDisk(path: string, bytes: number): Promise<SmallDisk | null> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return null;
  const run = async (...words: readonly string[]): Promise<boolean> => {
    const [program, ...args] = words;
    return (await new Deno.Command(program!, { args, stdout: "null", stderr: "null" }).output()).success;
  };
  if (!await run("mount", "-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", path)) return null;
  return {
    path,
    async fill() {
      using file = await Deno.open(join(path, "filler"), { write: true, create: true });
      const block = new Uint8Array(4096);
      try {
        for (;;) await file.write(block);
      } catch (error) {
        // ENOSPC is expected.
        if (!(error instanceof Error) || !/os error 28/.test(error.message)) throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      if (!await run("umount", path)) throw new Error(`Cannot unmount "${path}"`);
    },
  };
}

/** Why tests of a full disk are skipped here; `null` if they are not. */
export async function noSmallDisk(): Promise<string | null> {
  const path = await Deno.makeTempDir();
  try {
    await using disk = await mountSmallDisk(path, 1 << 20);
    return disk === null ? "this process may not mount a file system" : null;
  } finally {
    await Deno.remove(path);
  }
}
