import { assertEquals } from "@std/assert";
import { renderCommandLine } from "../../../lib/cli/mod.ts";

Deno.test("renderCommandLine() quotes only words that a shell would split or expand", () => {
  const words = ["civitai-dl", "--user", "NAME", "--limit-rate=5M", "https://civitai.com/models/1"];
  assertEquals(renderCommandLine(words), "civitai-dl --user NAME --limit-rate=5M https://civitai.com/models/1");
  assertEquals(renderCommandLine(["a b", "it's", "", "$HOME", "*"]), `'a b' 'it'\\''s' '' '$HOME' '*'`);
});

Deno.test("renderCommandLine() is parsed back to the same words by a shell", async () => {
  const words = ["a b", "it's", "", "$HOME", "*", "ü;", "-x", "\n"];
  const script = `printf '%s\\0' ${renderCommandLine(words)}`;
  const { stdout } = await new Deno.Command("sh", { args: ["-c", script] }).output();
  assertEquals(new TextDecoder().decode(stdout).split("\0").slice(0, -1), words);
});
