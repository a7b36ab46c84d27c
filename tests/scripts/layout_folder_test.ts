import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { startSandbox } from "../../lib/sandbox/mod.ts";
import { PLAIN } from "../helpers/library/download_bench.ts";
import { runProgram } from "../helpers/run_program.ts";
import type { ProgramRun } from "../helpers/start_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

interface Place {
  readonly folder: string;
  /** Download all models of the sandbox. */
  readonly run: (...words: readonly string[]) => Promise<ProgramRun>;
}

function atPlace(story: (place: Place) => Promise<void>): Promise<void> {
  return inTempDir(async (root) => {
    const folder = await Deno.realPath(root);
    await using sandbox = await startSandbox(PLAIN);
    const flags = ["--no-images", "--reserve", "0", "--base-url", sandbox.apiOrigin, "--logs", "logs"];
    const targets = [...sandbox.catalog.models()].map(({ id }) => `model:${id}`);
    const options = {
      folder,
      origins: [sandbox.apiOrigin, sandbox.storageOrigin],
      env: { XDG_CONFIG_HOME: folder, CIVITAI_API_KEY: sandbox.token },
    };
    const run = (...words: readonly string[]) => runProgram(["download", ...targets, ...flags, ...words], options);
    await story({ folder, run });
  });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}

for (
  const [output, folders, layout] of [
    ["ComfyUI/models", ["checkpoints", "loras"], "comfyui"],
    ["ComfyUI/models/loras", [], "comfyui"],
    ["webui/models", ["Stable-diffusion", "Lora"], "a1111"],
    ["webui/models/Lora", [], "forge"],
    ["invoke/autoimport", ["lora"], "invokeai"],
  ] as const
) {
  Deno.test(`download -o ${output} --layout ${layout} names the folder above, and writes nothing`, () =>
    atPlace(async ({ folder, run }) => {
      for (const name of [".", ...folders]) await Deno.mkdir(join(folder, output, name), { recursive: true });
      const { code, stderr } = await run("-o", output, "--layout", layout);
      assertEquals(code, 2);
      const top = output.split("/")[0]!;
      assertStringIncludes(stderr, `Cannot use "${output}" with --layout ${layout}`);
      assertStringIncludes(stderr, `hint: Use -o ${join(folder, top)}`);
      assertEquals(await namesIn(join(folder, output)), [...folders].sort());
      // What it names works.
      const right = await run("-o", join(folder, top), "--layout", layout);
      assertEquals(right.code, 0, right.stderr);
    }));
}

Deno.test("download -o models --layout comfyui goes on in a folder that belongs to no program, and says where", () =>
  atPlace(async ({ folder, run }) => {
    const first = await run("-o", "models", "--layout", "comfyui", "--dry-run");
    assertEquals(first.code, 0, first.stderr);
    assertStringIncludes(
      first.stderr,
      `note: The layout adds the folder "models" itself: LORA files go to ${join(folder, "models/models/loras")}. ` +
        `For ${join(folder, "models", "loras")}, use -o ${folder}`,
    );
    assertEquals((await run("-o", "models", "--layout", "comfyui")).code, 0);
    const second = await run("-o", "models");
    assertEquals([second.code, second.stderr.includes("adds the folder")], [0, false], second.stderr);
  }));

Deno.test("download refuses a path template that repeats the folder of a program", () =>
  atPlace(async ({ folder, run }) => {
    await Deno.mkdir(join(folder, "ComfyUI", "models", "loras"), { recursive: true });
    const { code, stderr } = await run("-o", "ComfyUI/models", "--path-template", "models/loras/{file}");
    assertEquals(code, 2);
    assertStringIncludes(stderr, `hint: Use -o ${join(folder, "ComfyUI")}`);
  }));

Deno.test("download -o ComfyUI/models --layout comfyui names the folder above before it exists", () =>
  atPlace(async ({ folder, run }) => {
    await Deno.mkdir(join(folder, "ComfyUI"));
    const { code, stderr } = await run("-o", "ComfyUI/models", "--layout", "comfyui");
    assertEquals(code, 2, stderr);
    assertStringIncludes(stderr, `hint: Use -o ${join(folder, "ComfyUI")}`);
    assertEquals(await namesIn(join(folder, "ComfyUI")), []);
  }));

Deno.test("download refuses a folder of an existing library, and names the library", () =>
  atPlace(async ({ folder, run }) => {
    const first = await run("-o", "ComfyUI", "--layout", "comfyui");
    assertEquals(first.code, 0, first.stderr);
    for (const output of ["ComfyUI/models", "ComfyUI/models/loras"]) {
      const { code, stderr } = await run("-o", output, "--dry-run");
      assertEquals(code, 2, stderr);
      assertStringIncludes(stderr, `error: Cannot use "${output}": it is a folder of the library "`);
      assertStringIncludes(stderr, `hint: Use -o ${join(folder, "ComfyUI")}, or a folder outside of it`);
    }
    const beside = await run("-o", "ComfyUI/other", "--dry-run");
    assertEquals(beside.code, 0, beside.stderr);
  }));
