import type { Catalog } from "../catalog/catalog.ts";

/** Prefix of the catalog's notes on what is not wanted any more; the value is JSON. */
const NOTES = "forgotten:";

/** What is not wanted any more. */
export interface ForgottenMark {
  /** What it is: `model:1`, `version:2`, `file:2:3`, `image:4`, `post:5`, `user:NAME`, `user:NAME/images`, … */
  readonly target: string;
  /** Name of it, for people; `null` when unknown. */
  readonly name: string | null;
  /** When it was forgotten, ISO 8601 UTC. */
  readonly at: string;
  /** Number of the change that forgot it. Undoing it takes the mark back. */
  readonly change: number;
}

/** A model, version, file or image that is to be planned; what is unknown is absent. */
export interface PlannedThing {
  /** Id of the model. */
  readonly modelId?: number | null | undefined;
  /** Id of the version. */
  readonly versionId?: number | null | undefined;
  /** Key of the item. */
  readonly key?: string | undefined;
  /** Id of the image. */
  readonly imageId?: number | null | undefined;
  /** Id of the post that an image belongs to. */
  readonly postId?: number | null | undefined;
  /** Name of the creator of the model, or of the poster of the image. */
  readonly creator?: string | null | undefined;
  /** Whether `creator` has posted an image, rather than made a model. */
  readonly isPosted?: boolean | undefined;
}

/** All that is not wanted any more, read once from a catalog. */
export class Forgotten {
  readonly #marks: ReadonlyMap<string, ForgottenMark>;

  /**
   * Keep marks in memory.
   *
   * @param marks The marks, each target once
   */
  constructor(marks: Iterable<ForgottenMark>) {
    this.#marks = new Map(Array.from(marks, (mark) => [foldTarget(mark.target), mark]));
  }

  /** Number of marks. */
  get size(): number {
    return this.#marks.size;
  }

  /** The marks, in the order of their targets. */
  list(): readonly ForgottenMark[] {
    return [...this.#marks.values()];
  }

  /** Return the mark of exactly this target; `null` if there is none. */
  markOf(target: string): ForgottenMark | null {
    return this.#marks.get(foldTarget(target)) ?? null;
  }

  /** Return the mark because of which something is not planned; `null` if it is wanted. */
  find(thing: PlannedThing): ForgottenMark | null {
    // The usual library has none, and most things of a plan are asked for.
    if (this.#marks.size === 0) return null;
    const { modelId, versionId, key, imageId, postId, creator, isPosted = false } = thing;
    const targets = [
      ...creator == null ? [] : [`user:${creator}`, `user:${creator}/${isPosted ? "images" : "models"}`],
      ...modelId == null ? [] : [`model:${modelId}`],
      ...versionId == null ? [] : [`version:${versionId}`],
      ...key === undefined ? [] : [key],
      ...imageId == null ? [] : [`image:${imageId}`],
      ...postId == null ? [] : [`post:${postId}`],
    ];
    for (const target of targets) {
      const mark = this.markOf(target);
      if (mark !== null) return mark;
    }
    return null;
  }
}

/** Names of creators differ by more than the case of letters. */
function foldTarget(target: string): string {
  return target.startsWith("user:") ? target.toLowerCase() : target;
}

/** Read what is not wanted any more. */
export function readForgotten(catalog: Pick<Catalog, "notes">): Forgotten {
  return new Forgotten(
    catalog.notes(NOTES).map(({ name, value }) => ({
      target: name.slice(NOTES.length),
      // Written by markForgotten().
      ...JSON.parse(value) as Omit<ForgottenMark, "target">,
    })),
  );
}

/** Mark a target as not wanted. */
export function markForgotten(catalog: Pick<Catalog, "setNote">, { target, name, at, change }: ForgottenMark): void {
  catalog.setNote(`${NOTES}${foldTarget(target)}`, JSON.stringify({ name, at, change }));
}

/** Take a mark back. */
export function unmarkForgotten(catalog: Pick<Catalog, "setNote">, target: string): void {
  catalog.setNote(`${NOTES}${foldTarget(target)}`, null);
}
