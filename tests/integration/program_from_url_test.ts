import { assertEquals, assertStringIncludes } from "@std/assert";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  ".ts": "application/typescript",
  ".js": "text/javascript",
  ".json": "application/json",
  ".css": "text/css",
  ".html": "text/html",
  ".svg": "image/svg+xml",
};

/** A web server with the sources of this checkout. */
function serveSources(): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const bytes = await Deno.readFile(join(ROOT, pathname));
    return new Response(bytes, { headers: { "content-type": TYPES[extname(pathname)] ?? "text/plain" } });
  });
}

/** A separate cache for the server's modules, with the packages of the real one. */
async function makeCache(folder: string): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  const cache = join(folder, "cache");
  await Deno.mkdir(cache);
  await Deno.symlink(JSON.parse(new TextDecoder().decode(stdout)).npmCache, join(cache, "npm"));
  return cache;
}

Deno.test("the program from a URL downloads, and reports that demo needs a local copy", () =>
  inTempDir(async (folder) => {
    await using server = serveSources();
    const cache = await makeCache(folder);
    const run = async (words: readonly string[]) => {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "-q", "--no-prompt", "--no-lock", "--config", join(ROOT, "deno.json")],
          ...["read", "write", "env", "sys", "net", "run"].map((name) => `--allow-${name}`),
          `http://127.0.0.1:${server.addr.port}/cli.ts`,
          ...words,
        ],
        cwd: folder,
        env: { DENO_DIR: cache, NO_COLOR: "1", XDG_CONFIG_HOME: folder },
        stdin: "null",
      }).output();
      return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
    };
    const words = ["--sandbox", "--query", "copper", "--no-images", "--reserve", "0", "-o", "library", "--json"];
    const fetched = await run(["download", ...words]);
    assertEquals(fetched.code, 0, fetched.err);
    const { code, out, err } = await run(["demo", "-o", "demo"]);
    assertEquals([code, out], [2, ""], err);
    assertStringIncludes(err, "Cannot run demo: it starts this program as a process of its own");
    assertStringIncludes(err, "deno task demo");
  }));
