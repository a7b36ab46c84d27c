import { assertEquals } from "@std/assert";
import { ProcessMeter } from "../../../lib/soak/mod.ts";

Deno.test("ProcessMeter.measure() does not measure a process whose files it may not list", async () => {
  const list = new Deno.Command("ls", { args: ["/proc/1/fd"], stdout: "null", stderr: "null" });
  // Root may list the files of all processes, and in a container the first process may be our own.
  if (Deno.build.os !== "linux" || (await list.output()).success) return;
  await using looker = new ProcessMeter();
  assertEquals(await looker.measure(1), null);
});
