import { walk } from "@std/fs";
import { basename, join, relative } from "node:path";

/** Everything in a folder, by path from it. */
interface Contents {
  /** The folder itself: git writes it into the configuration of a clone. */
  readonly folder: string;
  readonly folders: readonly string[];
  readonly files: readonly { readonly path: string; readonly mode: number; readonly bytes: Uint8Array<ArrayBuffer> }[];
}

const made = new Map<string, Promise<Contents>>();

/**
 * Fill a folder as `make` does, which runs only once in a process: to make a clone and its remote starts thirty
 * processes, to copy it one.
 *
 * @param what Names what is made
 */
export async function makeOnce(what: string, folder: string, make: () => Promise<void>): Promise<void> {
  const known = made.get(what);
  if (known === undefined) {
    const making = make().then(() => readContents(folder));
    made.set(what, making);
    await making;
    return;
  }
  const { folder: before, folders, files } = await known;
  for (const path of folders) await Deno.mkdir(join(folder, path));
  for (const { path, mode, bytes } of files) {
    const isConfig = path.endsWith(".git/config");
    const content = isConfig
      ? new TextEncoder().encode(new TextDecoder().decode(bytes).replaceAll(before, folder))
      : bytes;
    await Deno.writeFile(join(folder, path), content, { mode });
  }
  // The index knows the times of the files.
  for (const path of folders.filter((path) => basename(path) === ".git")) {
    await new Deno.Command("git", { args: ["update-index", "-q", "--refresh"], cwd: join(folder, path, "..") })
      .output();
  }
}

async function readContents(folder: string): Promise<Contents> {
  const folders: string[] = [];
  const files: Contents["files"][number][] = [];
  for await (const { path, isDirectory } of walk(folder)) {
    const inner = relative(folder, path);
    if (inner === "") continue;
    if (isDirectory) folders.push(inner);
    else files.push({ path: inner, mode: (await Deno.stat(path)).mode ?? 0o644, bytes: await Deno.readFile(path) });
  }
  return { folder, folders, files };
}
