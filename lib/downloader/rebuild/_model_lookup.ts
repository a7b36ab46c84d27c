import type { Model } from "../../civitai/mod.ts";
import { type FailureClass, FailureError } from "../../failsafe/mod.ts";
import type { RebuildClient } from "./rebuild_catalog.ts";

/** Models that were asked for together. */
const MODELS_A_REQUEST = 100;

/** Failures that say something about the one thing that was asked for, not about the connection or the account. */
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
 * Go through models by id, with all their versions. Most come a hundred a request; those that the listing leaves out,
 * or of which it leaves out a version, are asked for one by one. What the API does not have is passed over.
 *
 * @param client The API
 * @param wanted Which versions of which models
 * @param signal Stops the asking
 */
export async function* lookUpModels(
  client: RebuildClient,
  wanted: ReadonlyMap<number, ReadonlySet<number>>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Model> {
  const ids = [...wanted.keys()];
  for (let at = 0; at < ids.length; at += MODELS_A_REQUEST) {
    const rest = new Set(ids.slice(at, at + MODELS_A_REQUEST));
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

/** The answer, or `null` when the API does not have this one thing. */
export async function orNull<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    // An answer that cannot be read, however often it is asked for, is about one thing too.
    const isUnreadable = (error.failure === "server" || error.failure === "unusable") && !error.retryable;
    if (ABOUT_ONE.has(error.failure) || isUnreadable) return null;
    throw error;
  }
}

function isComplete(model: Model, versionIds: ReadonlySet<number> | undefined): boolean {
  const listed = new Set(model.versions.map((version) => version.id));
  return versionIds !== undefined && [...versionIds].every((id) => listed.has(id));
}
