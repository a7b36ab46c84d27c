import { assertEquals } from "@std/assert";
import { LinkMemory } from "../../../lib/downloader/fetch/link_memory.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";

const LINK = { url: "https://storage.example/a?sig=1", host: "storage.example", direct: false };

Deno.test("LinkMemory returns a link until shortly before it expires, and none that was forgotten", () => {
  const clock = new FakeClock();
  const links = new LinkMemory(clock);
  const link = { ...LINK, expiresAt: clock.now() + 60_000 };
  links.keep("file:1:2", link);
  links.keep("file:1:3", { ...LINK, expiresAt: null });
  assertEquals([links.recall("file:1:2"), links.recall("file:1:4")], [link, null]);
  clock.advance(30_000);
  assertEquals(links.recall("file:1:2"), null);
  clock.advance(86_400_000);
  assertEquals(links.recall("file:1:3")?.url, LINK.url);
  links.forget("file:1:3");
  assertEquals(links.recall("file:1:3"), null);
});

Deno.test("LinkMemory keeps no link of a file that the API sends itself", () => {
  const links = new LinkMemory(new FakeClock());
  links.keep("file:1:2", { ...LINK, expiresAt: null, direct: true });
  assertEquals(links.recall("file:1:2"), null);
});
