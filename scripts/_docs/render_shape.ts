/** A JSON Schema, of which this file knows the words that zod writes. */
type Schema = Readonly<Record<string, unknown>>;

/** Render a JSON Schema as a type of TypeScript, which is short and known to those who read about an API. */
export function renderShape(schema: Schema): string {
  const definitions = (schema["$defs"] ?? {}) as Readonly<Record<string, Schema>>;
  const named = Object.entries(definitions).map(([name, one]) => `;\ntype ${typeName(name)} = ${render(one, "")}`);
  return `${render(schema, "")}${named.join("")}`;
}

function render(schema: Schema, indent: string): string {
  const { type, properties, items, enum: values, anyOf, oneOf, additionalProperties, $ref: ref } = schema;
  if (typeof ref === "string") return typeName(ref.split("/").at(-1)!);
  if ("const" in schema) return JSON.stringify(schema["const"]);
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(" | ");
  const choices = (anyOf ?? oneOf) as readonly Schema[] | undefined;
  if (choices !== undefined) return [...new Set(choices.map((one) => render(one, indent)))].join(" | ");
  if (Array.isArray(type)) return type.map((one) => render({ ...schema, type: one }, indent)).join(" | ");
  if (type === "array") {
    const inner = items === undefined ? "unknown" : render(items as Schema, indent);
    // `deno fmt` needs two passes for a long choice in parentheses.
    return inner.includes(" | ") && !inner.startsWith("{") ? `Array<${inner}>` : `${inner}[]`;
  }
  if (type === "object") {
    return renderObject({ properties, additionalProperties, required: schema["required"] }, indent);
  }
  if (type === "integer") return "number";
  return typeof type === "string" ? type : "unknown";
}

function renderObject({ properties, additionalProperties, required }: Schema, indent: string): string {
  const fields = Object.entries((properties ?? {}) as Readonly<Record<string, Schema>>);
  const isMap = typeof additionalProperties === "object" && additionalProperties !== null;
  const isOpen = isMap && Object.keys(additionalProperties).length === 0;
  const deeper = `${indent}  `;
  const lines = fields.map(([name, one]) => {
    const mark = Array.isArray(required) && required.includes(name) ? "" : "?";
    const note = typeof one["description"] === "string" ? ` // ${one["description"]}` : "";
    return `${deeper}${/^\w+$/.test(name) ? name : JSON.stringify(name)}${mark}: ${render(one, deeper)};${note}`;
  });
  if (isOpen && fields.length > 0) lines.push(`${deeper}// and more`);
  else if (isMap) lines.push(`${deeper}[name: string]: ${render(additionalProperties as Schema, deeper)};`);
  return lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n${indent}}`;
}

/** The name of a definition; zod numbers those that have none. */
function typeName(name: string): string {
  return name.startsWith("__") ? `Type${name.slice("__schema".length)}` : name;
}
