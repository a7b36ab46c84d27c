import { assertEquals, assertThrows } from "@std/assert";
import { type BodyFraming, bodyFraming, parseResponseHead } from "../../../lib/transfer/mod.ts";

function frame(text: string): BodyFraming {
  return bodyFraming(parseResponseHead(new TextEncoder().encode(text.replaceAll("\n", "\r\n") + "\r\n\r\n")));
}

for (
  const [head, framing] of [
    ["HTTP/1.1 200 \ncontent-length: 12", { type: "length", bytes: 12 }],
    ["HTTP/1.1 200 \ncontent-length: 0", { type: "length", bytes: 0 }],
    ["HTTP/1.1 200 \ncontent-length: 007", { type: "length", bytes: 7 }],
    ["HTTP/1.1 200 \ncontent-length: 5\ncontent-length: 5", { type: "length", bytes: 5 }],
    ["HTTP/1.1 200 \ncontent-length: 5 ,\t 5,5", { type: "length", bytes: 5 }],
    ["HTTP/1.1 200 \ncontent-length: 9007199254740991", { type: "length", bytes: Number.MAX_SAFE_INTEGER }],
    ["HTTP/1.1 200 \ntransfer-encoding: chunked", { type: "chunked" }],
    ["HTTP/1.1 200 \nTransfer-Encoding: Chunked", { type: "chunked" }],
    ["HTTP/1.1 200 ", { type: "until-close" }],
    ["HTTP/1.0 200 ", { type: "until-close" }],
    ["HTTP/1.1 204 \ncontent-length: 5", { type: "none" }],
    ["HTTP/1.1 304 \ncontent-length: 5", { type: "none" }],
    ["HTTP/1.1 100 ", { type: "none" }],
  ] as const
) {
  Deno.test(`bodyFraming() returns ${framing.type} for ${JSON.stringify(head)}`, () => {
    assertEquals(frame(head), framing);
  });
}

for (
  const fields of [
    "content-length: 5\ncontent-length: 6",
    "content-length: 5, 6",
    "content-length: 5, 05",
    "content-length: +5",
    "content-length: -5",
    "content-length: 5.0",
    "content-length: 0x5",
    "content-length: 5 5",
    "content-length: 5,",
    "content-length:",
    "content-length: \u0665",
    "content-length: 9007199254740992",
    "content-length: 99999999999999999999999999",
    "transfer-encoding: chunked\ncontent-length: 5",
    "transfer-encoding: gzip, chunked",
    "transfer-encoding: chunked, chunked",
    "transfer-encoding: chunked\ntransfer-encoding: chunked",
    "transfer-encoding: identity",
    "transfer-encoding: xchunked",
    "transfer-encoding: chunked;q=1",
    "transfer-encoding:",
  ]
) {
  Deno.test(`bodyFraming() refuses ${JSON.stringify(fields)}`, () => {
    assertThrows(() => frame(`HTTP/1.1 200 \n${fields}`), SyntaxError);
  });
}

Deno.test("bodyFraming() refuses Transfer-Encoding in HTTP/1.0", () => {
  assertThrows(() => frame("HTTP/1.0 200 \ntransfer-encoding: chunked"), SyntaxError, "HTTP/1.0");
});
