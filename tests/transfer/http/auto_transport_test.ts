import { assertEquals } from "@std/assert";
import { createTransport } from "../../../lib/transfer/mod.ts";
import { always, serveRaw } from "../../helpers/servers/raw_server.ts";
import { readAll } from "../_read_all.ts";

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";

/** Fetch once; returns the path of the request and its response. */
async function send(url: string, env: Record<string, string>): Promise<{ readonly fetched: string[]; body: string }> {
  const fetched: string[] = [];
  using transport = createTransport({
    env: (name) => env[name],
    userAgent: "ours/1",
    fetch: (input, init) => {
      fetched.push(`${input} ${new Headers(init?.headers).get("user-agent")}`);
      return Promise.resolve(new Response(new Blob(["fetched"]).stream()));
    },
  });
  await transport.warm(url);
  await using answer = await transport.send(url, { headers: {}, signal: new AbortController().signal });
  return { fetched, body: await readAll(answer) };
}

Deno.test("createTransport() uses sockets, also warm ones", async () => {
  await using server = serveRaw(always(OK));
  assertEquals(await send(server.url, {}), { fetched: [], body: "hello" });
  assertEquals([server.connections, server.requests[0]?.includes("\r\nuser-agent: ours/1\r\n")], [1, true]);
});

Deno.test("createTransport() uses fetch behind a proxy, and opens nothing ahead", async () => {
  await using server = serveRaw(always(OK));
  const env = { HTTP_PROXY: "http://127.0.0.1:1" };
  assertEquals(await send(server.url, env), { fetched: [`${server.url} ours/1`], body: "fetched" });
  assertEquals(server.connections, 0);
  assertEquals((await send(server.url, { ...env, NO_PROXY: "127.0.0.1" })).body, "hello");
});

Deno.test("createTransport() uses fetch for what sockets do not support", async () => {
  assertEquals((await send("data:,x", {})).fetched, ["data:,x ours/1"]);
});

Deno.test("createTransport() counts its connections and closes them", async () => {
  await using server = serveRaw(always(OK));
  const transport = createTransport({ env: () => undefined });
  await transport.warm(server.url);
  assertEquals(transport.openConnections, 1);
  transport[Symbol.dispose]();
  assertEquals(transport.openConnections, 0);
});

Deno.test("createTransport() uses the proxy of the environment", async () => {
  await using proxy = serveRaw(always("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nproxy"));
  const code = `
    import { createTransport } from ${JSON.stringify(import.meta.resolve("../../../lib/transfer/mod.ts"))};
    using transport = createTransport();
    const request = { headers: {}, signal: new AbortController().signal };
    await using answer = await transport.send("http://h.example/", request);
    const target = new Uint8Array(5);
    await answer.read(target);
    await Deno.stdout.write(target);`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--allow-net", "--allow-env", "-"],
    env: { HTTP_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: "" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await new Blob([code]).stream().pipeTo(child.stdin);
  const { stdout, stderr } = await child.output();
  assertEquals([new TextDecoder().decode(stdout), new TextDecoder().decode(stderr)], ["proxy", ""]);
});
