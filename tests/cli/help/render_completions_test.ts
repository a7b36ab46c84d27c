import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderCompletions, type Shell } from "../../../lib/cli/mod.ts";
import { sampleProgram } from "../sample_program.ts";

/** Run a script in a shell; `undefined` if the shell is not installed. */
async function runShell(shell: string, args: readonly string[], cwd?: string): Promise<string | undefined> {
  try {
    const command = new Deno.Command(shell, { args: [...args], ...(cwd === undefined ? {} : { cwd }) });
    const { success, stdout, stderr } = await command.output();
    const said = new TextDecoder().decode(stderr);
    assertEquals([success, said], [true, ""]);
    return new TextDecoder().decode(stdout);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The completions that bash offers for the last word. */
async function complete(words: readonly string[], cwd?: string): Promise<string[]> {
  const quoted = ["sample", ...words].map((word) => `'${word}'`).join(" ");
  const script = `${renderCompletions(sampleProgram, "bash")}
COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _sample
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const text = await runShell("bash", ["-c", script], cwd);
  assert(text !== undefined, "bash is needed for this test");
  return text.trim().split("\n").filter((line) => line !== "");
}

for (const shell of ["bash", "zsh", "fish"] satisfies Shell[]) {
  Deno.test(`renderCompletions() writes a script that ${shell} parses`, async (t) => {
    const file = await Deno.makeTempFile();
    try {
      await Deno.writeTextFile(file, renderCompletions(sampleProgram, shell));
      const parsed = await runShell(shell, ["-n", file]);
      // A missing shell is reported as skipped.
      if (parsed === undefined) await t.step({ name: `${shell} is not installed`, ignore: true, fn: () => {} });
    } finally {
      await Deno.remove(file);
    }
  });
}

Deno.test("renderCompletions() offers verbs in bash", async () => {
  assertEquals(await complete([""]), ["fetch", "verify", "branch"]);
  assertEquals(await complete(["--json", "ve"]), ["verify"]);
});

Deno.test("renderCompletions() offers a verb's visible flags in bash", async () => {
  assertEquals(await complete(["fetch", "--re"]), []);
  assertEquals(await complete(["fetch", "--no-"]), ["--no-resume", "--no-color"]);
  assertEquals(await complete(["fetch", "--se"]), []);
  assertEquals(await complete(["verify", "--v"]), ["--verbose"]);
});

Deno.test("renderCompletions() offers the flags of the default command in bash before and after a target", async () => {
  assertEquals(await complete(["--lim"]), ["--limit"]);
  assertEquals(await complete(["12345", "--lim"]), ["--limit"]);
});

Deno.test("renderCompletions() offers choices in bash, after a space and after an equals sign", async () => {
  assertEquals(await complete(["fetch", "--kind", ""]), ["model", "image"]);
  assertEquals(await complete(["fetch", "--kind", "=", "im"]), ["image"]);
  assertEquals(await complete(["fetch", "--kind", "="]), ["model", "image"]);
  assertEquals(await complete(["branch", "st"]), ["start"]);
});

Deno.test("renderCompletions() offers nothing in bash for free text", async () => {
  assertEquals(await complete(["fetch", "--user", ""]), []);
  assertEquals(await complete(["verify", ""]), []);
});

Deno.test("renderCompletions() offers files in bash for a path", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/my file.yml`, "");
    assertEquals(await complete(["--config", "m"], folder), ["my file.yml"]);
    assertEquals(await complete(["fetch", "-o", "my"], folder), ["my file.yml"]);
    assertEquals(await complete(["--config", "my file.yml", "ver"], folder), ["verify"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("renderCompletions() writes flags, choices and files for zsh", () => {
  const script = renderCompletions(sampleProgram, "zsh");
  assertStringIncludes(script, "#compdef sample");
  assertStringIncludes(script, "'--kind=[What kind]:CHOICE:(model image)'");
  assertStringIncludes(script, "'--out=[Where to]:PATH:_files'");
  assertStringIncludes(script, `'branch:Handle the branches: it'\\''s "safe"'`);
  assertStringIncludes(script, "verb=fetch");
});

Deno.test("renderCompletions() writes flags, choices and files for fish", () => {
  const script = renderCompletions(sampleProgram, "fish");
  assertStringIncludes(script, "-l kind -x -a 'model image' -d 'What kind'");
  assertStringIncludes(script, "-l out -s o -r -F -d 'Where to'");
  assertStringIncludes(script, "-d 'Check every file\\'s hash'");
});

Deno.test("renderCompletions() works without a default command and with a name that is no identifier", async () => {
  const { defaultCommand: _, ...rest } = sampleProgram;
  const program = { ...rest, name: "my-sample", flags: [] };
  for (const shell of ["bash", "zsh", "fish"] satisfies Shell[]) {
    assertStringIncludes(renderCompletions(program, shell), "_my_sample");
  }
  await runShell("bash", ["-c", renderCompletions(program, "bash")]);
});
