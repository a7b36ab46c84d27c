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
