import { assert, assertEquals } from "@std/assert";
import { z } from "zod";
import { defineRoute } from "../../../lib/app/http/route.ts";
import { serveRoutes } from "../../../lib/app/http/serve_routes.ts";

Deno.test("serveRoutes() compresses long texts for clients that take it", async () => {
  const ids = Array.from({ length: 20_000 }, (_, index) => index);
  const routes = [
    defineRoute({ method: "GET", path: "/long", summary: "Long", answer: z.array(z.int()), handle: () => ids }),
    defineRoute({ method: "GET", path: "/short", summary: "Short", answer: z.array(z.int()), handle: () => [1] }),
    defineRoute({
      method: "GET",
      path: "/text",
      summary: "Text",
      answer: null,
      handle: () => ({ status: 200, body: JSON.stringify(ids) }),
    }),
  ];
  await using server = await serveRoutes({ listen: "127.0.0.1:0", routes });
  const ask = async (path: string, accepted: string) => {
    const client = Deno.createHttpClient({});
    const response = await fetch(`${server.url}${path}`, { client, headers: { "accept-encoding": accepted } });
    const answer: unknown = await response.json();
    client.close();
    return { answer, headers: response.headers };
  };
  for (const path of ["long", "text"]) {
    const packed = await ask(path, "br;q=1, gzip");
    assertEquals(packed.answer, ids);
    assertEquals(packed.headers.get("vary"), "accept-encoding");
    assert(packed.headers.get("content-length") === null || Number(packed.headers.get("content-length")) < 80_000);
  }
  for (const accepted of ["identity", "gzip;q=0", "br"]) {
    const { answer, headers } = await ask("long", accepted);
    assertEquals([answer, headers.get("content-encoding")], [ids, null]);
    assert(Number(headers.get("content-length")) > 100_000);
  }
  assertEquals((await ask("short", "gzip")).headers.get("vary"), null);
});
