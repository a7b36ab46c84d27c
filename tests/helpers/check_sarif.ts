import { assertEquals, assertMatch } from "@std/assert";

type Json = Readonly<Record<string, unknown>>;

/** Check the part of SARIF 2.1.0 that readers rely on: required fields, types and allowed values. */
export function checkSarif(text: string): readonly Json[] {
  const document: Json = JSON.parse(text);
  assertEquals(document.version, "2.1.0");
  assertMatch(String(document.$schema), /sarif-schema-2\.1\.0\.json$/);
  onlyKeys(document, ["$schema", "version", "runs"]);
  const [run] = document.runs as readonly Json[];
  onlyKeys(run!, ["tool", "invocations", "columnKind", "results"]);
  const driver = (run!.tool as Json).driver as Json;
  onlyKeys(driver, ["name", "version", "semanticVersion", "rules"]);
  assertEquals(typeof driver.name, "string");
  const rules = driver.rules as readonly Json[];
  assertEquals(new Set(rules.map((rule) => rule.id)).size, rules.length);
  for (const rule of rules) onlyKeys(rule, ["id", "shortDescription", "help", "defaultConfiguration"]);
  for (const invocation of run!.invocations as readonly Json[]) {
    assertEquals(typeof invocation.executionSuccessful, "boolean");
  }
  const results = run!.results as readonly Json[];
  for (const result of results) checkResult(result, rules);
  return results;
}

function checkResult(result: Json, rules: readonly Json[]): void {
  onlyKeys(result, ["ruleId", "ruleIndex", "kind", "level", "message", "locations", "properties"]);
  assertEquals(["pass", "open", "fail"].includes(String(result.kind)), true);
  assertEquals(["none", "warning", "error"].includes(String(result.level)), true);
  // Any kind other than "fail" has no level.
  assertEquals(result.kind === "fail", result.level !== "none");
  assertEquals(rules[Number(result.ruleIndex)]!.id, result.ruleId);
  assertEquals(typeof (result.message as Json).text, "string");
  for (const location of result.locations as readonly Json[]) {
    const { artifactLocation, region } = location.physicalLocation as { artifactLocation: Json; region?: Json };
    assertMatch(String(artifactLocation.uri), /^[^\s\\/][^\s\\]*$/);
    for (const key of ["startLine", "startColumn"]) {
      const value = region?.[key];
      if (value !== undefined) assertEquals(Number.isInteger(value) && Number(value) >= 1, true);
    }
  }
}

function onlyKeys(value: Json, known: readonly string[]): void {
  assertEquals(Object.keys(value).filter((key) => !known.includes(key)), []);
}
