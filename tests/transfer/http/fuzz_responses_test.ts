import { assert, assertEquals } from "@std/assert";
import { judgeAnswer } from "../_fuzz_oracle.ts";
import { runFuzz } from "../fuzz_run.ts";

Deno.test("createSocketTransport() reads generated responses by RFC 9112 and refuses the rest", async () => {
  const figures = await runFuzz({ count: 2000, seed: 1 });
  assertEquals(figures.problems, []);
  // Neither verdict may be rare, or the comparison proves nothing.
  assert(figures.accepted > 500 && figures.refused > 500, JSON.stringify(figures));
});

for (
  const [text, body] of [
    ["HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nabc", "ab"],
    ["HTTP/1.1 200 OK\r\ncontent-length: 2, 2\r\n\r\nabc", "ab"],
    ["HTTP/1.1 200 OK\r\n\r\nabc", "abc"],
    ["HTTP/1.1 100 \r\n\r\nHTTP/1.1 204 \r\n\r\nabc", ""],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2 ;a="\\"";b\r\nab\r\n0\r\nx: y\r\n\r\n', "ab"],
    ["HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nabc", null],
    ["HTTP/1.1 200 OK\r\ncontent-length: 2, 3\r\n\r\nabc", null],
    ["HTTP/1.1 200 OK\r\nx : y\r\n\r\nabc", null],
    ["HTTP/1.1 200 OK\nx: y\r\n\r\nabc", null],
    ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab0\r\n\r\n", null],
    ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n", null],
  ] as const
) {
  Deno.test(`the oracle ${body === null ? "refuses" : "reads"} ${JSON.stringify(text)}`, () => {
    const verdict = judgeAnswer(text);
    assertEquals(verdict.isValid ? verdict.body : null, body);
  });
}
