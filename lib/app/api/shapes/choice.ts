import { z } from "zod";
import { KitError } from "../../../base/mod.ts";
import { type Choice, FILE_WORDS, MATURITY_LEVELS, MODEL_TYPES } from "../../../downloader/mod.ts";
import { LAYOUTS, parseTemplate } from "../../../library/mod.ts";

/** Longest list of words or ids. */
const MAX_WORDS = 1000;

const words = z.array(z.string().trim().min(1).max(200)).max(MAX_WORDS);
const since = z.union([z.iso.date(), z.iso.datetime({ offset: true })])
  .transform((text) => new Date(text).toISOString());
const template = z.string().max(1000).superRefine((text, context) => {
  try {
    parseTemplate(text);
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    context.addIssue({ code: "custom", message: error.message });
  }
});

const fields = z.strictObject({
  versions: z.enum(["all", "latest"]).describe("--latest-only"),
  since: since.nullable().describe("--since, a date or a time with its zone"),
  types: z.array(z.enum(MODEL_TYPES)).max(MAX_WORDS).describe("--type"),
  baseModels: words.describe("--base-model"),
  files: z.array(z.enum(FILE_WORDS)).min(1).max(MAX_WORDS).describe("--files"),
  formats: words.describe("--format"),
  fps: words.describe("--fp"),
  sizes: z.array(z.enum(["full", "pruned"])).max(2).describe("--size"),
  exclude: words.describe("--exclude"),
  levels: z.literal(Object.values(MATURITY_LEVELS)).describe("--max-level, as bits: 1 PG, 3 PG-13, 7 R, 15 X, 31 XXX"),
  previews: z.int().min(0).max(20).describe("--previews"),
  gallery: z.int().min(0).describe("--gallery"),
  galleryAgeMs: z.int().min(0).describe("--gallery-age, in milliseconds"),
  maxImages: z.int().min(0).describe("--max-images"),
  limit: z.int().min(1).nullable().describe("--limit"),
  layout: z.enum(Object.keys(LAYOUTS) as [Choice["layout"]]).describe("--layout"),
  template: template.nullable().describe("--path-template"),
  tryEarlyAccess: z.boolean().describe("--early-access"),
  allowFlagged: z.boolean().describe("--allow-flagged"),
}).partial();

/** Fields of the choice of a download. */
export type PartialChoice = Partial<Choice>;

/**
 * Fields of the choice of a download, by the rules of its flags. What is absent is as the settings say. A field of JSON
 * is absent or has a value, which the type of a partial schema does not say.
 */
export const choiceSchema: z.ZodType<PartialChoice> = fields as unknown as z.ZodType<PartialChoice>;
