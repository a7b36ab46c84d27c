import { KitError } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { type Choice, MATURITY_LEVELS, type RepeatedChoice } from "../../lib/downloader/mod.ts";
import { parseTemplate } from "../../lib/library/mod.ts";
import type { ChoiceFlags, LayoutFlags, SearchFlags } from "../_frame/flags.ts";
import { readText } from "./targets.ts";

/** Convert the flags to the choice of versions, files and images. */
export async function readChoice(
  flags: ChoiceFlags & LayoutFlags & Partial<Pick<SearchFlags, "limit">>,
  options: { readonly signal: AbortSignal },
): Promise<Choice> {
  const { whitelist, images } = flags;
  const template = flags.pathTemplate ?? null;
  if (template !== null) parseTemplate(template);
  return {
    versions: flags.latestOnly ? "latest" : "all",
    since: flags.since === undefined ? null : new Date(flags.since).toISOString(),
    types: flags.type,
    baseModels: [...flags.baseModel, ...whitelist === undefined ? [] : await readWhitelist(whitelist, options)],
    files: flags.files,
    formats: flags.format,
    fps: flags.fp,
    sizes: flags.size,
    exclude: flags.exclude,
    except: { models: [], versions: [], files: [] },
    levels: MATURITY_LEVELS[flags.sfw ? "PG" : flags.maxLevel ?? "XXX"],
    previews: images ? flags.previews : 0,
    gallery: images ? flags.gallery : 0,
    galleryAgeMs: flags.galleryAge,
    maxImages: images ? flags.maxImages : 0,
    limit: flags.limit ?? null,
    layout: flags.layout ?? "classic",
    template,
    tryEarlyAccess: flags.earlyAccess,
    allowFlagged: flags.allowFlagged,
  };
}

/** Whether the layout is set; otherwise, that of the library counts. */
export function isLayoutGiven(flags: LayoutFlags): boolean {
  return flags.layout !== undefined || flags.pathTemplate !== undefined;
}

/** Flags that set each field of a choice that an update would otherwise repeat. */
const FLAGS: Readonly<Record<keyof RepeatedChoice, readonly string[]>> = {
  versions: ["latest-only"],
  since: ["since"],
  baseModels: ["base-model", "whitelist"],
  files: ["files"],
  formats: ["format"],
  fps: ["fp"],
  sizes: ["size"],
  exclude: ["exclude"],
  // No flag sets it: the queue does.
  except: [],
  levels: ["sfw", "max-level"],
  previews: ["images", "previews"],
  gallery: ["images", "gallery"],
  tryEarlyAccess: ["early-access"],
};

/** List the fields of the choice that flags, the environment or the configuration set. */
export function listGiven({ sourceOf }: Pick<CommandContext, "sourceOf">): readonly (keyof RepeatedChoice)[] {
  const isGiven = (flag: string): boolean => !["default", undefined].includes(sourceOf(flag));
  return (Object.keys(FLAGS) as (keyof RepeatedChoice)[]).filter((field) => FLAGS[field].some(isGiven));
}

async function readWhitelist(path: string, options: { readonly signal: AbortSignal }): Promise<readonly string[]> {
  const text = await readText(path, "whitelist", options);
  const lines = text.split(/\r?\n/).map((line) => line.replace(/(^|\s)#.*$/, "").trim()).filter((line) => line !== "");
  if (lines.length === 0) throw new KitError("usage", `Cannot use whitelist "${path}": it names no base model`);
  return lines;
}
