import type { ModelQuery, Target } from "../../civitai/mod.ts";
import type { Choice } from "../choice.ts";

/** All models and posted images of one creator, unless a period or `Choice.limit` restricts them. */
export interface CreatorTarget {
  /** Discriminates {@linkcode PlanTarget}. */
  readonly type: "user";
  /** Name of the creator. */
  readonly username: string;
  /** Only the models, or only the posted images; absent for both. */
  readonly only?: "models" | "images" | undefined;
  /** See `ModelQuery.sort`. */
  readonly sort?: string | undefined;
  /** See `ModelQuery.period`. */
  readonly period?: string | undefined;
}

/** A target to plan: one that the user specified, a search, or models that are in the library already. */
export type PlanTarget =
  | Exclude<Target, { readonly type: "user" }>
  | CreatorTarget
  | { readonly type: "search"; readonly query: ModelQuery }
  | {
    /** Models of the library: their versions in the library, and newer ones. */
    readonly type: "models";
    readonly ids: readonly number[];
    /**
     * Fields of the run's choice that replace those of the choice with which a model was downloaded, which is repeated
     * otherwise; none if absent.
     */
    readonly given?: readonly (keyof Choice)[] | undefined;
  };
