import { dirname, resolve } from "node:path";
import { KitError, sealEvidence, writeAtomic } from "../lib/base/mod.ts";
import { defineCommand, withExit } from "../lib/cli/mod.ts";
import {
  type EnvironmentClaim,
  type EnvironmentFile,
  joinEnvironments,
  SYSTEMS,
  testEnvironment,
} from "../checks/mod.ts";
import { requireCheckout } from "./_frame/program_form.ts";
import { runScript } from "./_frame/run_script.ts";

interface EnvironmentsResult {
  readonly report: string;
  readonly claims: readonly EnvironmentClaim[];
  /** Systems without a report; empty for the report of one system. */
  readonly missing: readonly string[];
}

/** The `environments` task: evidence that the program works on every system. */
export const command = defineCommand({
  name: "environments",
  summary: "Prove that the program works on Linux, macOS and Windows: test here, then join the reports",
  description: [
    "test runs the self-test and all tests on this system, and writes a sealed report. join makes one report of those of " +
    "several systems, which gate --phase 4 reads. The matrix of ci.yml does both.",
    "Reports are joined only if they are of the same commit, without uncommitted changes.",
  ].join("\n\n"),
  args: [
    { name: "ACTION", summary: "test or join", choices: ["test", "join"], required: true },
    { name: "FILE", summary: "With join: the report of each system", multiple: true, path: true },
  ],
  flags: [
    {
      name: "tests",
      type: "string",
      summary: "With test: only these files and folders, for a trial; the gate does not accept the report",
      placeholder: "PATH",
      multiple: true,
    },
    {
      name: "output",
      type: "path",
      summary: "The report; reports/environment-SYSTEM.json or reports/environments.json by default",
      placeholder: "FILE",
    },
  ],
  examples: [
    { command: "deno task environments test", summary: "On each system" },
    { command: "deno task environments join reports/environment-*.json", summary: "On one of them" },
    { command: "deno task gate --phase 4 --only environments", summary: "What the gate says of it" },
  ],
  exits: { 1: "It does not work on a system", 3: "join: a system has no report" },
  async run({ args: [action, ...files], flags, display, signal }) {
    const root = requireCheckout("environments");
    const isTest = action === "test";
    if (isTest && files.length > 0) {
      throw new KitError("usage", `Cannot understand "${files[0]}" after test`, {
        hint: "Name tests with --tests PATH",
      });
    }
    const parts = await Promise.all(files.map(readReport));
    const output = flags.output === undefined ? undefined : resolve(flags.output);
    // The tests and the commit are those of the checkout.
    Deno.chdir(root);
    const report = isTest
      ? await testEnvironment({ tests: flags.tests, signal, onClaim: (claim) => display.log(lineOf(claim)) })
      : joinEnvironments(parts);
    const name = "system" in report ? `environment-${report.system}` : "environments";
    const path = output ?? resolve("reports", `${name}.json`);
    await Deno.mkdir(dirname(path), { recursive: true });
    await writeAtomic(path, `${JSON.stringify(sealEvidence(report), null, 2)}\n`);
    const { claims } = report;
    const missing = isTest ? [] : Object.values(SYSTEMS).filter((system) => !claims.some(({ id }) => id === system));
    const isFailed = claims.some(({ verdict }) => verdict === "fail");
    const result: EnvironmentsResult = { report: path, claims, missing };
    return withExit(result, isFailed ? 1 : missing.length > 0 ? 3 : 0);
  },
  render: ({ report, claims, missing }: EnvironmentsResult) =>
    [
      ...claims.map(lineOf),
      ...missing.map((system) => `missing  ${system}: no report was given`),
      `The sealed report is ${report}`,
    ].map((line) => `${line}\n`).join(""),
});

function lineOf({ id, verdict, note }: EnvironmentClaim): string {
  return `${verdict.padEnd(7)}  ${id}: ${note}`;
}

async function readReport(name: string): Promise<EnvironmentFile> {
  try {
    return { name, text: await Deno.readTextFile(name) };
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new KitError("usage", `Cannot read "${name}": there is no such file`, { cause });
  }
}

if (import.meta.main) await runScript(command);
