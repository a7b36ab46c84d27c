import { createHash } from "node:crypto";
import type { Catalog, ExceptedIds } from "../library/mod.ts";
import type { Choice } from "./choice.ts";

/**
 * The fields of a choice that an update repeats. The others are about listings (`types`, `limit`, `maxImages`), one run
 * (`galleryAgeMs`), the whole library (`layout`, `template`), or must be allowed each time (`allowFlagged`).
 */
export type RepeatedChoice = Omit<
  Choice,
  "types" | "limit" | "maxImages" | "galleryAgeMs" | "layout" | "template" | "allowFlagged"
>;

const REPEATED = Object.keys(
  {
    versions: true,
    since: true,
    baseModels: true,
    files: true,
    formats: true,
    fps: true,
    sizes: true,
    exclude: true,
    except: true,
    levels: true,
    previews: true,
    gallery: true,
    tryEarlyAccess: true,
  } satisfies Record<keyof RepeatedChoice, true>,
) as readonly (keyof RepeatedChoice)[];

/** Prefix of the notes that name the choice of a model, by the model's id. */
const OF_MODEL = "choice-of:";
/** Prefix of the notes with the choices, by their digests. Most models of a library share a few. */
const CHOICES = "choice:";

/**
 * Record the choice with which models are downloaded, so that {@linkcode groupByChoice} finds it. Call this after the
 * plan is approved.
 *
 * @param catalog The catalog that the notes are written to
 * @param modelIds Models whose versions the choice decides
 * @param options `choice`: the choice; `partial`: models of which a target names single versions or files, which keep
 * an earlier choice
 */
export function rememberChoice(
  catalog: Catalog,
  modelIds: Iterable<number>,
  options: { readonly choice: Choice; readonly partial: ReadonlySet<number> },
): void {
  const text = JSON.stringify(pickRepeated(options.choice));
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 16);
  const known = new Map(catalog.notes(OF_MODEL).map(({ name, value }) => [name, value]));
  catalog.transaction(() => {
    catalog.setNote(`${CHOICES}${digest}`, text);
    for (const id of modelIds) {
      const name = `${OF_MODEL}${id}`;
      const before = known.get(name);
      if (before === digest || (before !== undefined && options.partial.has(id))) continue;
      catalog.setNote(name, digest);
    }
  });
}

/** Models to update, and the choice for them. */
export interface ChosenModels {
  readonly choice: Choice;
  readonly ids: readonly number[];
}

/**
 * Group models by the choice with which they were downloaded last.
 *
 * @param catalog The catalog with the notes of {@linkcode rememberChoice}
 * @param ids The models
 * @param run `choice`: the choice of this run, for models without a note; `given`: its fields that the user set for this
 * run, which replace those of the notes
 * @returns The groups; each model is in one
 */
export function groupByChoice(
  catalog: Catalog,
  ids: readonly number[],
  run: { readonly choice: Choice; readonly given: readonly (keyof Choice)[] },
): readonly ChosenModels[] {
  const digests = new Map(catalog.notes(OF_MODEL).map(({ name, value }) => [name, value]));
  const groups = Map.groupBy(ids, (id) => digests.get(`${OF_MODEL}${id}`) ?? null);
  return [...groups].map(([digest, group]) => {
    const recalled = digest === null ? {} : recallChoice(catalog, digest, run.given);
    const except = uniteExcepted(run.choice.except, recalled.except);
    return { choice: { ...run.choice, ...recalled, except }, ids: group };
  });
}

/** What the download left out stays out, also if this run leaves out something else. */
function uniteExcepted(now: ExceptedIds, before: ExceptedIds = now): ExceptedIds {
  return {
    models: [...new Set([...before.models, ...now.models])],
    versions: [...new Set([...before.versions, ...now.versions])],
    files: [...new Set([...before.files, ...now.files])],
  };
}

function recallChoice(catalog: Catalog, digest: string, given: readonly (keyof Choice)[]): Partial<RepeatedChoice> {
  const text = catalog.note(`${CHOICES}${digest}`);
  if (text === null) return {};
  // Written by rememberChoice().
  const recalled = JSON.parse(text) as RepeatedChoice;
  const kept = REPEATED.filter((name) => !given.includes(name) && Object.hasOwn(recalled, name));
  return Object.fromEntries(kept.map((name) => [name, recalled[name]]));
}

function pickRepeated(choice: Choice): RepeatedChoice {
  return Object.fromEntries(REPEATED.map((name) => [name, choice[name]])) as RepeatedChoice;
}
