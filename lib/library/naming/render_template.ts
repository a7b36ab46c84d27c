import type { NamingFacts } from "./naming_facts.ts";
import type { PathTemplate, TemplatePart } from "./parse_template.ts";
import { safeName } from "./safe_name.ts";
import { splitName } from "./split_name.ts";
import { templateValues } from "./template_values.ts";

/**
 * Fill in a path template for one file. A value never creates a folder, and the file keeps its extension.
 *
 * @param template A template from {@linkcode parseTemplate}
 * @param facts The file, its version and its model
 * @returns Relative path with forward slashes
 */
export function renderTemplate(template: PathTemplate, facts: NamingFacts): string {
  const values = templateValues(facts);
  const fill = (part: TemplatePart): string =>
    typeof part === "string" ? part : fillWord(values[part.field], part.fallback);
  const segments = template.map((segment) => segment.map(fill).join(""));
  const name = segments.pop() ?? "";
  const { ext } = splitName(safeName(facts.fileName));
  const hasExt = name.toLowerCase().endsWith(ext.toLowerCase());
  return [...segments.map((segment) => safeName(segment)), safeName(hasExt ? name : name + ext)].join("/");
}

function fillWord(value: string | null, fallback: string | null): string {
  const safe = safeName(value ?? "", { fallback: "" });
  return safe === "" ? safeName(fallback ?? "unknown", { fallback: "" }) : safe;
}
