import { join } from "node:path";

/** A folder that is mounted in another place, and can be taken away from under running programs. */
export interface RemovableDisk extends AsyncDisposable {
  /** Where it is mounted. */
  readonly path: string;
  /** Detach it as `umount -l` does: whoever has a file open keeps it, and the empty mount point shows. */
  readonly unmount: () => Promise<void>;
  readonly mount: () => Promise<void>;
  /** The names in the mount point, or in the disk while it is mounted. */
  readonly names: () => Promise<readonly string[]>;
}

/**
 * Mount a new folder in another one.
 *
 * @param folder Folder for both
 * @returns The disk; `null` if this process may not mount
 */
export async function mountRemovableDisk(folder: string): Promise<RemovableDisk | null> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return null;
  const source = join(folder, "device");
  const path = join(folder, "disk");
  await Deno.mkdir(source, { recursive: true });
  await Deno.mkdir(path, { recursive: true });
  let isMounted = await run("mount", "--bind", source, path);
  if (!isMounted) return null;
  const unmount = async (): Promise<void> => {
    if (!await run("umount", "-l", path)) throw new Error(`Cannot unmount "${path}"`);
    isMounted = false;
  };
  return {
    path,
    unmount,
    async mount() {
      if (!await run("mount", "--bind", source, path)) throw new Error(`Cannot mount "${path}"`);
      isMounted = true;
    },
    names: async () => (await Array.fromAsync(Deno.readDir(path), ({ name }) => name)).toSorted(),
    async [Symbol.asyncDispose]() {
      if (isMounted) await unmount();
    },
  };
}

/** Why tests with such a disk are skipped here; `null` if they are not. */
export async function noRemovableDisk(): Promise<string | null> {
  const folder = await Deno.makeTempDir();
  try {
    await using disk = await mountRemovableDisk(folder);
    return disk === null ? "this process may not mount a folder" : null;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(program: string, ...args: readonly string[]): Promise<boolean> {
  return (await new Deno.Command(program, { args: [...args], stdout: "null", stderr: "null" }).output()).success;
}
