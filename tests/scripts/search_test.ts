import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { withBench } from "../helpers/library/download_bench.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { call } from "../helpers/call.ts";

Deno.test("search prints its results up to the limit", () =>
  withBench({ size: { creators: 2, modelsPerCreator: 4 } }, async ({ sandbox }) => {
    const network = ["--base-url", sandbox.apiOrigin];
    const { username } = sandbox.catalog.creators().next().value!;
    const table = await call(["search", "--user", username, ...network]);
    assertEquals(table.code, 0, table.err);
    assertMatch(table.out, /^ +ID +NAME +TYPE/);
    const { schema, models } = JSON.parse(
      (await call(["search", "--user", username, "--limit", "2", "--json", ...network])).out,
    );
    assertEquals([schema, models.length, models[0].creator], ["civitai-dl/search", 2, username]);
    const { name } = sandbox.catalog.modelAt(0);
    const found = JSON.parse((await call(["search", ...name.split(" "), "--json", ...network])).out);
    assertEquals(found.models[0].name, name);
    assertEquals((await call(["search", "nothing-like-this", ...network])).out, "No models found\n");
  }));

Deno.test("search requires a query or filter", async () => {
  const { code, err } = await call(["search"]);
  assertEquals([code, err.includes("no words")], [2, true]);
});

Deno.test("search without words browses by the given filters and order", () =>
  withBench({ size: { creators: 2, modelsPerCreator: 20 } }, async ({ sandbox }) => {
    const network = ["--base-url", sandbox.apiOrigin, "--json"];
    const { code, out, err } = await call(["search", "--sort", "Newest", "--type", "LORA", ...network]);
    assertEquals(code, 0, err);
    const types = JSON.parse(out).models.map((model: { type: string }) => model.type);
    assertEquals([...new Set(types)], ["LORA"]);
    const all = [...sandbox.catalog.models()];
    assertEquals(types.length, Math.min(20, all.filter(({ type }) => type === "LORA").length));
    const { username } = sandbox.catalog.creators().next().value!;
    const browsed = [["--sfw"], ["--period", "AllTime"], ["--base-model", all[0]!.versions[0]!.baseModel], [
      "--limit",
      "3",
    ]];
    for (const words of [...browsed, ["--user", username]]) {
      assertEquals((await call(["search", ...words, ...network])).code, 0, words.join(" "));
    }
  }));

Deno.test("search does not browse because of the configuration alone", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "civitai-dl.yml");
    await Deno.writeTextFile(path, "search:\n  sort: Newest\n");
    const { code, err } = await call(["search", "--config", path]);
    assertEquals([code, err.includes("no words")], [2, true]);
  }));

Deno.test("search with --sandbox queries the built-in Civitai", async () => {
  const { code, out, err } = await call(["search", "--tag", "style", "--sandbox", "--json"]);
  assertEquals(code, 0, err);
  assert(Array.isArray(JSON.parse(out).models));
  assertStringIncludes(err, "Sandbox at http://127.0.0.1:");
});

Deno.test("search waits for a host as long as --host-timeout says", () =>
  withBench({}, async ({ sandbox }) => {
    sandbox.setToxics([{ type: "latency", ms: 1300, on: ["api"], first: 1 }]);
    const words = ["search", "x", "--base-url", sandbox.apiOrigin, "--timeout", "1s"];
    const patient = ["--host-timeout", `${new URL(sandbox.apiOrigin).host} headers 10s`, "--verbose"];
    const { code, err } = await call([...words, ...patient]);
    // A request that is given up is made again.
    assertEquals([code, err, sandbox.log.requests.length], [0, "", 1]);
  }));

Deno.test("search warns of a key that others can read, but uses it", () =>
  inTempDir((folder) =>
    withBench({}, async ({ sandbox }) => {
      const path = join(folder, "key");
      await Deno.writeTextFile(path, `${sandbox.token}\n`, { mode: 0o644 });
      const words = ["search", "x", "--base-url", sandbox.apiOrigin, "--token-file", path];
      assertStringIncludes((await call(words)).err, `"${path}" can be read by other users: chmod 600`);
      await Deno.chmod(path, 0o600);
      assertEquals((await call(words)).err, "");
      await Deno.writeTextFile(path, "no key here\n");
      assertEquals((await call(words)).code, 2);
      assertEquals((await call([...words, "--token-file", join(folder, "none")])).code, 2);
    })
  ));

Deno.test("search warns of a key in the arguments and never shows it", () =>
  withBench({}, async ({ sandbox }) => {
    const { err, out } = await call(["search", "x", "--base-url", sandbox.apiOrigin, "--token", sandbox.token]);
    assertStringIncludes(err, "--token shows the key to other users");
    assert(!`${out}${err}`.includes(sandbox.token));
    const quiet = await call(["search", "x", "--base-url", sandbox.apiOrigin], {
      env: { CIVITAI_API_KEY: sandbox.token },
    });
    assertEquals(quiet.err, "");
  }));

Deno.test("search reports a web page as a wrong base URL", async () => {
  const page = new Response("<!DOCTYPE html><title>Sign in to the network</title>", {
    headers: { "content-type": "text/html" },
  });
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => page.clone());
  const baseUrl = `http://127.0.0.1:${server.addr.port}`;
  const { code, err } = await call(["search", "x", "--base-url", baseUrl]);
  assertEquals(code, 6);
  assertStringIncludes(err, "hint: Check the base URL");
});

Deno.test("search refuses an invalid base URL", async () => {
  for (const baseUrl of ["nonsense", "ftp://civitai.com"]) {
    const { code, err } = await call(["search", "x", "--base-url", baseUrl]);
    assertEquals([code, err.startsWith("error: ")], [2, true]);
  }
});

Deno.test("search prints results until the listing fails, with the reason, and exits with 1", async () => {
  const page = (index: number) => ({
    items: [1, 2].map((id) => ({ id, name: `Copper ${id}` })),
    metadata: { nextCursor: `c${index}` },
  });
  let asked = 0;
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => Response.json(page(asked++)),
  );
  const baseUrl = `http://127.0.0.1:${server.addr.port}`;
  const { code, out, err } = await call(["search", "copper", "--limit", "5", "--json", "--base-url", baseUrl]);
  assertEquals(code, 1, err);
  const { models, problem } = JSON.parse(out);
  assertEquals([models.length, asked], [2, 4]);
  assertStringIncludes(problem, "3 pages in a row repeat");
  const text = await call(["search", "copper", "--limit", "5", "--base-url", baseUrl]);
  assertMatch(text.out, /Copper 1[^]*Copper 2/);
  assertStringIncludes(text.err, "warning: Cannot list models to the end: 3 pages in a row repeat");
});

Deno.test("search warns of ten unreadable entries, counts the others, and lists all as JSON", async () => {
  const items = [...Array.from({ length: 12 }, () => 0), { id: 1, name: "Copper", type: "LORA" }];
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => Response.json({ items }));
  const { code, out, err } = await call([
    ...["search", "x", "--json", "--base-url", `http://127.0.0.1:${server.addr.port}`],
  ]);
  const { models, unreadable } = JSON.parse(out);
  assertEquals([code, models.length, unreadable.length], [1, 1, 12]);
  assertEquals(err.match(/warning: skipped/g)?.length, 10);
  assertStringIncludes(err, "warning: 2 more cannot be read: --json shows all");
});
