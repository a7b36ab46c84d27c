import { assert, assertEquals } from "@std/assert";
import { walk } from "@std/fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** An example in a docstring. */
interface Example {
  /** Path of its file and number of its first line, such as `lib/base/clock.ts:12`. */
  readonly name: string;
  /** Its lines as a module that may be anywhere. */
  readonly text: string;
}

/** A line ` * ```ts` of a docstring, the example, and the line that ends it. Examples marked `ignore` do not match. */
const EXAMPLE = /^ *\* ```ts\n([^]*?)^ *\* ```$/gm;

async function listExamples(): Promise<readonly Example[]> {
  const paths = [join(ROOT, "mod.ts")];
  for await (const { path } of walk(join(ROOT, "lib"), { exts: [".ts"] })) paths.push(path);
  const examples: Example[] = [];
  for (const path of paths) {
    const source = await Deno.readTextFile(path);
    for (const match of source.matchAll(EXAMPLE)) {
      const line = source.slice(0, match.index).split("\n").length + 1;
      const text = match[1]!.replace(/^ *\* ?/gm, "")
        .replace(
          /(\bfrom |\bimport\()"(\.[^"]*)"/g,
          (_, before, specifier) => `${before}${JSON.stringify(new URL(specifier, pathToFileURL(path)).href)}`,
        );
      examples.push({ name: `${path.slice(ROOT.length)}:${line}`, text });
    }
  }
  return examples;
}

Deno.test("the examples of the docstrings run, and their assertions hold", () =>
  inTempDir(async (folder) => {
    // `deno test --doc` runs each in a worker that loads the room anew, which takes ten times as long as one worker.
    const examples = await listExamples();
    const temporary = join(folder, "temporary");
    await Deno.mkdir(temporary);
    assert(examples.length > 250, `${examples.length} examples`);
    const tests = await Promise.all(examples.map(async ({ name, text }, index) => {
      await Deno.writeTextFile(join(folder, `${index}.ts`), text);
      return `Deno.test(${JSON.stringify(name)}, async () => void await import("./${index}.ts"));\n`;
    }));
    await Deno.writeTextFile(join(folder, "examples_test.ts"), tests.join(""));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "-q", "-P", "--no-check", "--config", join(ROOT, "deno.json"), join(folder, "examples_test.ts")],
      cwd: ROOT,
      // An example shows a call, and not how to remove the folder that it needs.
      env: { NO_COLOR: "1", TMPDIR: temporary },
    }).output();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assertEquals(code, 0, text.slice(text.indexOf(" ERRORS ")));
    assert(text.includes(`${examples.length} passed`), text.slice(-200));
  }));

Deno.test("the examples of the docstrings have the right types", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "-q", "--doc", "lib", "mod.ts"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
});
