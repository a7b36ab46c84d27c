import { assert, assertEquals, assertLessOrEqual, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";

const EXAMPLE = fileURLToPath(new URL("../../docs/examples/bench.ts", import.meta.url));

Deno.test("docs/examples/bench.ts reports which of two commands is slower", async () => {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "--allow-read", "--allow-run", EXAMPLE, "sleep 0.05", "sleep 0.4"],
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  assertEquals(text.decode(stderr), "");
  const { verdict, ratio, low } = JSON.parse(text.decode(stdout));
  assertEquals(verdict, "fail");
  assert(ratio > low && low > 1.05);
});

Deno.test("docs/examples/bench.ts has at most twenty lines and does not depend on Civitai", async () => {
  const text = await Deno.readTextFile(EXAMPLE);
  assertLessOrEqual(text.trimEnd().split("\n").length, 20);
  assertEquals(text.replaceAll(/@civitai-dl\/civitai-dl|civitai-dl\/no-console/g, "").match(/civitai/i), null);
});

for (const path of ["docs/benchmarks.md", "docs/ja/benchmarks.md"]) {
  Deno.test(`${path} quotes docs/examples/bench.ts exactly`, async () => {
    const page = await Deno.readTextFile(new URL(`../../${path}`, import.meta.url));
    const code = (await Deno.readTextFile(EXAMPLE)).split("\n").slice(2).join("\n");
    assertStringIncludes(page, code);
  });
}
