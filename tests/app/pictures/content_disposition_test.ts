import { assertEquals, assertMatch } from "@std/assert";
import { attachmentNamed } from "../../../lib/app/pictures/content_disposition.ts";

Deno.test("attachmentNamed() writes a plain name once", () => {
  assertEquals(attachmentNamed("a b-1.safetensors"), 'attachment; filename="a b-1.safetensors"');
});

Deno.test("attachmentNamed() writes any other name as UTF-8, too", () => {
  assertEquals(
    attachmentNamed("夜 (v2)*'.pt"),
    "attachment; filename=\"_ (v2)*'.pt\"; filename*=UTF-8''%E5%A4%9C%20%28v2%29%2A%27.pt",
  );
});

Deno.test("attachmentNamed() lets no name end the header or its quotes", () => {
  for (const name of ['a"; x="b.pt', "a\r\nset-cookie: x=1", "a\\", "100%41.pt", "\ud800.pt", "\u202egpj.exe"]) {
    assertMatch(attachmentNamed(name), /^attachment; filename="[^"\\%\r\n]*"; filename\*=UTF-8''[\w.%!#$&+^`|~-]+$/);
  }
});
