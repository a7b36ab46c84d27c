import {
  binaryTag,
  CORE_SCHEMA,
  FAILSAFE_SCHEMA,
  intYaml11Tag,
  legacyMapTag,
  loadAll,
  mergeTag,
  NOT_RESOLVED,
  omapTag,
  pairsTag,
  type Schema,
  timestampTag,
  YAMLException,
} from "npm:js-yaml@^5.5.0";
import { YamlSyntaxError } from "./yaml_syntax_error.ts";

/** Options of {@linkcode parse}. */
export interface ParseOptions {
  /** Whether the last of several values of a key counts; false by default, which makes a repeated key an error. */
  allowDuplicateKeys?: boolean;
  /**
   * The types besides texts, lists and mappings: none in `failsafe`; null, booleans and numbers in `json` and `core`,
   * which are the same; in `default` also dates, bytes, merged mappings, sets and lists of pairs.
   *
   * @default {"default"}
   */
  schema?: "failsafe" | "json" | "core" | "default";
}

/**
 * Parse one YAML document.
 *
 * @param content The YAML text
 * @param options The types, and what a repeated key means
 * @returns The value; `null` for an empty document
 * @throws {YamlSyntaxError} If the text is not one valid YAML document
 */
export function parse(content: string, options: ParseOptions = {}): unknown {
  const { allowDuplicateKeys = false, schema = "default" } = options;
  try {
    const documents = loadAll(content, { schema: schemaOf(schema), json: allowDuplicateKeys });
    if (documents.length > 1) YAMLException.throwAt(content, secondDocument(content), "expected a single document");
    return documents[0] ?? null;
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { line = 0, column = 0, position = 0, snippet } = error.mark ?? {};
    throw new YamlSyntaxError(
      error.reason,
      { line: line + 1, column: column + 1, offset: position },
      snippet ?? undefined,
    );
  }
}

function schemaOf(name: NonNullable<ParseOptions["schema"]>): Schema {
  if (name === "failsafe") return FAILSAFE_SCHEMA;
  const core = CORE_SCHEMA.withTags(legacyMapTag, intTag);
  return name === "default" ? core.withTags(bytesTag, mergeTag, omapTag, pairsTag, setTag, timestampTag) : core;
}

/** Integers of YAML 1.1, with underscores and in octal notation, but not in base 60. */
const intTag: typeof intYaml11Tag = {
  ...intYaml11Tag,
  resolve: (source, isExplicit, tagName) =>
    /:|_$/.test(source) ? NOT_RESOLVED : intYaml11Tag.resolve(source, isExplicit, tagName),
};

const bytesTag: typeof binaryTag = {
  ...binaryTag,
  resolve: (source, isExplicit, tagName) =>
    source === "" ? NOT_RESOLVED : binaryTag.resolve(source, isExplicit, tagName),
};

/** A set is a mapping to null. */
const setTag = { ...legacyMapTag, tagName: "tag:yaml.org,2002:set", identify: () => false };

/** Offset of the marker that begins the second document: the first one with a document before it. */
function secondDocument(content: string): number {
  const markers = [...content.matchAll(/^---(?=\s)/gm)].map((match) => match.index);
  return markers.find((offset) => loadAll(content.slice(0, offset)).length > 0) ?? 0;
}
