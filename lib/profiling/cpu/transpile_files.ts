import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import type { TranspiledFile } from "./source_lines.ts";

/** Options of {@linkcode transpileFiles}. */
export interface TranspileFilesOptions {
  /** Folder of the project; its files are transpiled together. */
  readonly root: string;
  /** Stops Deno. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Transpile TypeScript files as `deno run` does, with source maps. Needs `deno` and a temporary folder. Files that are
 * gone or cannot be transpiled are left out.
 *
 * @param paths The files, absolute
 * @param options The project, and a signal
 * @returns Files by URL
 */
export async function transpileFiles(
  paths: readonly string[],
  options: TranspileFilesOptions,
): Promise<ReadonlyMap<string, TranspiledFile>> {
  const { root, signal } = options;
  const files = new Map<string, TranspiledFile>();
  const folderOf = (path: string) => root !== "" && !relative(root, path).startsWith("..") ? root : dirname(path);
  const folders = Map.groupBy(paths.filter((path) => /\.(?:ts|mts|tsx)$/.test(path)), folderOf);
  if (folders.size === 0) return files;
  const output = await Deno.makeTempDir({ prefix: "civitai-dl-lines-" });
  try {
    for (const [index, [folder, inside]] of [...folders].entries()) {
      const sources = await readSources(inside);
      const to = join(output, `${index}`);
      if (sources.size === 0 || !await transpile([...sources.keys()], { folder, to, signal })) continue;
      for (const [path, source] of sources) {
        const made = join(
          to,
          relative(folder, path).replace(/\.m?tsx?$/, (ending) => ending === ".mts" ? ".mjs" : ".js"),
        );
        const code = await Deno.readTextFile(made).catch(() => null);
        if (code !== null) files.set(pathToFileURL(path).href, { source, code });
      }
    }
  } finally {
    await Deno.remove(output, { recursive: true });
  }
  return files;
}

async function readSources(paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const sources = new Map<string, string>();
  for (const path of paths) {
    const source = await Deno.readTextFile(path).catch(() => null);
    if (source !== null) sources.set(path, source);
  }
  return sources;
}

interface Place {
  readonly folder: string;
  readonly to: string;
  readonly signal: AbortSignal | undefined;
}

async function transpile(paths: readonly string[], { folder, to, signal }: Place): Promise<boolean> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "transpile",
      "-q",
      "--no-check",
      "--no-config",
      "--source-map",
      "inline",
      "--outdir",
      to,
      ...paths.map((path) => relative(folder, path)),
    ],
    cwd: folder,
    stdin: "null",
    stdout: "null",
    stderr: "null",
    ...signal === undefined ? {} : { signal },
  }).output();
  signal?.throwIfAborted();
  return success;
}
