import {
  DEFAULT_SCALAR_STYLE_RULES,
  defineScalarTag,
  type Document,
  dump,
  DUMP_SCHEMA,
  type MappingNode,
  NOT_RESOLVED,
  SCALAR_STYLE,
  type ScalarLayout,
  type Schema,
  seqTag,
  strTag,
  type TagDefinition,
  visit,
  YAMLException,
} from "npm:js-yaml@^5.5.0";

/** How two keys are ordered at a depth, 0 for the outermost mapping. */
type CompareKeys = (a: string, b: string, depth: number) => number;

/** Options of {@linkcode stringify}. */
export interface StringifyOptions {
  /** Number of spaces per level; 2 by default. */
  indent?: number;
  /** Whether lists in mappings are indented; true by default. */
  arrayIndent?: boolean;
  /** Whether to leave out values without a form in YAML; false by default, which makes them an error. */
  skipInvalid?: boolean;
  /** The depth from which lists and mappings are written on one line; -1 by default, for never. */
  flowLevel?: number;
  /** Whether keys are sorted, or how; false by default. */
  sortKeys?: boolean | CompareKeys;
  /** Width from which lines are folded; 80 by default, -1 for never. */
  lineWidth?: number;
  /** Whether an object that occurs again is written as a reference; true by default. */
  useAnchors?: boolean;
  /** Whether lists and mappings on one line have no spaces; false by default. */
  condenseFlow?: boolean;
}

/**
 * Format a value as YAML.
 *
 * @param data The value
 * @param options How it is written
 * @returns The text
 * @throws {TypeError} If a value has no form in YAML
 */
export function stringify(data: unknown, options: StringifyOptions = {}): string {
  const { indent = 2, arrayIndent = true, flowLevel = -1, lineWidth = 80 } = options;
  const { skipInvalid = false, useAnchors = true, condenseFlow = false, sortKeys = false } = options;
  try {
    return dump(data, {
      indent,
      flowLevel,
      lineWidth,
      skipInvalid,
      seqNoIndent: !arrayIndent,
      noRefs: !useAnchors,
      flowSkipCommaSpace: condenseFlow,
      flowSkipColonSpace: condenseFlow,
      schema: schemaOf(skipInvalid),
      scalarStyleRules: [...Object.values(DEFAULT_SCALAR_STYLE_RULES), quoteIndicators],
      transform: (documents) => {
        spellTags(documents);
        if (sortKeys) sortMappings(documents, sortKeys === true ? compareTexts : sortKeys);
      },
    });
  } catch (error) {
    throw error instanceof YAMLException ? new TypeError(error.reason, { cause: error }) : error;
  }
}

function schemaOf(skipInvalid: boolean): Schema {
  return DUMP_SCHEMA.withTags(DUMP_SCHEMA.tags.map(unboxed), skipInvalid ? SPARSE_LIST : REFUSED_UNDEFINED);
}

/** Take a `Number`, `String` or `Boolean` object for its value. */
function unboxed(tag: TagDefinition): TagDefinition {
  if (tag.nodeKind !== "scalar") return tag;
  const { identify, represent } = tag;
  return {
    ...tag,
    identify: (data) => identify(valueOf(data)),
    represent: (data) => represent(valueOf(data)),
  };
}

function valueOf(data: unknown): unknown {
  const isBoxed = data instanceof Number || data instanceof String || data instanceof Boolean;
  return isBoxed ? data.valueOf() : data;
}

/** A list without its undefined items, which js-yaml makes null. */
const SPARSE_LIST: TagDefinition = {
  ...seqTag,
  represent: (items: unknown[]) => items.filter((item) => item !== undefined),
};

const REFUSED_UNDEFINED: TagDefinition = defineScalarTag("tag:yaml.org,2002:js/undefined", {
  resolve: () => NOT_RESOLVED,
  identify: (data) => data === undefined,
  represent: () => {
    throw new TypeError("Cannot stringify undefined: YAML has no such value");
  },
});

/** Quote every text that contains an indicator of YAML, as std does, even where the indicator has no meaning. */
function quoteIndicators(layout: ScalarLayout): void {
  const { tag, value } = layout.node;
  if (layout.style !== SCALAR_STYLE.PLAIN || tag !== strTag.tagName) return;
  if (/[,[\]{}:#]|^[-?]/.test(value)) layout.style = SCALAR_STYLE.SINGLE_QUOTED;
}

/** Spell tags in full, as std does. */
function spellTags(documents: Document[]): void {
  visit(documents, (node) => {
    if (node.kind !== "alias" && node.tagged) node.tag = node.tag.replace(/^!!(.*)/, "!<tag:yaml.org,2002:$1>");
  });
}

function sortMappings(documents: Document[], compare: CompareKeys): void {
  visit(documents, (node, { depth }) => {
    if (node.kind === "mapping") node.items.sort((a, b) => compare(textOf(a), textOf(b), depth));
  });
}

function textOf({ key }: MappingNode["items"][number]): string {
  return key.kind === "scalar" ? key.value : "";
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : 1;
}
