import { fileURLToPath } from "node:url";
import type { CpuFrame } from "./cpu_profile.ts";

/** Where a function comes from. */
export interface CodePlace {
  /**
   * `lib/transfer`, `scripts` and the like for the project's own files; `npm NAME`, `runtime`, `native`, `wasm`, `GC`,
   * `idle`, or `other files`.
   */
  readonly group: string;
  /** Path of the file from the root of the project, of the package, or absolute; empty if there is no file. */
  readonly file: string;
  /** The file on this disk, for files that may have lines of TypeScript; otherwise `null`. */
  readonly path: string | null;
}

/** What V8 calls the time in which no function of the program ran. */
const PSEUDO: Readonly<Record<string, string>> = {
  "(idle)": "idle",
  "(garbage collector)": "GC",
  "(program)": "native",
  "(root)": "native",
};

const NPM =
  /\/(?:npm\/[^/]+|node_modules(?:\/\.deno\/[^/]+\/node_modules)?)\/((?:@[^/]+\/)?[^/]+)\/(?:\d+\.[^/]+\/)?(.+)$/;

/**
 * Find out where a function comes from.
 *
 * @param frame The function
 * @param root Folder of the project, whose files are grouped by room
 * @returns The place
 */
export function codePlace({ functionName, url }: CpuFrame, root: string): CodePlace {
  const none = { file: "", path: null };
  if (url === "") return { ...none, group: PSEUDO[functionName] ?? "native" };
  if (url.startsWith("wasm:")) return { ...none, group: "wasm" };
  if (/^(?:ext|node|deno|checkin|internal):/.test(url)) return { group: "runtime", file: url, path: null };
  const [, name, inside] = NPM.exec(url) ?? [];
  if (name !== undefined) return { group: `npm ${name}`, file: `${name}/${inside}`, path: null };
  const path = pathOf(url);
  if (path === null) return { group: "other files", file: url, path };
  const isOwn = root !== "" && path.startsWith(root.endsWith("/") ? root : `${root}/`);
  if (!isOwn) return { group: "other files", file: path, path };
  const file = path.slice(root.length).replace(/^\//, "");
  const [top, room] = file.split("/");
  if (!file.includes("/")) return { group: file, file, path };
  return { group: top === "lib" ? `lib/${room}` : top!, file, path };
}

function pathOf(url: string): string | null {
  if (!url.startsWith("file:")) return url.startsWith("/") ? url : null;
  try {
    return fileURLToPath(url);
  } catch {
    // A file of another system.
    return null;
  }
}
