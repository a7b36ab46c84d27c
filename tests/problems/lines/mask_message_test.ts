import { assertEquals, assertNotEquals } from "@std/assert";
import { maskMessage } from "../../../lib/problems/mod.ts";
import { assertLinearTime } from "../../helpers/assert_linear_time.ts";

Deno.test("maskMessage() masks names, URLs, paths, times, ids, hashes, addresses and numbers", () => {
  const cases: Readonly<Record<string, string>> = {
    'Cannot fetch "a b.bin": no answer within 12.5 s': 'Cannot fetch "…": no answer within N s',
    "GET https://b2.civitai.com/x?X-Amz-Signature=abc failed": "GET URL failed",
    "failed: models/Pony/a_1.bin: the model was taken down": "failed: PATH: the model was taken down",
    "open /home/me/x.log and C:\\Users\\me\\x: denied": "open PATH and PATH: denied",
    "since 2026-11-25T13:01:17.232Z": "since TIME",
    "request 7b0dbd0c-0c2f-4d6e-9b51-0a7f6b5b9b11 lost": "request ID lost",
    "SHA-256 is 1766e6aa0011, expected 788b24ff": "SHA-N is HASH, expected HASH",
    "at 0x7ffde4": "at HASH",
    "127.0.0.1:45303 refused": "IP refused",
    "model 12 of 1,000": "model N of N",
    "and/or": "PATH",
  };
  for (const [message, pattern] of Object.entries(cases)) assertEquals(maskMessage(message), pattern);
});

Deno.test("maskMessage() keeps the status of HTTP, but no other number of three digits", () => {
  for (const word of ["HTTP", "HTTP/1.1", "status", "Status code", "answered", "responded", "error:"]) {
    assertNotEquals(maskMessage(`${word} 404`), maskMessage(`${word} 503`), word);
  }
  assertEquals(maskMessage("after 404 s"), maskMessage("after 503 s"));
  assertEquals(maskMessage("error 12345"), "error N");
});

Deno.test("maskMessage() takes linear time for hostile text", () => {
  for (const piece of ['"', "a/", "1.", "-abcdef12", "0x", "://", "\\\\", "[("]) {
    assertLinearTime(maskMessage, piece);
  }
});
