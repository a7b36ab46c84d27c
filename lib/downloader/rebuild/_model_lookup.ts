import type { Model } from "../../civitai/mod.ts";
import { type FailureClass, FailureError } from "../../failsafe/mod.ts";
import type { RebuildClient } from "./rebuild_client.ts";

/** Number of models per request. */
const MODELS_A_REQUEST = 100;

/** Failures that concern only the requested model or version, not the connection or the account. */
const ABOUT_ONE: ReadonlySet<FailureClass> = new Set<FailureClass>([
  "gone",
  "archived",
  "disabled",
  "early-access",
  "forbidden",
  "region",
  "rejected",
]);

/**
 * Yield models by id, with all their versions. Most are requested a hundred at a time; models that the listing omits,
 * or for which it omits a wanted version, are requested one by one. Models that the API does not have are skipped.
 *
 * @param client Client of the API
 * @param wanted Ids of the wanted versions by id of the model
 * @param signal Stops the requests
 */
export async function* lookUpModels(
  client: RebuildClient,
  wanted: ReadonlyMap<number, ReadonlySet<number>>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Model> {
  const ids = [...wanted.keys()];
  for (let start = 0; start < ids.length; start += MODELS_A_REQUEST) {
    const rest = new Set(ids.slice(start, start + MODELS_A_REQUEST));
    for await (const page of client.listModels({ ids: [...rest] }, { signal })) {
      for (const model of page.items) {
        if (isComplete(model, wanted.get(model.id)) && rest.delete(model.id)) yield model;
      }
      if (rest.size === 0) break;
    }
    for (const id of rest) {
      const model = await orNull(() => client.model(id, { signal }));
      if (model !== null) yield model;
    }
  }
}

/** Send a request. Return `null` if the API does not have the requested model or version. */
export async function orNull<T>(request: () => Promise<T>): Promise<T | null> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    // A response that stays unreadable after retries concerns only this model or version too.
    const isUnreadable = (error.failure === "server" || error.failure === "unusable") && !error.retryable;
    if (ABOUT_ONE.has(error.failure) || isUnreadable) return null;
    throw error;
  }
}

function isComplete(model: Model, versionIds: ReadonlySet<number> | undefined): boolean {
  const listed = new Set(model.versions.map((version) => version.id));
  return versionIds !== undefined && [...versionIds].every((id) => listed.has(id));
}
