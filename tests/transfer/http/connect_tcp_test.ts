import { assert, assertEquals, assertRejects } from "@std/assert";
import { connectTcp } from "../../../lib/transfer/http/_connect_tcp.ts";
import { createSocketTransport, type Socket } from "../../../lib/transfer/mod.ts";
import { EventClock, settle } from "../../helpers/event_clock.ts";
import { becomes } from "../../helpers/becomes.ts";

const TO = { hostname: "127.0.0.1", port: 9 };

function fakeSocket(): Socket & { isClosed: boolean } {
  return {
    isClosed: false,
    remoteAddr: { transport: "tcp", ...TO },
    read: () => Promise.resolve(null),
    write: (bytes) => Promise.resolve(bytes.length),
    close() {
      this.isClosed = true;
    },
    ref() {},
    unref() {},
  };
}

Deno.test("connectTcp() stops waiting at the abort, and closes a connection that arrives after it", async () => {
  const { promise, resolve } = Promise.withResolvers<Socket>();
  const stop = new AbortController();
  const clock = new EventClock();
  const connecting = connectTcp({ ...TO, signal: stop.signal }, { connect: () => promise, clock });
  stop.abort(new Error("enough"));
  await assertRejects(() => connecting, Error, "enough");
  const socket = fakeSocket();
  resolve(socket);
  await settle();
  assert(socket.isClosed);
  assertEquals(clock.sleeping, 0);
});

Deno.test("connectTcp() times out", async () => {
  const stop = new AbortController();
  const clock = new EventClock();
  let isGivenUp = false;
  const connect = ({ signal }: { readonly signal: AbortSignal }): Promise<Socket> =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        isGivenUp = true;
        reject(signal.reason);
      });
    });
  const connecting = connectTcp({ ...TO, signal: stop.signal }, { connect, clock });
  stop.abort(new Error("enough"));
  await assertRejects(() => connecting, Error, "enough");
  assert(!isGivenUp);
  await clock.run();
  assert(isGivenUp);
});

Deno.test("createSocketTransport() leaves no connection open that was established during an abort", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let open = 0;
  const serving: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const connection of listener) {
      open++;
      serving.push(connection.readable.pipeTo(new WritableStream()).catch(() => {}).finally(() => open--));
    }
  })();
  const url = `http://127.0.0.1:${listener.addr.port}/`;
  {
    using transport = createSocketTransport();
    for (let count = 0; count < 50; count++) {
      const signal = AbortSignal.timeout(0);
      const sending = transport.send(url, { headers: {}, signal }).catch(() => {});
      // The event loop is blocked while the connection is established and the abort is due: both are pending
      // afterwards.
      for (const end = performance.now() + 2; performance.now() < end;);
      await sending;
    }
  }
  assert(await becomes(() => open === 0, 5000), `${open} are open`);
  listener.close();
  await accepting;
  await Promise.all(serving);
});
