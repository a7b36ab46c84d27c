import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { KitError } from "../../lib/base/mod.ts";

/**
 * How this program was started: from a checkout, from a URL, as a bundle (one JavaScript file), or as an executable.
 */
export type ProgramForm = "checkout" | "url" | "bundle" | "executable";

/** Facts from which {@linkcode programForm} determines the form. */
export interface FormFacts {
  /** Whether `deno compile` created the program. */
  readonly isStandalone: boolean;
  /** URL of this module; in a bundle it is the URL of the bundle. */
  readonly moduleUrl: string;
}

const HERE = "scripts/_frame/program_form.ts";
const OWN_FACTS: FormFacts = { isStandalone: Deno.build.standalone, moduleUrl: import.meta.url };
const FORM_WORDS: Readonly<Record<ProgramForm, string>> = {
  checkout: "this is one",
  url: "this program came from a URL",
  bundle: "this program is a bundle",
  executable: "this program is an executable",
};

/** Determine how the program was started. */
export function programForm({ isStandalone, moduleUrl }: FormFacts = OWN_FACTS): ProgramForm {
  if (isStandalone) return "executable";
  if (!moduleUrl.endsWith(`/${HERE}`)) return "bundle";
  return moduleUrl.startsWith("file:") ? "checkout" : "url";
}

/** The folder of the checkout that this program was started from; `null` for any other form. */
export function findCheckout(facts: FormFacts = OWN_FACTS): string | null {
  return programForm(facts) === "checkout" ? fileURLToPath(new URL("../..", facts.moduleUrl)) : null;
}

/**
 * Refuse a command that needs the project's files or `deno` itself, unless the program runs from a checkout.
 *
 * @param verb Name of the command
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
 * Refuse a command that starts this program again, if the program came from a URL: the new process would not have the
 * import map.
 *
 * @param verb Name of the command
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

/** Permissions that a bundle and a program from a URL need; see docs/packaging.md. */
const ALLOW = ["--allow-read", "--allow-write", "--allow-env", "--allow-sys", "--allow-net"];

/**
 * Return the words that start this program, for hints. A program cannot read the flags of its launcher, so the flags
 * are those in the documentation.
 *
 * @param verb Name of the command, if its script was started directly, as tasks do
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

/** Make a path relative if it is inside the working directory. */
function shortPath(place: string): string {
  if (/^https?:/.test(place)) return place;
  const path = place.startsWith("file:") ? fileURLToPath(place) : place;
  const near = relative(Deno.cwd(), path);
  return near.startsWith("..") ? path : near;
}
