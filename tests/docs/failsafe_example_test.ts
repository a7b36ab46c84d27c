import { assertEquals, assertLessOrEqual, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { inTempDir } from "../helpers/temp_dir.ts";

const EXAMPLE = fileURLToPath(new URL("../../docs/examples/failsafe.ts", import.meta.url));

interface Said {
  readonly known: string;
  readonly breaker: { readonly state: string };
}

async function runExample(folder: string, url: string): Promise<Said> {
  const permissions = ["--allow-read", `--allow-write=${folder}`, "--allow-net=127.0.0.1"];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", ...permissions, EXAMPLE, url],
    cwd: folder,
  }).output();
  const text = new TextDecoder();
  assertEquals(text.decode(stderr), "");
  return JSON.parse(text.decode(stdout));
}

Deno.test("docs/examples/failsafe.ts spares a server that is down, even after a restart", () =>
  inTempDir(async (folder) => {
    let requests = 0;
    const serve = (port: number) =>
      Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, () => new Response(`answer ${++requests}`));
    const first = serve(0);
    const { port } = first.addr;
    const url = `http://127.0.0.1:${port}/`;
    const { known, breaker } = await runExample(folder, url);
    assertEquals([known, breaker.state, requests], ["answer 12", "closed", 12]);
    await first.shutdown();
    // Five refused connections in a row open the breaker, whatever succeeded before.
    const down = await runExample(folder, url);
    assertEquals([down.known, down.breaker.state], ["nothing yet", "open"]);
    await using _back = serve(port);
    assertEquals((await runExample(folder, url)).known, "nothing yet");
    assertEquals(requests, 12);
  }));

Deno.test("docs/examples/failsafe.ts has at most twenty lines and does not depend on Civitai", async () => {
  const text = await Deno.readTextFile(EXAMPLE);
  assertLessOrEqual(text.trimEnd().split("\n").length, 20);
  assertEquals(text.replaceAll(/@civitai-dl\/civitai-dl|civitai-dl\/no-console/g, "").match(/civitai/i), null);
});

Deno.test("docs/guide/modules.md quotes docs/examples/failsafe.ts exactly", async () => {
  const readme = await Deno.readTextFile(new URL("../../docs/guide/modules.md", import.meta.url));
  const code = (await Deno.readTextFile(EXAMPLE)).split("\n").slice(2).join("\n");
  assertStringIncludes(readme, code);
});
