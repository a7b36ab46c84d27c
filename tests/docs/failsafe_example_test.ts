import { assertEquals, assertLessOrEqual, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
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

Deno.test("docs/examples/failsafe.ts spares a broken server, even after a restart", () =>
  inTempDir(async (folder) => {
    let requests = 0;
    let status = 200;
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
      requests++;
      return new Response(`answer ${requests}`, { status });
    });
    const url = `http://127.0.0.1:${server.addr.port}/`;
    // A success within the last ten seconds would keep the breaker closed.
    const well = join(folder, "well");
    const broken = join(folder, "broken");
    for (const one of [well, broken]) await Deno.mkdir(one);
    const { known, breaker } = await runExample(well, url);
    assertEquals([known, breaker.state, requests], ["answer 12", "closed", 12]);
    requests = 0;
    status = 500;
    const down = await runExample(broken, url);
    assertEquals([down.breaker.state, requests], ["open", 10]);
    requests = 0;
    assertEquals((await runExample(broken, url)).known, "nothing yet");
    assertEquals(requests, 0);
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
