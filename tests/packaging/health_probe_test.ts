import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { HEALTH_PROBE } from "../../scripts/_package/health_probe.ts";
import { startServer } from "../helpers/servers/status_server.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ignore = Deno.build.os !== "linux";

/** Run the probe of the image; it needs nothing but bash. */
async function probe(folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const path = join(folder, "health-probe");
  await Deno.writeTextFile(path, HEALTH_PROBE);
  const command = new Deno.Command("bash", { args: [path, ...args], env, clearEnv: true, stdin: "null" });
  const { code, stdout } = await command.output();
  return { code, out: new TextDecoder().decode(stdout) };
}

Deno.test({
  name:
    "the health check of the image asks the monitor, with its token, and fails with the reason if it is not healthy",
  ignore,
  fn: () =>
    inTempDir(async (folder) => {
      let reason: string | null = null;
      const token = "a-token-of-32-characters-xxxxxxx";
      const { server } = await startServer({
        token,
        redact: (text) => text,
        health: () => ({ isHealthy: reason === null, reason }),
      });
      const { host: address } = new URL(server.url);
      const env = { CIVITAI_DL_MONITOR_TOKEN: token };
      try {
        assertEquals((await probe(folder, [address], env)).code, 0);
        assertEquals((await probe(folder, [address])).code, 1);
        reason = 'The library "/data/library" is gone';
        const failed = await probe(folder, [address], env);
        assertEquals(failed.code, 1);
        assertStringIncludes(failed.out, "is gone");
      } finally {
        await server[Symbol.asyncDispose]();
      }
      assertEquals((await probe(folder, [address], env)).code, 1);
    }),
});

Deno.test({
  name: "the health check of the image has nothing to ask in a container without a page",
  ignore,
  fn: () => inTempDir(async (folder) => assertEquals(await probe(folder, []), { code: 0, out: "" })),
});
