import { assertEquals } from "@std/assert";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { START } from "../_notifications.ts";
import { sendOnce } from "../_send.ts";

Deno.test("stdout receiver writes text that ends with a line break", async () => {
  const texts: string[] = [];
  await sendOnce("stdout:", {
    print: (text) => Promise.resolve(void texts.push(text)),
    clock: new FakeClock(START + 60_000),
  });
  assertEquals(texts, [
    "[FIRING:1] timeout_rate\n" +
    "● timeout_rate (critical): 2.1 % of downloads time out\n" +
    "  firing since 2026-01-01 00:00 UTC (1m), value 0.02134\n" +
    "  host=storage.example\n" +
    "  runbook: https://docs.example/runbook#timeouts\n",
  ]);
});

Deno.test("stdout receiver writes to standard output by default", async () => {
  const entry = new URL("../../../lib/alerts/mod.ts", import.meta.url).href;
  const notes = new URL("../_notifications.ts", import.meta.url).href;
  const code = `import { parseReceiverUrl } from "${entry}"; import { notificationOf } from "${notes}";
    await parseReceiverUrl("stdout:").send(notificationOf(), { signal: new AbortController().signal });`;
  const args = ["run", "-q", "--no-prompt", "--ext=ts", "-"];
  const child = new Deno.Command(Deno.execPath(), { args, stdin: "piped", stdout: "piped" }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(code));
  await writer.close();
  const { stdout } = await child.output();
  assertEquals(new TextDecoder().decode(stdout).split("\n")[0], "[FIRING:1] timeout_rate");
});
