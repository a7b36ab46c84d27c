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
