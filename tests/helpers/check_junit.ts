/**
 * The attributes and children that the schema of Jenkins (jenkins-junit.xsd) permits for each element, and which
 * attributes it requires.
 */
const ELEMENTS: Readonly<Record<string, Element>> = {
  testsuites: { allowed: ["name", "time", "tests", "failures", "disabled", "errors"], required: [], in: [""] },
  testsuite: {
    allowed: [
      ...["name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp", "hostname", "id", "package"],
      ...["file", "log", "url", "version"],
    ],
    required: ["name", "tests"],
    in: ["testsuites", ""],
  },
  testcase: {
    allowed: ["name", "assertions", "time", "classname", "status", "class", "file", "line"],
    required: ["name", "classname"],
    in: ["testsuite"],
  },
  failure: { allowed: ["type", "message"], required: [], in: ["testcase"] },
  error: { allowed: ["type", "message"], required: [], in: ["testcase"] },
  skipped: { allowed: ["type", "message"], required: [], in: ["testcase"] },
};

interface Element {
  readonly allowed: readonly string[];
  readonly required: readonly string[];
  /** The elements that it may be in; empty for the root. */
  readonly in: readonly string[];
}

/**
 * Check the structure of a JUnit report: elements, their places and attributes, and that the counts are those of the
 * cases.
 *
 * @throws {Error} With the first violation
 */
export function checkJunit(xml: string): void {
  const open: string[] = [];
  const seen = { testcase: 0, failure: 0, error: 0, skipped: 0 };
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, "");
  if (body === xml) throw new Error("the declaration of XML is missing");
  let suite: ReadonlyMap<string, string> = new Map();
  for (const [, end, name, text, isEmpty] of body.matchAll(/<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>/g)) {
    if (end === "/") {
      if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
      continue;
    }
    const element = Object.hasOwn(ELEMENTS, name!) ? ELEMENTS[name!]! : null;
    const parent = open.at(-1) ?? "";
    if (element === null || !element.in.includes(parent)) throw new Error(`<${name}> may not be in "${parent}"`);
    const attributes = new Map([...text!.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, value!]));
    const bad = [...attributes.keys()].find((key) => !element.allowed.includes(key));
    if (bad !== undefined) throw new Error(`<${name}> has no attribute "${bad}"`);
    const missing = element.required.find((key) => !attributes.has(key));
    if (missing !== undefined) throw new Error(`<${name}> needs "${missing}"`);
    if (name === "testsuite") suite = attributes;
    if (Object.hasOwn(seen, name!)) seen[name as keyof typeof seen]++;
    if (isEmpty === "") open.push(name!);
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)}> is not closed`);
  const counted = [["tests", seen.testcase], ["failures", seen.failure], ["errors", seen.error], [
    "skipped",
    seen.skipped,
  ]];
  for (const [key, count] of counted) {
    if (Number(suite.get(String(key))) !== count) throw new Error(`${key} is ${suite.get(String(key))}, not ${count}`);
  }
}
