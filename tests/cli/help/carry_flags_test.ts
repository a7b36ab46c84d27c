import { assertEquals } from "@std/assert";
import { carryFlags } from "../../../lib/cli/help/carry_flags.ts";

const LIBRARY = { name: "library", value: "lib", names: { download: "output", doctor: "library" } };

for (
  const [text, expected] of [
    ["next: civitai-dl download", "next: civitai-dl download --output lib"],
    ["civitai-dl doctor --only key", "civitai-dl doctor --library lib --only key"],
    ["civitai-dl download --output other", "civitai-dl download --output other"],
    [
      "civitai-dl download --forget-library\n  --output other",
      "civitai-dl download --forget-library\n  --output other",
    ],
    ["civitai-dl download\n--output is a flag", "civitai-dl download --output lib\n--output is a flag"],
    ["civitai-dl verify", "civitai-dl verify"],
  ] as const
) {
  Deno.test(`carryFlags() names the place once in: ${JSON.stringify(text)}`, () => {
    assertEquals(carryFlags(text, "civitai-dl", { flags: [LIBRARY] }), expected);
  });
}
