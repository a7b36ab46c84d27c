import { assertEquals, assertStringIncludes } from "@std/assert";
import { checkSignature, signPath } from "../../../lib/sandbox/storage/_signed_url.ts";

const NOW = Date.UTC(2026, 0, 1);
const REQUEST = { secret: "s", path: "/model/1/a.x.zip", fileName: "a.zip", nowMs: NOW, ttlMs: 60_000 };

function url(change: (text: string) => string = (text) => text): URL {
  return new URL(change(`http://127.0.0.1${signPath(REQUEST)}`));
}

Deno.test("checkSignature() accepts what signPath() signed, until it expires", () => {
  assertEquals(checkSignature("s", url(), NOW), "valid");
  assertEquals(checkSignature("s", url(), NOW + 59_999), "valid");
  assertEquals(checkSignature("s", url(), NOW + 60_000), "expired");
});

Deno.test("checkSignature() refuses a changed URL", () => {
  assertEquals(checkSignature("other", url(), NOW), "unsigned");
  for (
    const change of [
      (text: string) => text.replace("/model/1/", "/model/2/"),
      (text: string) => text.replace("X-Amz-Expires=60", "X-Amz-Expires=6000"),
      (text: string) => text.replace("a.zip", "b.zip"),
      (text: string) => text.replace(/X-Amz-Signature=\w+/, "X-Amz-Signature=00"),
      (text: string) => text.replace(/&X-Amz-Signature=\w+/, ""),
      (text: string) => text.replace(/X-Amz-Date=\w+/, "X-Amz-Date=today"),
      (text: string) => text.replace(/\?.*/, ""),
    ]
  ) assertEquals(checkSignature("s", url(change), NOW), "unsigned");
});

Deno.test("signPath() keeps a nasty file name within its quotes", () => {
  const path = signPath({ ...REQUEST, fileName: 'a"b\\c\r\nd.zip' });
  const disposition = new URL(path, "http://x").searchParams.get("response-content-disposition") ?? "";
  assertStringIncludes(disposition, 'filename="a\\"b\\\\c__d.zip"');
});
