import { assertEquals } from "@std/assert";
import { limitRepeats } from "../../lib/monitor/limit_repeats.ts";
import { FakeClock } from "../helpers/fake_clock.ts";

Deno.test("limitRepeats() repeats a message after a while with its count, and passes others at once", async () => {
  const said: string[] = [];
  const clock = new FakeClock();
  const say = limitRepeats((message) => said.push(message), { everyMs: 1000, clock });
  for (const message of ["a", "a", "b", "a"]) say(message);
  assertEquals(said, ["a", "b"]);
  await clock.sleep(1000);
  for (const message of ["a", "b", "a"]) say(message);
  assertEquals(said, ["a", "b", "a (and 2 more since the last)", "b"]);
});

Deno.test("limitRepeats() stores a bounded number of messages", () => {
  let count = 0;
  const say = limitRepeats(() => count++, { clock: new FakeClock() });
  for (let i = 0; i < 201; i++) say(`${i}`);
  say("0");
  say("200");
  assertEquals(count, 202);
});
