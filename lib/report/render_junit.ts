import { escapeHtml } from "./_escape_html.ts";

/** One test case of a JUnit report. */
export interface JunitCase {
  /** Its name. */
  readonly name: string;
  /** What it belongs to. */
  readonly group: string;
  /** How long it took. */
  readonly seconds: number;
  /** How it ended: `error` is for what could not be judged. */
  readonly outcome: "pass" | "failure" | "error" | "skipped";
  /** One line about it; for a pass it is left out. */
  readonly message: string;
  /** All that is to be said; may have many lines. */
  readonly details?: string | undefined;
}

/** A JUnit report. */
export interface JunitSuite {
  /** Its name. */
  readonly name: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** In the order of the report. */
  readonly cases: readonly JunitCase[];
}

/**
 * Write a JUnit report, as CI systems read it.
 *
 * @param suite The cases
 * @returns XML
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
    skipped: count("skipped"),
    time: seconds.toFixed(3),
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${totals}>`,
    `  <testsuite${totals}${attributes({ timestamp: at })}>`,
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
