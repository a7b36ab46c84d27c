/** Values that no field of a response should have, as JSON text: some cannot be written by `JSON.stringify`. */
export interface Poison {
  readonly name: string;
  readonly json: string;
}

/** `depth` nested objects. */
function nest(depth: number): string {
  return `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
}

/**
 * Create the poisons.
 *
 * @param longChars Length of the long texts
 * @returns All of them, each under a name of its own
 */
export function poisons(longChars: number): readonly Poison[] {
  const texts = {
    empty: "",
    space: " ",
    word: "x",
    dots: "..",
    path: "../../../../etc/passwd",
    windowsPath: "C:\\Windows\\system32\\con",
    device: "CON.safetensors",
    nul: "a\0b",
    newline: "a\r\nb",
    bidi: "\u202eevil\u2066",
    terminal: "\u001b[2J\u001b]0;x\u0007",
    prototype: "__proto__",
    constructor: "constructor",
    noDate: "2026-13-45T99:99:99Z",
    farDate: "+275760-09-13T00:00:00.000Z",
    script: "javascript:alert(1)",
    html: "<script>".repeat(20),
    digits: "0123456789",
    manyDirectories: "a/".repeat(3000),
    long: "x".repeat(longChars),
    longSpaces: `x${" ".repeat(longChars)}x`,
    longBackticks: "` ".repeat(longChars / 2),
  };
  const json = {
    null: "null",
    true: "true",
    zero: "0",
    minusOne: "-1",
    fraction: "1.5",
    huge: "1e300",
    infinite: "1e999",
    minusInfinite: "-1e999",
    beyond53: "9007199254740993",
    max53: "9007199254740991",
    beyond64: "18446744073709551616",
    below64: "-9223372036854775809",
    loneSurrogate: '"\\ud800"',
    loneSurrogates: '"a\\udc00\\ud800b"',
    list: "[]",
    listOfNull: "[null]",
    listOfLists: "[[[]]]",
    listOfObjects: "[{}]",
    longList: `[${Array(2000).fill("1").join()}]`,
    object: "{}",
    prototypeKey: '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    lengthKey: '{"length":1e9,"toString":1,"valueOf":1,"toJSON":1}',
    nested3000: nest(3000),
    nested5000: `${"[".repeat(5000)}${"]".repeat(5000)}`,
    nested100000: nest(100_000),
  };
  return [
    ...Object.entries(texts).map(([name, text]) => ({ name, json: JSON.stringify(text) })),
    ...Object.entries(json).map(([name, text]) => ({ name, json: text })),
  ];
}

/** The path of a value from the root. */
export type FieldPath = readonly (string | number)[];

/** Every path in a value, including its own; the entries of a list share one path. */
export function fieldsOf(value: unknown): readonly FieldPath[] {
  const found = new Map<string, FieldPath>();
  const visit = (inner: unknown, path: FieldPath): void => {
    const place = path.map((part) => typeof part === "number" ? "*" : part).join("/");
    if (!found.has(place)) found.set(place, path);
    if (typeof inner !== "object" || inner === null) return;
    const keys = Array.isArray(inner) ? [...inner.keys()] : Object.keys(inner);
    for (const key of keys) visit((inner as Record<string | number, unknown>)[key], [...path, key]);
  };
  visit(value, []);
  return [...found.values()];
}

/** Placeholder that {@linkcode writePoisoned} writes first. */
const MARK = "@@poison@@";

/** Write a value as JSON text with a poison at one path. */
export function writePoisoned(value: unknown, path: FieldPath, poison: Poison): string {
  return JSON.stringify(replaceAt(value, path)).replace(`"${MARK}"`, () => poison.json);
}

function replaceAt(value: unknown, path: FieldPath): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return MARK;
  if (Array.isArray(value)) return value.map((inner, index) => index === key ? replaceAt(inner, rest) : inner);
  const fields = value as Record<string, unknown>;
  return { ...fields, [key]: replaceAt(fields[key], rest) };
}
