import { assertEquals } from "@std/assert";
import { type Choice, chooseFiles, DEFAULT_CHOICE } from "../../../../lib/downloader/mod.ts";
import { FILE_WORDS } from "../../../../scripts/_frame/flags.ts";
import { someFile, someVersion } from "../../_models.ts";

const version = someVersion(1, {
  files: [
    someFile(5, { type: "Training Data", format: "Other", fp: null, size: null }),
    someFile(4, { type: "VAE", fp: null, size: null }),
    someFile(3, { fp: "fp32", size: "full" }),
    someFile(2, { primary: true }),
    someFile(6, { type: "Pruned Model", format: "GGUF", fp: null, size: null, name: "tiny.gguf" }),
  ],
});

function chosen(changes: Partial<Choice>): readonly number[] {
  return chooseFiles(version, { ...DEFAULT_CHOICE, ...changes }).map((file) => file.id);
}

Deno.test("chooseFiles() selects the primary file at any position", () => assertEquals(chosen({}), [2]));

Deno.test("chooseFiles() selects all files, the primary first, then by id", () =>
  assertEquals(chosen({ files: ["all"] }), [2, 3, 4, 5, 6]));

Deno.test("chooseFiles() selects several kinds by name", () => {
  assertEquals(chosen({ files: ["model"] }), [2, 3, 6]);
  assertEquals(chosen({ files: ["vae", "training-data"] }), [4, 5]);
  assertEquals(chosen({ files: ["trainingdata"] }), [5]);
  assertEquals(chosen({ files: ["config"] }), []);
});

for (const type of ["Text Encoder", "Vision Encoder", "Enhancement LoRA", "CLIPVision", "ControlNet", "Other"]) {
  Deno.test(`chooseFiles() has a name for files of the type ${type}`, () => {
    const one = someVersion(1, { files: [someFile(7, { type })] });
    const words = FILE_WORDS.filter((word) => !["all", "primary", "text"].includes(word));
    const taking = words.filter((word) => chooseFiles(one, { ...DEFAULT_CHOICE, files: [word] }).length === 1);
    assertEquals(taking.length, 1);
  });
}

Deno.test("chooseFiles() selects the best remaining file if filters exclude the primary", () => {
  assertEquals(chosen({ fps: ["FP32"] }), [3]);
  assertEquals(chosen({ sizes: ["full"] }), [3]);
  assertEquals(chosen({ formats: ["gguf"] }), [6]);
  assertEquals(chosen({ fps: ["fp8"] }), []);
});

Deno.test("chooseFiles() does not select training data as weights", () =>
  assertEquals(chosen({ formats: ["Other"] }), []));

Deno.test("chooseFiles() excludes files by name", () =>
  assertEquals(chosen({ files: ["all"], exclude: ["*.gguf", "file-3"] }), [2, 4, 5]));

Deno.test("chooseFiles() selects nothing from a version without files", () =>
  assertEquals(chooseFiles(someVersion(1, { files: [] }), DEFAULT_CHOICE), []));

Deno.test("chooseFiles() leaves out what is excepted by key, and no other file takes its place", () => {
  const except = { ...DEFAULT_CHOICE.except, files: ["file:1:2", "file:9:3"] };
  assertEquals(chosen({ except }), []);
  assertEquals(chosen({ except, files: ["all"] }), [3, 4, 5, 6]);
});
