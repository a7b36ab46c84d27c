import { assertEquals, assertStringIncludes } from "@std/assert";
import { openTempDir } from "../helpers/temp_dir.ts";
import { fromFileUrl } from "./_path.ts";

Deno.test("docs/examples/alerts.ts has 20 lines, does not depend on Civitai, and sends an alert once, and its end once", async () => {
  const path = fromFileUrl("../../docs/examples/alerts.ts");
  const text = await Deno.readTextFile(path);
  assertEquals(text.trim().split("\n").length <= 20, true);
  assertEquals(/civitai/i.test(text.replace("@civitai-dl/civitai-dl/alerts", "")), false);
  const args = ["run", "-q", "--no-prompt", "--allow-read", "--allow-write", "--allow-env", path];
  await using temporary = await openTempDir();
  const env = { TMPDIR: temporary.path };
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, env }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assertEquals([code, err], [0, ""]);
  assertEquals(out!.match(/^\[.*$/gm), ["[FIRING:1] QueueIsLong", "[RESOLVED:1] QueueIsLong"]);
  assertStringIncludes(out!, "150 jobs wait, more than 100");
});
