import { join } from "node:path";

/** A file system that is small enough to fill. */
export interface SmallDisk extends AsyncDisposable {
  /** Its folder. */
  readonly path: string;
  /** Write a file until no block is free. */
  readonly fill: () => void;
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
    fill: () => fillWith(join(path, "filler")),
    async [Symbol.asyncDispose]() {
      if (!await run("umount", path)) throw new Error(`Cannot unmount "${path}"`);
    },
  };
}

/** Large blocks, so that it is full before a program has gone on; then small ones, until not even these fit. */
function fillWith(path: string): void {
  using file = Deno.openSync(path, { write: true, create: true });
  for (const block of [new Uint8Array(1 << 20), new Uint8Array(4096)]) writeUntilFull(file, block);
}

function writeUntilFull(file: Deno.FsFile, block: Uint8Array): void {
  try {
    for (;;) file.writeSync(block);
  } catch (error) {
    if (!(error instanceof Error) || !/os error 28/.test(error.message)) throw error;
  }
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
