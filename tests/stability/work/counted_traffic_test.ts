import { assertEquals } from "@std/assert";
import { createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { CountedTraffic } from "../../../lib/stability/work/counted_traffic.ts";
import { reconcile, type ServedExchange } from "../../../lib/soak/mod.ts";
import { createSocketTransport } from "../../../lib/transfer/mod.ts";

Deno.test("CountedTraffic counts a request that a reused connection lost after the server had read it", async () => {
  const served: ServedExchange[] = [];
  // It responds to the first request of each connection, and closes it once it has read the second one.
  const server = createServer((socket) => {
    let requests = 0;
    socket.on("data", (head) => {
      const id = /^x-request-id: (\S+)\r$/im.exec(String(head))![1]!;
      served.push({ id, bytes: requests === 0 ? 5 : 0 });
      if (requests++ === 0) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
      else socket.destroy();
    });
    socket.on("error", () => {});
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a`;
  const traffic = new CountedTraffic("job", () => {});
  {
    using sockets = createSocketTransport();
    const send = traffic.transport(sockets.send);
    for (let number = 0; number < 2; number++) {
      await using response = await send(url, { headers: {}, signal: new AbortController().signal });
      while (await response.read(new Uint8Array(16)) !== null);
    }
  }
  server.close();
  await once(server, "close");
  assertEquals(served.map(({ id }) => id), ["job-0", "job-1", "job-1"]);
  assertEquals(traffic.exchanges.map(({ resends }) => resends), [0, 1]);
  const { clientRequests, serverRequests, problems } = reconcile(traffic.exchanges, served);
  assertEquals([clientRequests, serverRequests, problems], [3, 3, []]);
});
