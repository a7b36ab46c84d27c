import { STATE_FOLDER } from "../identity/state_folder.ts";
import { ownValue } from "./_own_value.ts";
import { classifyCategory } from "./classify_category.ts";
import { classifyKind } from "./classify_kind.ts";
import { foldPath } from "./fold_path.ts";
import { type LayoutName, LAYOUTS } from "./layouts.ts";
import type { NamingFacts } from "./naming_facts.ts";
import { parseTemplate } from "./parse_template.ts";
import { renderTemplate } from "./render_template.ts";
import { cleanName, safeName } from "./safe_name.ts";
import { sidecarPath } from "./sidecar_path.ts";
import { splitName } from "./split_name.ts";

/** Options of {@linkcode planPath}. */
export interface PlanPathOptions {
  /**
   * Layout of the library.
   *
   * @default {"classic"}
   */
  readonly layout?: LayoutName | undefined;
  /** A path template; it takes precedence over the layout. */
  readonly template?: string | undefined;
}

const OWN_FOLDER = "civitai";
const RESERVED = new Set(["corrupted", STATE_FOLDER]);

/**
 * Build the path of a model file. Two files can get the same path: see {@linkcode disambiguate}.
 *
 * @param facts The file, its version and its model
 * @param options Layout or template
 * @returns Relative path with forward slashes, valid on every system
 * @throws {KitError} `usage` if the template is not valid
 */
export function planPath(facts: NamingFacts, options: PlanPathOptions = {}): string {
  const { layout = "classic", template } = options;
  if (template !== undefined) return guard(renderTemplate(parseTemplate(template), facts));
  const name = safeName(facts.fileName, { fallback: `file-${facts.fileId ?? facts.versionId}` });
  if (layout === "classic") return `${classicFolder(facts)}/${name}`;
  if (facts.fileType === "Config" && facts.besidePath) return sidecarPath(facts.besidePath, splitName(name).ext);
  const kind = classifyKind(facts);
  const folder = ownValue(LAYOUTS[layout].folders, kind) ?? `${OWN_FOLDER}/${safeName(kind)}`;
  return `${folder}/${name}`;
}

function classicFolder(facts: NamingFacts): string {
  const { creator, modelName, versionName, baseModel, tags } = facts;
  const name = versionFolder(facts, [creator ?? "unknown", modelName, versionName].map(cleanName).join("_"));
  return `models/${safeName(baseModel, { fallback: "Other" })}/${classifyCategory(tags)}/${name}`;
}

/**
 * Build `<creator>_<model>_<version>`. A name that has to be cut gets the version id, which keeps two versions apart.
 */
function versionFolder(facts: NamingFacts, whole: string): string {
  const name = safeName(whole);
  if (name === safeName(whole, { maxChars: 10_000, maxBytes: 40_000 })) return name;
  return `${safeName(whole, { maxChars: 180, reserveBytes: 60 })} [${facts.versionId}]`;
}

/** Keep models out of the program's own folders at the root: a creator can have the name of one of them. */
function guard(path: string): string {
  return RESERVED.has(foldPath(path.split("/")[0] ?? "")) ? `_${path}` : path;
}
