import { ownValue } from "./_own_value.ts";
import { classifyCategory } from "./classify_category.ts";
import { classifyKind } from "./classify_kind.ts";
import { foldPath } from "./fold_path.ts";
import { type LayoutName, LAYOUTS } from "./layouts.ts";
import type { NamingFacts } from "./naming_facts.ts";
import { parseTemplate } from "./parse_template.ts";
import { renderTemplate } from "./render_template.ts";
import { cleanName, safeName } from "./safe_name.ts";
import { shardFolder } from "./shard_folder.ts";
import { sidecarPath } from "../sidecars/sidecar_path.ts";
import { splitName } from "./split_name.ts";

/** Options of {@linkcode planPath}. */
export interface PlanPathOptions {
  /**
   * The arrangement.
   *
   * @default {"classic"}
   */
  readonly layout?: LayoutName | undefined;
  /** A path template, which beats the layout. */
  readonly template?: string | undefined;
  /** Folders of the user's own choice by kind, such as `{ Checkpoint: "models/diffusion_models" }`. */
  readonly folders?: Readonly<Record<string, string>> | undefined;
  /**
   * How many models were placed in the same folder before; from 1 000 on, numbered folders below it are used.
   *
   * @default {0}
   */
  readonly position?: number | undefined;
}

/** Models in one shared folder: with its sidecars and previews, one model is up to nine files. */
const MODELS_PER_FOLDER = 1000;
const OWN_FOLDER = "civitai";
const RESERVED = new Set(["corrupted", ".civitai-dl"]);

/**
 * Decide where a file of a model goes. Two files may get one path: see {@linkcode disambiguate}.
 *
 * @param facts The file
 * @param options Layout or template
 * @returns Relative path with forward slashes, safe on every system
 */
export function planPath(facts: NamingFacts, options: PlanPathOptions = {}): string {
  const { layout = "classic", template, folders = {}, position = 0 } = options;
  if (template !== undefined) return shard(guard(renderTemplate(parseTemplate(template), facts)), position);
  const name = safeName(facts.fileName, { fallback: `file-${facts.fileId ?? facts.versionId}` });
  if (layout === "classic") return `${classicFolder(facts)}/${name}`;
  if (facts.fileType === "Config" && facts.besidePath) return sidecarPath(facts.besidePath, splitName(name).ext);
  const kind = classifyKind(facts);
  const folder = ownValue(folders, kind) ?? ownValue(LAYOUTS[layout].folders, kind) ??
    `${OWN_FOLDER}/${safeName(kind)}`;
  return shard(`${folder}/${name}`, position);
}

function classicFolder(facts: NamingFacts): string {
  return folderOf(facts, namesOf(facts).map(cleanName));
}

/**
 * The folder in the classic layout as earlier versions named it: dots and spaces at the edges of the model's name
 * stayed.
 *
 * @param facts A file of the version
 * @returns Relative path; nearly always the one of {@linkcode planPath}
 */
export function formerFolder(facts: NamingFacts): string {
  return folderOf(facts, namesOf(facts));
}

function namesOf({ creator, modelName, versionName }: NamingFacts): readonly string[] {
  return [creator ?? "unknown", modelName, versionName];
}

function folderOf(facts: NamingFacts, names: readonly string[]): string {
  const base = safeName(facts.baseModel, { fallback: "Other" });
  return `models/${base}/${classifyCategory(facts.tags)}/${versionFolder(facts, names.join("_"))}`;
}

/** `<creator>_<model>_<version>`; where that must be cut, the version id keeps two versions apart. */
function versionFolder(facts: NamingFacts, whole: string): string {
  const name = safeName(whole);
  if (name === safeName(whole, { maxChars: 10_000, maxBytes: 40_000 })) return name;
  return `${safeName(whole, { maxChars: 180, reserveBytes: 60 })} [${facts.versionId}]`;
}

function shard(path: string, position: number): string {
  const slash = path.lastIndexOf("/");
  if (slash < 0) return shard(`./${path}`, position).slice(2);
  return shardFolder(path.slice(0, slash), position, { perFolder: MODELS_PER_FOLDER }) + path.slice(slash);
}

/** Folders of our own at the root are not for models: a creator may be called like one. */
function guard(path: string): string {
  return RESERVED.has(foldPath(path.split("/")[0] ?? "")) ? `_${path}` : path;
}
