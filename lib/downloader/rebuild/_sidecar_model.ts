import { join } from "node:path";
import { isRecord } from "../../base/mod.ts";
import { type Model, parseLenientJson, parseModel } from "../../civitai/mod.ts";

/** Larger files are not read, since no API response is that long. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Build a model with a single version from a `.civitai.info`; `null` when it is missing, too large or incomplete.
 * Synchronous: passing the calls for a small file to another thread takes several times as long as the calls.
 */
export function sidecarModel(root: string, infoPath: string): Model | null {
  try {
    const path = join(root, infoPath);
    const { isFile, size } = Deno.statSync(path);
    if (!isFile || size > MAX_BYTES) return null;
    const info = parseLenientJson(Deno.readTextFileSync(path));
    if (!isRecord(info)) return null;
    const model = isRecord(info.model) ? info.model : {};
    return parseModel({ ...model, id: info.modelId, creator: info.creator, modelVersions: [info] });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return null;
    throw error;
  }
}
