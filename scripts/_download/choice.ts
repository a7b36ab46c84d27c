import { KitError } from "../../lib/base/mod.ts";
import type { FlagValues } from "../../lib/cli/mod.ts";
import { type Choice, DEFAULT_CHOICE } from "../../lib/downloader/mod.ts";
import { type LayoutName, parseTemplate } from "../../lib/library/mod.ts";
import { readText } from "./targets.ts";

/** Bits of all maturities up to each. */
const LEVELS: Readonly<Record<string, number>> = { "PG": 1, "PG-13": 3, "R": 7, "X": 15, "XXX": 31 };

/**
 * Read what is wanted from the flags.
 *
 * @param flags Choice, layout and search flags
 * @returns The choice
 */
export async function readChoice(flags: FlagValues): Promise<Choice> {
  const whitelist = flags.string("whitelist");
  const template = flags.string("path-template") ?? null;
  if (template !== null) parseTemplate(template);
  const images = flags.boolean("images");
  return {
    ...DEFAULT_CHOICE,
    versions: flags.boolean("latest-only") ? "latest" : "all",
    since: flags.date("since")?.toISOString() ?? null,
    types: flags.strings("type"),
    baseModels: [...flags.strings("base-model"), ...whitelist === undefined ? [] : await readWhitelist(whitelist)],
    files: flags.strings("files"),
    formats: flags.strings("format"),
    fps: flags.strings("fp"),
    sizes: flags.strings("size"),
    exclude: flags.strings("exclude"),
    levels: LEVELS[flags.boolean("sfw") ? "PG" : flags.string("max-level") ?? "XXX"] ?? 31,
    previews: images ? flags.requiredNumber("previews") : 0,
    gallery: images ? flags.requiredNumber("gallery") : 0,
    galleryAgeMs: flags.requiredNumber("gallery-age"),
    maxImages: images ? flags.requiredNumber("max-images") : 0,
    limit: flags.number("limit") ?? null,
    layout: flags.requiredString("layout") as LayoutName,
    template,
    tryEarlyAccess: flags.boolean("early-access"),
    allowFlagged: flags.boolean("allow-flagged"),
  };
}

async function readWhitelist(path: string): Promise<readonly string[]> {
  const text = await readText(path, "whitelist");
  const lines = text.split(/\r?\n/).map((line) => line.replace(/(^|\s)#.*$/, "").trim()).filter((line) => line !== "");
  if (lines.length === 0) throw new KitError("usage", `Cannot use whitelist "${path}": it names no base model`);
  return lines;
}
