import { assertEquals } from "@std/assert";
import { OPEN_BODY } from "../../benchmarks/transports/_open_body.ts";

const BYTES = new Uint8Array(100_003).map((_, index) => index * 7 % 251);

for (const name of ["socket", "fetch-h1", "node", "bare"] as const) {
  Deno.test(`OPEN_BODY.${name}() returns a body that reads whole`, async () => {
    const length = { "content-length": String(BYTES.length) };
    const serve = () => new Response(BYTES, { headers: length });
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, serve);
    const url = `http://127.0.0.1:${server.addr.port}/`;
    using body = await OPEN_BODY[name]({ url, bytes: BYTES.length, authority: "" });
    const all = new Uint8Array(BYTES.length);
    const target = new Uint8Array(7001);
    let at = 0;
    for (let count; (count = await body.read(target)) !== null; at += count) all.set(target.subarray(0, count), at);
    assertEquals(at, BYTES.length);
    assertEquals(all, BYTES);
  });
}
