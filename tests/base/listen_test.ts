import { assertEquals, assertRejects } from "@std/assert";
import { createServer } from "node:net";
import { KitError, listen } from "../../lib/base/mod.ts";

/** Listen with a server that is closed at the end. */
async function tryListen(place: Parameters<typeof listen>[1], then = (_port: number) => Promise.resolve()) {
  const server = createServer();
  try {
    await then(await listen(server, place));
  } finally {
    await new Promise((closed) => server.close(closed));
  }
}

Deno.test("listen() returns the bound port, and gives a hint if the port is in use", () =>
  tryListen({ hostname: "127.0.0.1", port: 0 }, async (port) => {
    const refusal = async (likelyHolder?: string) => {
      const place = { hostname: "127.0.0.1", port, ...likelyHolder === undefined ? {} : { likelyHolder } };
      const error = await assertRejects(() => tryListen(place), KitError);
      return [error.exitCode, error.message, error.hint];
    };
    const message = `Cannot listen on "127.0.0.1:${port}": the port is in use`;
    assertEquals(await refusal(), [2, message, "Another program may be using it: stop it, or choose another port"]);
    const hint = "Another sandbox may be using it: stop it, or choose another port";
    assertEquals(await refusal("Another sandbox"), [2, message, hint]);
  }));

Deno.test("listen() reports an address that the machine does not have", async () => {
  const error = await assertRejects(() => tryListen({ hostname: "192.0.2.1", port: 0 }), KitError);
  assertEquals([error.exitCode, error.message], [
    2,
    'Cannot listen on "192.0.2.1:0": this machine has no such address',
  ]);
});
