import { type Env, KitError, systemEnv } from "../../lib/base/mod.ts";
import { type Invocation, renderCommandLine } from "../../lib/cli/mod.ts";
import { CHECKOUT_TASK_NAMES, PROGRAM_NAMES } from "./command_index.ts";

/**
 * How this program was started: from a checkout, from a URL, as a bundle (one JavaScript file), or as an executable.
 */
type ProgramForm = "checkout" | "url" | "bundle" | "executable";

/** Facts from which {@linkcode programForm} determines the form. */
export interface FormFacts {
  /** Whether `deno compile` created the program. */
  readonly isStandalone: boolean;
  /** URL of this module; in a bundle it is the URL of the bundle. */
  readonly moduleUrl: string;
  /** Path of this module, or of the bundle; `undefined` for a program from a URL. */
  readonly modulePath: string | undefined;
}

const HERE = "scripts/_frame/program_form.ts";
const OWN_FACTS: FormFacts = {
  isStandalone: Deno.build.standalone,
  moduleUrl: import.meta.url,
  modulePath: import.meta.filename,
};
/** Paths are put together here by hand: with node:path and node:url, help takes a sixth longer. */
const SEPARATOR = Deno.build.os === "windows" ? "\\" : "/";
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

/** The folder of the checkout that this program was started from, with a separator at its end; `null` for any other form. */
export function findCheckout(facts: FormFacts = OWN_FACTS): string | null {
  return programForm(facts) === "checkout" ? facts.modulePath!.slice(0, -HERE.length) : null;
}

/**
 * Refuse a command that needs the project's files or `deno` itself, unless the program runs from a checkout.
 *
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

/** The variable in which a launcher says what the reader types to start it; see docs/packaging.md. */
const LAUNCHER_VARIABLE = "CIVITAI_DL_COMMAND";
/** The permissions that a bundle and a program from a URL need; see docs/packaging.md. */
const RUN = ["run", "-ERWSN"];

/** Options of {@linkcode startedAs} and {@linkcode findInvocation}, which tests replace. */
export interface ProgramFormOptions {
  /** @default {those of this process} */
  readonly facts?: FormFacts;
  /** @default {systemEnv} */
  readonly env?: Env;
  /** Path of the runtime. @default {that of this process} */
  readonly execPath?: string;
}

/**
 * Return the words that start this program, for hints. A program cannot read the flags of its launcher, so the flags
 * are those in the documentation.
 *
 * @param verb Name of the command, if its script was started directly, as tasks do
 */
export function startedAs(verb?: string, options: ProgramFormOptions = {}): readonly string[] {
  if (verb === undefined) return programStart(options);
  return [...findTaskWords(options) ?? programStart(options), verb];
}

/**
 * Describe how the reader starts this program, so that every text can name commands that exist where it is read.
 *
 * @returns What replaces `civitai-dl` in texts
 */
export function findInvocation(options: ProgramFormOptions = {}): Invocation {
  const program = renderCommandLine(programStart(options));
  const words = findTaskWords(options);
  const task = words === null ? null : renderCommandLine(words);
  return {
    name: "civitai-dl",
    commands: PROGRAM_NAMES,
    beforeCommand: task ?? program,
    beforeFlag: task === null ? program : `${task} download`,
    program,
    tasks: CHECKOUT_TASK_NAMES,
    beforeTask: task ?? "deno task",
  };
}

/** What starts the whole program, before a command. */
function programStart(options: ProgramFormOptions): readonly string[] {
  const { facts = OWN_FACTS, env = systemEnv, execPath = Deno.execPath() } = options;
  const launcher = env(LAUNCHER_VARIABLE);
  if (launcher !== undefined) return launcher.split(" ");
  switch (programForm(facts)) {
    case "checkout":
      return [...denoWords(), "run", "-P=library", shortPath(`${findCheckout(facts)}cli.ts`)];
    case "executable":
      return [Deno.execPath().split(SEPARATOR).at(-1)!.replace(/\.exe$/i, "")];
    case "url":
      return [...denoWords(execPath), ...RUN, registryName(new URL("../../cli.ts", facts.moduleUrl).href)];
    case "bundle":
      // Whoever starts the bundle of npm's package without its launcher has npx.
      if (/\/node_modules\/civitai-dl\//.test(facts.moduleUrl)) return ["npx", "civitai-dl"];
      return [...denoWords(execPath), ...RUN, shortPath(facts.modulePath ?? facts.moduleUrl)];
  }
}

/**
 * The words before the name of a task; `null` if the reader starts the program in another way than by its tasks.
 * Outside of the checkout, Deno has to be told where it is.
 */
function findTaskWords({ facts = OWN_FACTS, env = systemEnv }: ProgramFormOptions): readonly string[] | null {
  const root = findCheckout(facts);
  if (root === null || env(LAUNCHER_VARIABLE) !== undefined) return null;
  const isInside = workingFolder().startsWith(root);
  return [...denoWords(), "task", ...isInside ? [] : ["--config", `${root}deno.json`]];
}

/** What starts Deno: a reader who has only Node gets it from npx. */
export function denoWords(execPath = Deno.execPath()): readonly string[] {
  const isFromNpx = /[\\/]_npx[\\/]/.test(execPath);
  return isFromNpx ? ["npx", "-y", `deno@${Deno.version.deno}`] : ["deno"];
}

/**
 * Rewrite the calls of Deno in a text for a reader who has only Node: `deno task ok` becomes
 * `npx -y deno@2.9.6 task ok`. Such a reader cannot type what the files of the project say, such as `command:` of a
 * condition of the gate.
 *
 * @returns The text with other calls
 */
export function nameDeno(text: string, words: readonly string[] = denoWords()): string {
  return words.length === 1 ? text : text.replaceAll(DENO_CALL, words.join(" "));
}

/** Deno where it stands alone, at most painted, before one of its subcommands. */
const DENO_CALL = new RegExp(
  String.raw`(?<=^|\x1b\[\d+m|[^\w./\\@~-])deno(?= (?:bench|check|doc|fmt|install|lint|run|task|test)\b)`,
  "gm",
);

/** Shorten the address of a package of a registry: https://jsr.io/@scope/name/1.0.0/cli.ts is jsr:@scope/name@1.0.0/cli. */
function registryName(url: string): string {
  return url.replace(/^https?:\/\/[^/]+\/(@[^/]+\/[^/]+)\/(\d[^/]*)\/cli\.ts$/, "jsr:$1@$2/cli");
}

/** Make a path relative if it is inside the working directory. */
function shortPath(path: string): string {
  const folder = workingFolder();
  return path.startsWith(folder) ? path.slice(folder.length) : path;
}

/** The working directory, with a separator at its end. */
function workingFolder(): string {
  const folder = Deno.cwd();
  return folder.endsWith(SEPARATOR) ? folder : `${folder}${SEPARATOR}`;
}
