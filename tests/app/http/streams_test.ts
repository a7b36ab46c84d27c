import { assert, assertEquals } from "@std/assert";
import type { RouteServer, ServeRoutesOptions } from "../../../lib/app/http/app_server.ts";
import { defineRoute, type RouteAnswer } from "../../../lib/app/http/route.ts";
import { serveRoutes } from "../../../lib/app/http/serve_routes.ts";
import { EventClock, settle } from "../../helpers/event_clock.ts";
import { askRaw, statusOf } from "./_ask_raw.ts";

const PIECE = new Uint8Array(1 << 16).fill(7);

/** A stream of equal pieces, which counts what was asked of it. */
class Pieces {
  taken = 0;
  isCancelled = false;
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  get stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return new ReadableStream({
      pull: (controller) => {
        if (this.taken === this.#count) return controller.close();
        this.taken++;
        controller.enqueue(PIECE);
      },
      cancel: () => {
        this.isCancelled = true;
      },
    }, { highWaterMark: 0 });
  }
}

async function serveBody(
  body: () => RouteAnswer["body"],
  options: Partial<ServeRoutesOptions> = {},
): Promise<RouteServer> {
  const route = defineRoute({
    method: "GET",
    path: "/file",
    summary: "A file",
    answer: null,
    handle: () => ({ status: 200, headers: { "content-type": "application/octet-stream" }, body: body() }),
  });
  return await serveRoutes({ listen: "127.0.0.1:0", routes: [route], ...options });
}

Deno.test("serveRoutes() sends a stream whole, and closes it", async () => {
  const pieces = new Pieces(40);
  await using server = await serveBody(() => pieces.stream);
  const bytes = await (await fetch(`${server.url}file`)).bytes();
  assertEquals([bytes.length, bytes.every((byte) => byte === 7)], [40 * PIECE.length, true]);
});

Deno.test("serveRoutes() sends bytes and text with their length, and only the head for HEAD", async () => {
  const pieces = new Pieces(40);
  await using server = await serveBody(() => pieces.stream);
  const head = await askRaw(server.port, `HEAD /file HTTP/1.1\nHost: 127.0.0.1:${server.port}\nConnection: close`);
  assertEquals([statusOf(head), head.split("\r\n\r\n")[1], pieces.taken, pieces.isCancelled], [200, "", 0, true]);
  await using other = await serveBody(() => PIECE);
  const response = await fetch(`${other.url}file`);
  assertEquals([response.headers.get("content-length"), (await response.bytes()).length], ["65536", 65536]);
});

Deno.test("serveRoutes() reads no more of a stream than its client takes, and cancels it when the client leaves", async () => {
  const pieces = new Pieces(10_000);
  await using server = await serveBody(() => pieces.stream);
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  await connection.write(new TextEncoder().encode(`GET /file HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`));
  let before = -1;
  // The system buffers some megabytes before the server has to wait.
  while (pieces.taken !== before || pieces.taken === 0) {
    before = pieces.taken;
    for (let times = 0; times < 20; times++) await settle();
  }
  assert(pieces.taken < 1000, `${pieces.taken} pieces were read for nobody`);
  connection.close();
  while (!pieces.isCancelled) await settle();
});

Deno.test("serveRoutes() disconnects a client that takes nothing of a stream for a minute", async () => {
  const clock = new EventClock();
  const pieces = new Pieces(10_000);
  await using server = await serveBody(() => pieces.stream, { clock });
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  await connection.write(new TextEncoder().encode(`GET /file HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`));
  while (clock.sleeping === 0) await settle();
  await clock.run(60_000);
  while (!pieces.isCancelled) await settle();
});

Deno.test("serveRoutes() breaks the connection if a stream fails, since its head said that all is well", async () => {
  const errors: unknown[] = [];
  const failing = () =>
    new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => controller.enqueue(PIECE),
      pull: (controller) => controller.error(new Error("the disk is gone")),
    });
  await using server = await serveBody(failing, { onError: (error) => errors.push(error) });
  const read = fetch(`${server.url}file`).then((response) => response.bytes());
  assertEquals(await read.then(() => "whole", () => "broken"), "broken");
  while (errors.length === 0) await settle();
  assertEquals((await fetch(`${server.url}nothing`).then((found) => found.json())).status, 404);
});
