import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { command } from "../../scripts/self_update.ts";
import type { Called } from "../helpers/call.ts";
import { callCommand } from "../helpers/call_command.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

/** Run `self-update --check` against a loopback server with these answers. */
async function check(folder: string, answer: () => Response, words: readonly string[] = []): Promise<Called> {
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
  const url = `http://127.0.0.1:${server.addr.port}/rollout.json`;
  return await callCommand(command, ["--check", "--url", url, ...words], { XDG_CONFIG_HOME: folder });
}

function releases(version: string, percentage: number): Response {
  return Response.json({
    schema: "civitai-dl/releases",
    version: 1,
    releases: [{ version, percentage, salt: version }],
  });
}

Deno.test("self-update --check takes a version of 100 %, and of no share", () =>
  inTempDir(async (folder) => {
    const all = await check(folder, () => releases("99.0.0", 100));
    assertEquals(all.code, 0, all.err);
    assertMatch(all.out, /^Take 99\.0\.0 \(this is \d+\.\d+\.\d+.*\): 99\.0\.0 is for 100 % of the installations\n$/);
    const id = await Deno.readTextFile(join(folder, "civitai-dl", "install-id"));
    const none = JSON.parse((await check(folder, () => releases("99.0.0", 0), ["--json"])).out);
    assertEquals([none.schema, none.take, none.newest], ["civitai-dl/self-update", null, null]);
    assertEquals(await Deno.readTextFile(join(folder, "civitai-dl", "install-id")), id);
    assertMatch((await check(folder, () => releases("0.1.0", 100))).out, /^Stay with .* is the newest version\n$/);
  }));

Deno.test("self-update --check sends nothing about the installation", () =>
  inTempDir(async (folder) => {
    const seen: string[] = [];
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
      seen.push(`${request.method} ${new URL(request.url).pathname} ${JSON.stringify([...request.headers])}`);
      return releases("99.0.0", 50);
    });
    const url = `http://127.0.0.1:${server.addr.port}/rollout.json`;
    await callCommand(command, ["--check", "--url", url], { XDG_CONFIG_HOME: folder });
    const id = (await Deno.readTextFile(join(folder, "civitai-dl", "install-id"))).trim();
    assertEquals(seen.length, 1);
    assert(!seen[0]!.includes(id), seen[0]);
  }));

Deno.test("self-update --check ends with 6 without an answer, with 1 for nonsense, with 2 for a wrong address", () =>
  inTempDir(async (folder) => {
    assertEquals((await check(folder, () => new Response("gone", { status: 404 }))).code, 6);
    assertEquals((await check(folder, () => new Response("<html>"))).code, 1);
    assertEquals((await check(folder, () => new Response("x".repeat(2 << 20)))).code, 1);
    const env = { XDG_CONFIG_HOME: folder };
    assertEquals((await callCommand(command, ["--check", "--url", "http://127.0.0.1:9/x"], env)).code, 6);
    for (const words of [["--check", "--url", "http://example.com/x"], ["--check", "--url", "soon"], ["--check"], []]) {
      const { code, err } = await callCommand(command, words, env);
      assertEquals(code, 2, err);
      assertStringIncludes(err, "hint: ");
    }
  }));
