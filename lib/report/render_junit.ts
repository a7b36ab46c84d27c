import { escapeHtml } from "./_escape_html.ts";

/** One test case of a JUnit report. */
export interface JunitCase {
  /** Name of the test case. */
  readonly name: string;
  /** Group of the test case; becomes `classname`. */
  readonly group: string;
  /** Duration of the test case. */
  readonly seconds: number;
  /** Result of the test case; `error` means that it could not be judged. */
  readonly outcome: "pass" | "failure" | "error" | "skipped";
  /** One line about the result; not written for a pass. */
  readonly message: string;
  /** Full description of a failure or error; may have many lines. */
  readonly details?: string | undefined;
}

/** A suite of test cases, the content of a JUnit report. */
export interface JunitSuite {
  /** Name of the suite. */
  readonly name: string;
  /** Time of the report, ISO 8601 UTC. */
  readonly at: string;
  /** Test cases, in the order of the output. */
  readonly cases: readonly JunitCase[];
}

/**
 * Render a JUnit report for CI systems.
 *
 * @param suite The test cases
 * @returns XML that ends with a line break
 */
export function renderJunit(suite: JunitSuite): string {
  const { name, at, cases } = suite;
  const count = (outcome: JunitCase["outcome"]) => cases.filter((one) => one.outcome === outcome).length;
  const seconds = cases.reduce((sum, one) => sum + one.seconds, 0);
  const totals = attributes({
    name,
    tests: cases.length,
    failures: count("failure"),
    errors: count("error"),
    time: seconds.toFixed(3),
  });
  // The schema of Jenkins has no such count for all suites together.
  const ofSuite = attributes({ skipped: count("skipped"), timestamp: at });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${totals}>`,
    `  <testsuite${totals}${ofSuite}>`,
    ...cases.map(renderCase),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function renderCase(one: JunitCase): string {
  const { name, group, seconds, outcome, message, details = "" } = one;
  const open = `    <testcase${attributes({ name, classname: group, time: seconds.toFixed(3) })}`;
  switch (outcome) {
    case "pass":
      return `${open}/>`;
    case "skipped":
      return `${open}><skipped${attributes({ message })}/></testcase>`;
    case "failure":
    case "error":
      return `${open}><${outcome}${attributes({ message })}>${escapeHtml(details)}</${outcome}></testcase>`;
  }
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values).map(([key, value]) =>
    ` ${key}="${escapeHtml(String(value)).replaceAll("\n", "&#10;")}"`
  ).join("");
}
