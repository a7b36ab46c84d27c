import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { fileURLToPath } from "node:url";
import { program } from "../../cli.ts";
import { checkout } from "../../tasks.ts";
import { KitError } from "../../lib/base/mod.ts";
import { resolveCommand } from "../../lib/cli/mod.ts";
import {
  denoWords,
  findCheckout,
  findInvocation,
  type FormFacts,
  nameDeno,
  programForm,
  requireCheckout,
  requireLocalProgram,
  startedAs,
} from "../../scripts/_frame/program_form.ts";

const FORMS = {
  url: factsOf("http://127.0.0.1:8000/scripts/_frame/program_form.ts"),
  bundle: factsOf("file:///tmp/civitai-dl.js"),
  executable: { ...factsOf("file:///tmp/deno-compile-civitai-dl/civitai-dl.js"), isStandalone: true },
} as const;

/** The facts of a program whose module or bundle is at a URL. */
function factsOf(moduleUrl: string): FormFacts {
  const modulePath = moduleUrl.startsWith("file:") ? fileURLToPath(moduleUrl) : undefined;
  return { isStandalone: false, moduleUrl, modulePath };
}

Deno.test("programForm() distinguishes a checkout, a URL, a bundle and an executable", () => {
  assertEquals(programForm(), "checkout");
  for (const [form, facts] of Object.entries(FORMS)) assertEquals(programForm(facts), form);
});

Deno.test("findCheckout() returns the folder of this checkout, and null for any other form", () => {
  assertEquals(findCheckout(), fileURLToPath(new URL("../../", import.meta.url)));
  for (const facts of Object.values(FORMS)) assertEquals(findCheckout(facts), null);
});

Deno.test("requireCheckout() names the form of the program and what to run instead", () => {
  assertEquals(requireCheckout("gate"), findCheckout());
  const refusal = (form: keyof typeof FORMS) => assertThrows(() => requireCheckout("gate", FORMS[form]), KitError);
  assertEquals(refusal("executable").exitCode, 2);
  assertEquals(
    refusal("executable").message,
    "Cannot run gate: it needs a checkout, and this program is an executable",
  );
  assertStringIncludes(refusal("bundle").message, "this program is a bundle");
  assertStringIncludes(refusal("url").message, "this program came from a URL");
  assertStringIncludes(refusal("bundle").hint ?? "", "deno task gate");
});

Deno.test("requireLocalProgram() refuses only a program from a URL", () => {
  requireLocalProgram("demo");
  requireLocalProgram("demo", FORMS.bundle);
  requireLocalProgram("demo", FORMS.executable);
  const error = assertThrows(() => requireLocalProgram("demo", FORMS.url), KitError);
  assertEquals([error.exitCode, error.message], [
    2,
    "Cannot run demo: it starts this program as a process of its own, and this program came from a URL",
  ]);
});

Deno.test("the program treats no verb of Deno and no task as a creator, unless it is marked as one", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  const verbs = new Set(program.commands.map((command) => command.name));
  const words = [...Object.keys(tasks), "fmt", "lint", "run", "test", "check", "bench", "coverage", "upgrade"];
  for (const word of words.filter((word) => !verbs.has(word))) {
    const error = assertThrows(() => resolveCommand(program, [word, "--check"]), KitError, `"${word}"`);
    assertEquals(error.exitCode, 2);
    assertStringIncludes(error.hint ?? "", `--user ${word}`);
  }
  for (const argv of [["download", "fmt"], ["--user", "fmt"], ["somebody"]]) {
    const request = resolveCommand(program, argv);
    assertEquals("command" in request && request.command.name, "download");
  }
});

/** What starts Deno here: these tests may run under npx. */
const DENO = denoWords();
const NO_VARIABLES = (): undefined => undefined;
const LAUNCHED = (name: string): string | undefined => name === "CIVITAI_DL_COMMAND" ? "npx civitai-dl" : undefined;

Deno.test("startedAs() returns the command that starts the program again", () => {
  assertEquals(startedAs("download"), [...DENO, "task", "download"]);
  assertEquals(startedAs(), [...DENO, "run", "-P=library", "cli.ts"]);
  const start = (moduleUrl: string) =>
    startedAs(undefined, { facts: factsOf(moduleUrl), env: NO_VARIABLES, execPath: "/usr/bin/deno" });
  assertEquals(start("file:///opt/civitai-dl.js"), ["deno", "run", "-ERWSN", "/opt/civitai-dl.js"]);
  const beside = new URL("../../dist/civitai-dl.js", import.meta.url).href;
  assertEquals(start(beside), ["deno", "run", "-ERWSN", "dist/civitai-dl.js"]);
  assertEquals(start("http://127.0.0.1:8000/scripts/_frame/program_form.ts"), [
    "deno",
    "run",
    "-ERWSN",
    "http://127.0.0.1:8000/cli.ts",
  ]);
  const registry = "https://jsr.io/@civitai-dl/civitai-dl/1.0.0/scripts/_frame/program_form.ts";
  assertEquals(start(registry), ["deno", "run", "-ERWSN", "jsr:@civitai-dl/civitai-dl@1.0.0/cli"]);
});

Deno.test("startedAs() names npx where a bundle was started through it", () => {
  const start = (moduleUrl: string) =>
    startedAs(undefined, {
      facts: factsOf(moduleUrl),
      env: NO_VARIABLES,
      execPath: "/home/u/.npm/_npx/0a/node_modules/@deno/linux-x64-glibc/deno",
    });
  const deno = ["npx", "-y", `deno@${Deno.version.deno}`];
  assertEquals(start("file:///opt/civitai-dl.js"), [...deno, "run", "-ERWSN", "/opt/civitai-dl.js"]);
  for (const folder of ["/home/u/.npm/_npx/1b", "/home/u/project"]) {
    assertEquals(start(`file://${folder}/node_modules/civitai-dl/civitai-dl.js`), ["npx", "civitai-dl"]);
  }
});

Deno.test("startedAs() and findInvocation() return what a launcher says, whatever the form", () => {
  for (const facts of [undefined, ...Object.values(FORMS)]) {
    const options = { ...facts === undefined ? {} : { facts }, env: LAUNCHED };
    assertEquals(startedAs(undefined, options), ["npx", "civitai-dl"]);
    assertEquals(startedAs("list", options), ["npx", "civitai-dl", "list"]);
    const { beforeCommand, beforeFlag, program: start } = findInvocation(options);
    assertEquals([beforeCommand, beforeFlag, start], ["npx civitai-dl", "npx civitai-dl", "npx civitai-dl"]);
  }
});

Deno.test("findInvocation() names tasks in a checkout, and elsewhere one start for all but the tasks of a checkout", () => {
  const inCheckout = findInvocation();
  assertEquals(
    [inCheckout.beforeCommand, inCheckout.beforeFlag, inCheckout.program],
    ["task", "task download", "run -P=library cli.ts"].map((words) => `${DENO.join(" ")} ${words}`),
  );
  const { beforeCommand, beforeFlag, program: start, beforeTask } = findInvocation({
    facts: FORMS.bundle,
    env: NO_VARIABLES,
    execPath: "/usr/bin/deno",
  });
  assertEquals([beforeCommand, beforeFlag], [start, start]);
  assertEquals(start, "deno run -ERWSN /tmp/civitai-dl.js");
  assertEquals([inCheckout.beforeTask, beforeTask], [`${DENO.join(" ")} task`, "deno task"]);
});

Deno.test("findInvocation() knows every command that help lists, and every task of a checkout", () => {
  const { commands, tasks } = findInvocation();
  assertEquals(program.commands.map(({ name }) => name).toSorted(), commands.toSorted());
  const others = checkout.commands.filter(({ name }) => !commands.includes(name));
  for (const { name } of others) assert(tasks.includes(name), name);
});

Deno.test("nameDeno() names npx to a reader who has only Node, and changes no path, no other word and no call of npx", () => {
  const npx = ["npx", "-y", "deno@2.9.6"];
  const text = "to reproduce: deno task checks --fix\ndeno lint\n(deno run -P=gate x.ts)";
  assertEquals(nameDeno(text, ["deno"]), text);
  assertEquals(
    nameDeno(text, npx),
    "to reproduce: npx -y deno@2.9.6 task checks --fix\nnpx -y deno@2.9.6 lint\n(npx -y deno@2.9.6 run -P=gate x.ts)",
  );
  for (const kept of ["npx -y deno@2.9.6 task ok", "Install deno", "/usr/bin/deno run x", "deno.json", "deno tasks"]) {
    assertEquals(nameDeno(kept, npx), kept);
  }
});
