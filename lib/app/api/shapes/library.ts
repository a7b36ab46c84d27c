import { z } from "zod";

/** A value that is given once, or several times. */
function repeated<T extends z.ZodType<string>>(value: T) {
  return z.union([value, z.array(value).max(100)]).optional();
}

const word = z.string().max(300);

/** State of a model, by that of its files. */
export const modelStateSchema = z.enum(["done", "partial", "planned", "failed", "corrupted"]);
/** State of a model, by that of its files. */
export type ModelState = z.infer<typeof modelStateSchema>;

/** Order of models. */
export const librarySortSchema = z.enum(["-added", "-updated", "name", "creator", "-size"]);
/** Order of models. */
export type LibrarySort = z.infer<typeof librarySortSchema>;

/** Which models of the library, and in which order. A model meets a filter that is given several times by one value. */
export const libraryQuerySchema = z.strictObject({
  q: z.string().max(300).optional().describe(
    "Words that all occur in the name, the creator, tags, trigger words or names of versions; " +
      "words of one or two characters in the name",
  ),
  type: repeated(word).describe("Type of the model, such as LORA"),
  base: repeated(word).describe("Base model of a version, such as SDXL 1.0"),
  creator: repeated(word).describe("User name of the creator; empty for models without one"),
  tag: repeated(word).describe("Name of a tag"),
  maturity: repeated(z.enum(["0", "1", "2", "4", "8", "16", "32"])).describe(
    "Highest bit of maturity: 0 unrated, 1 PG, 2 PG-13, 4 R, 8 X, 16 XXX, 32 blocked",
  ),
  state: repeated(modelStateSchema).describe("State of the model's files"),
  root: repeated(word).describe("Top folder of one of its files, relative to the library"),
  sort: librarySortSchema.default("-added").describe("Order: newest, last changed, by name, by creator, largest"),
});
/** Which models of the library, and in which order. */
export type LibraryQuery = z.infer<typeof libraryQuerySchema>;

/** Cards of models: a column for each property, a place in all of them for each model. */
export const cardsSchema = z.strictObject({
  id: z.array(z.int()),
  name: z.array(z.string()),
  creator: z.array(z.string().nullable()),
  type: z.array(z.string()),
  base: z.array(z.string()).describe("Base model of the newest version that is held"),
  version: z.array(z.string()).describe("Name of the newest version that is held"),
  versions: z.array(z.int()).describe("Number of versions with files in the library or planned for it"),
  files: z.array(z.int()).describe("Number of files, held or planned"),
  bytes: z.array(z.number()).describe("Size of the files that are held"),
  level: z.array(z.int()).describe("Bits of maturity of the preview; without a preview, those of the model"),
  state: z.array(modelStateSchema),
  preview: z.array(z.string().nullable()).describe("Path below /previews/"),
  hash: z.array(z.string().nullable()).describe("Blurhash of the preview"),
  removed: z.array(z.boolean()).describe("Whether Civitai no longer has the model"),
});
/** Cards of models. */
export type Cards = z.infer<typeof cardsSchema>;

const facet = z.array(z.tuple([z.string(), z.int()]));

/** The models of the library that match a query. */
export const libraryAnswerSchema = z.strictObject({
  stamp: z.string().describe("Changes whenever the library does"),
  total: z.int().describe("Number of models in the library"),
  count: z.int().describe("Number of models that match"),
  ids: z.array(z.int()).describe("Ids of all models that match, in order"),
  cards: cardsSchema.describe("Cards of the first 60"),
  facets: z.strictObject({
    types: facet,
    bases: facet,
    creators: facet.describe("The 50 most frequent, and those of the query"),
    tags: facet.describe("The 50 most frequent, and those of the query"),
    maturity: facet,
    states: facet,
    roots: facet,
  }).describe("Number of models by value: of those that match all other filters, most frequent first"),
  progress: z.strictObject({ done: z.int(), total: z.int() }).nullable().describe(
    "How far the index is, while it is made; what it lacks is not in this answer",
  ),
});
/** The models of the library that match a query. */
export type LibraryAnswer = z.infer<typeof libraryAnswerSchema>;

/** Which cards. */
export const cardsQuerySchema = z.strictObject({
  ids: z.string().max(4000).regex(/^[1-9]\d{0,14}(?:,[1-9]\d{0,14}){0,199}$/, "must be at most 200 ids: 1,2,3")
    .describe("Ids of at most 200 models, separated by commas"),
});
/** Which cards. */
export type CardsQuery = z.infer<typeof cardsQuerySchema>;
