import type { Model } from "../../civitai/mod.ts";
import { isRemoval, recordRemoved } from "./removed_parts.ts";
import type { SettledPlanning } from "./settled_planning.ts";

/** Request a model; `null` if it is one of the library that the site no longer has, which is then reported. */
export async function requestModel(
  context: SettledPlanning,
  modelId: number,
  options: { readonly isNamed: boolean },
): Promise<Model | null> {
  try {
    return await context.client.model(modelId, { signal: context.signal });
  } catch (error) {
    const part = { type: "model", modelId } as const;
    if (!isRemoval(context, part, error)) throw error;
    recordRemoved(context, part, options);
    return null;
  }
}

/**
 * Whether a model that the listing omits was archived or taken down at the last request. It is assumed to be still
 * unavailable: it gets no new versions, so another request would change nothing.
 */
export function isStillUnavailable({ library: { catalog } }: SettledPlanning, id: number): boolean {
  // Written by planModel().
  const known = catalog.model(id)?.json as Pick<Model, "mode"> | undefined;
  return known !== undefined && known.mode !== null;
}
