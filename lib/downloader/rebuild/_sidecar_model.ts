import { join } from "node:path";
import { isRecord } from "../../base/mod.ts";
import { type Model, parseLenientJson, parseModel } from "../../civitai/mod.ts";

/** Larger files are not read, since no API response is that long. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Build a model with a single version from a `.civitai.info`; `null` when it is missing, too large or incomplete. */
export async function sidecarModel(root: string, infoPath: string): Promise<Model | null> {
  try {
    const path = join(root, infoPath);
    if ((await Deno.stat(path)).size > MAX_BYTES) return null;
    const info = parseLenientJson(await Deno.readTextFile(path));
    if (!isRecord(info)) return null;
    const model = isRecord(info.model) ? info.model : {};
    return parseModel({ ...model, id: info.modelId, creator: info.creator, modelVersions: [info] });
  } catch (error) {
    const isNone = error instanceof Deno.errors.NotFound || error instanceof Deno.errors.IsADirectory;
    if (isNone || error instanceof SyntaxError) return null;
    throw error;
  }
}
