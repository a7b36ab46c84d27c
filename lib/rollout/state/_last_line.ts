import { openNoFollow } from "../../base/mod.ts";
import { tailLines } from "../../journal/mod.ts";

/** Return the last complete JSON line of a file; `null` if there is none, or no file. */
export async function lastLine(path: string): Promise<string | null> {
  try {
    using file = await openNoFollow(path, { read: true });
    for await (const bytes of tailLines(file, { maxLineBytes: 1 << 16, chunkBytes: 4096 })) {
      if (bytes === null) continue;
      const line = new TextDecoder().decode(bytes);
      if (isJson(line)) return line;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return null;
}

/** Whether a line is whole: a kill may have cut the last one. */
function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
