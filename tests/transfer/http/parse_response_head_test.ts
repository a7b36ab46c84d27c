import { assertEquals, assertThrows } from "@std/assert";
import { parseFieldLine, parseResponseHead } from "../../../lib/transfer/mod.ts";
import { MAX_HEAD_BYTES, MAX_HEAD_FIELDS } from "../../../lib/transfer/http/parse_response_head.ts";

function parse(text: string): ReturnType<typeof parseResponseHead> {
  return parseResponseHead(Uint8Array.from(text, (char) => char.charCodeAt(0)));
}

Deno.test("parseResponseHead() reads status, reason, version and fields", () => {
  const head = parse('HTTP/1.1 206 Partial Content\r\nETag:\t "a" \r\nempty:\r\nx: 1\r\nX: 2\r\n\r\n');
  assertEquals([head.version, head.status, head.reason], ["HTTP/1.1", 206, "Partial Content"]);
  assertEquals([...head.headers], [["empty", ""], ["etag", '"a"'], ["x", "1, 2"]]);
});

Deno.test("parseResponseHead() accepts an empty reason and HTTP/1.0", () => {
  const head = parse("HTTP/1.0 404 \r\n\r\n");
  assertEquals([head.version, head.status, head.reason], ["HTTP/1.0", 404, ""]);
});

Deno.test("parseResponseHead() keeps bytes above ASCII, including a no-break space", () => {
  assertEquals(parse("HTTP/1.1 200 OK\r\nx: \xa0\xe3\x81\x82\xa0 \r\n\r\n").headers.get("x"), "\xa0\xe3\x81\x82\xa0");
});

for (
  const [what, text] of [
    ["another protocol", "ICY 200 OK\r\n\r\n"],
    ["HTTP/2", "HTTP/2.0 200 OK\r\n\r\n"],
    ["HTTP/1.2", "HTTP/1.2 200 OK\r\n\r\n"],
    ["a version in lower case", "http/1.1 200 OK\r\n\r\n"],
    ["a status of two digits", "HTTP/1.1 20 OK\r\n\r\n"],
    ["a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n"],
    ["a status below 100", "HTTP/1.1 099 OK\r\n\r\n"],
    ["a status above 599", "HTTP/1.1 600 OK\r\n\r\n"],
    ["no space behind the status", "HTTP/1.1 200\r\n\r\n"],
    ["two spaces before the status", "HTTP/1.1  200 OK\r\n\r\n"],
    ["a tab before the status", "HTTP/1.1\t200 OK\r\n\r\n"],
    ["a control character in the reason", "HTTP/1.1 200 O\x01K\r\n\r\n"],
    ["an empty first line", "\r\nHTTP/1.1 200 OK\r\n\r\n"],
    ["nothing", "\r\n\r\n"],
    ["no blank line", "HTTP/1.1 200 OK\r\nx: 1\r\n"],
    ["a bare LF", "HTTP/1.1 200 OK\r\nx: 1\ny: 2\r\n\r\n"],
    ["a bare CR", "HTTP/1.1 200 OK\r\nx: 1\ry: 2\r\n\r\n"],
    ["a folded field", "HTTP/1.1 200 OK\r\nx: 1\r\n 2\r\n\r\n"],
    ["a folded first field", "HTTP/1.1 200 OK\r\n x: 1\r\n\r\n"],
    ["a space before the colon", "HTTP/1.1 200 OK\r\nx : 1\r\n\r\n"],
    ["no colon", "HTTP/1.1 200 OK\r\nx\r\n\r\n"],
    ["no name", "HTTP/1.1 200 OK\r\n: 1\r\n\r\n"],
    ["a name that is no token", "HTTP/1.1 200 OK\r\nx(y): 1\r\n\r\n"],
    ["a name above ASCII", "HTTP/1.1 200 OK\r\n\xe4: 1\r\n\r\n"],
    ["NUL in a value", "HTTP/1.1 200 OK\r\nx: 1\x002\r\n\r\n"],
    ["DEL in a value", "HTTP/1.1 200 OK\r\nx: 1\x7f2\r\n\r\n"],
  ] as const
) {
  Deno.test(`parseResponseHead() refuses ${what}`, () => {
    assertThrows(() => parse(text), SyntaxError);
  });
}

Deno.test("parseResponseHead() limits bytes and fields", () => {
  const field = (count: number): string => `x: ${"a".repeat(count)}\r\n`;
  const rest = MAX_HEAD_BYTES - "HTTP/1.1 200 \r\n".length - field(0).length - 2;
  assertEquals(parse(`HTTP/1.1 200 \r\n${field(rest)}\r\n`).status, 200);
  assertThrows(() => parse(`HTTP/1.1 200 \r\n${field(rest + 1)}\r\n`), SyntaxError, "more than 65536 bytes");
  assertEquals(parse(`HTTP/1.1 200 \r\n${field(1).repeat(MAX_HEAD_FIELDS)}\r\n`).status, 200);
  const tooMany = field(1).repeat(MAX_HEAD_FIELDS + 1);
  assertThrows(() => parse(`HTTP/1.1 200 \r\n${tooMany}\r\n`), SyntaxError, "more than 256 fields");
});

Deno.test("parseResponseHead() quotes nothing of the head in its errors", () => {
  const error = assertThrows(() => parse("HTTP/1.1 302 Found\r\nlocation : https://x/?signature=secret\r\n\r\n"));
  assertEquals(String(error).includes("secret"), false);
});

Deno.test("parseFieldLine() trims whitespace of a value in linear time", () => {
  const blanks = " \t".repeat(30_000);
  assertEquals(parseFieldLine(`x:${blanks}a${blanks}b${blanks}`)?.value, `a${blanks}b`);
});
