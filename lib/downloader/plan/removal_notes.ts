import type { Catalog } from "../../library/mod.ts";

/** Prefix of the catalog's notes on models of the library that the site no longer has; the value is a date. */
const NOTES = "removed:";

/** Whether it is recorded that the site no longer has a model. */
export function isRemoved(catalog: Pick<Catalog, "note">, modelId: number): boolean {
  return catalog.note(`${NOTES}${modelId}`) !== null;
}

/** Record when it was found that the site no longer has a model, in milliseconds since the epoch. */
export function noteRemoval(catalog: Pick<Catalog, "setNote">, modelId: number, now: number): void {
  catalog.setNote(`${NOTES}${modelId}`, new Date(now).toISOString());
}

/** Forget that the site did not have a model: it is back. */
export function forgetRemoved(catalog: Pick<Catalog, "setNote" | "note">, modelId: number): void {
  if (isRemoved(catalog, modelId)) catalog.setNote(`${NOTES}${modelId}`, null);
}

/** Dates on which it was found that the site no longer has a model, ISO 8601 UTC, by the id of the model. */
export function removalDates(catalog: Pick<Catalog, "notes">): ReadonlyMap<number, string> {
  return new Map(catalog.notes(NOTES).map(({ name, value }) => [Number(name.slice(NOTES.length)), value]));
}
