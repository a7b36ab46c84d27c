import { assertEquals } from "@std/assert";
import { shortenPath } from "../../../lib/cli/mod.ts";

Deno.test("shortenPath() replaces folders at the beginning, and keeps the name of the file whole", () => {
  const path = "models/Pony/STYLE/a_b/file.safetensors";
  const cases: readonly [width: number, short: string][] = [
    [38, path],
    [37, "…/Pony/STYLE/a_b/file.safetensors"],
    [22, "…/a_b/file.safetensors"],
    [21, "…/file.safetensors"],
    [17, "file.safetensors"],
    [3, "file.safetensors"],
  ];
  for (const [width, short] of cases) assertEquals(shortenPath(path, width), short);
  assertEquals(shortenPath("日本/語.pt", 8), "…/語.pt");
});
