import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { KitError } from "../lib/base/mod.ts";

/** What this program was started as: source files of a checkout or at a URL, one JavaScript file, one executable. */
export type ProgramForm = "checkout" | "url" | "bundle" | "executable";

/** What tells the forms apart. */
export interface FormFacts {
  /** Whether `deno compile` made it. */
  readonly isStandalone: boolean;
  /** Where the file stands that asks; a bundle is one file of another name. */
  readonly moduleUrl: string;
}

const HERE = "scripts/_program_form.ts";
const OWN_FACTS: FormFacts = { isStandalone: Deno.build.standalone, moduleUrl: import.meta.url };
const FORM_WORDS: Readonly<Record<ProgramForm, string>> = {
  checkout: "this is one",
  url: "this program came from a URL",
  bundle: "this program is a bundle",
  executable: "this program is an executable",
};

/** Decide what the program was started as. */
export function programForm({ isStandalone, moduleUrl }: FormFacts = OWN_FACTS): ProgramForm {
  if (isStandalone) return "executable";
  if (!moduleUrl.endsWith(`/${HERE}`)) return "bundle";
  return moduleUrl.startsWith("file:") ? "checkout" : "url";
}

/** The folder of the checkout that this program was started from; `null` for any other form. */
export function findCheckout(facts: FormFacts = OWN_FACTS): string | null {
  return programForm(facts) === "checkout" ? fileURLToPath(new URL("..", facts.moduleUrl)) : null;
}

/**
 * Refuse what works on the project's own files, or starts `deno` itself, where there is neither.
 *
 * @param verb The command
 * @returns The checkout's folder
 * @throws {KitError} `usage` for any other form
 */
export function requireCheckout(verb: string, facts: FormFacts = OWN_FACTS): string {
  const root = findCheckout(facts);
  if (root !== null) return root;
  throw new KitError("usage", `Cannot run ${verb}: it needs a checkout, and ${FORM_WORDS[programForm(facts)]}`, {
    hint: `Clone the project, and run there: deno task ${verb}`,
  });
}

/**
 * Refuse what starts this program a second time, where that cannot be done: a process that runs modules from a URL does
 * not know the import map that it was given for them.
 *
 * @param verb The command
 * @throws {KitError} `usage` for a program from a URL
 */
export function requireLocalProgram(verb: string, facts: FormFacts = OWN_FACTS): void {
  if (programForm(facts) !== "url") return;
  throw new KitError(
    "usage",
    `Cannot run ${verb}: it starts this program as a process of its own, and ${FORM_WORDS.url}`,
    { hint: `Run it in a checkout (deno task ${verb}), from a bundle or as an executable` },
  );
}

/** What a bundle and a program from a URL need, see docs/packaging.md. */
const ALLOW = ["--allow-read", "--allow-write", "--allow-env", "--allow-sys", "--allow-net"];

/**
 * The words with which the user started this program, for hints to start it again. What the launcher was told cannot be
 * seen from inside, so it is what the documents say.
 *
 * @param verb The command, if its script is run by itself, as tasks do
 * @returns Everything before the arguments
 */
export function startedAs(verb?: string): readonly string[] {
  const form = programForm();
  if (form === "executable") return [basename(Deno.execPath())];
  if (form !== "checkout") return ["deno", "run", "-q", ...ALLOW, shortPath(Deno.mainModule)];
  const root = findCheckout()!;
  if (verb === undefined) return ["deno", "run", "-q", "-P=library", shortPath(join(root, "cli.ts"))];
  const isInside = !relative(root, Deno.cwd()).startsWith("..");
  return ["deno", "task", ...isInside ? [] : ["--config", join(root, "deno.json")], verb];
}

/** From the working folder if it is in there. */
function shortPath(place: string): string {
  if (/^https?:/.test(place)) return place;
  const path = place.startsWith("file:") ? fileURLToPath(place) : place;
  const near = relative(Deno.cwd(), path);
  return near.startsWith("..") ? path : near;
}
