import { assertEquals } from "@std/assert";
import { previewUrl } from "../../../../lib/app/browser/pictures/preview_url.ts";

Deno.test("previewUrl() keeps a path below /previews/, whatever is in it", () => {
  assertEquals(previewUrl("12345", 450), "/previews/12345?width=450");
  assertEquals(previewUrl("local/9:a b?c#d", "original"), "/previews/local/9%3Aa%20b%3Fc%23d?width=original");
});
