import { assertEquals, assertMatch } from "@std/assert";
import { Failsafe } from "../../lib/failsafe/mod.ts";

/** Names that stay the same in any language. */
const NAMES = /\b(?:b2\.example|turbo|parallel|resilient|stable)\b/g;

/** The sentence must be Japanese, without any English word. */
function assertJapanese(text: string): void {
  assertMatch(text, /[ぁ-んァ-ヶ一-龠]/);
  assertEquals([text, text.replaceAll(NAMES, "").match(/[A-Za-z]{2,}/g)], [text, null]);
}

Deno.test("a status says why in both languages", async () => {
  const force = { mode: "stable", reason: "--engine stable" };
  await using forced = Failsafe.inMemory({ force });
  const { reason, ja } = forced.status().mode;
  assertEquals([reason, ja.reason], ["--engine stable", "--engine stable が指定されています"]);
  await using failsafe = Failsafe.inMemory({ ceiling: "parallel" });
  assertJapanese(failsafe.status().mode.ja.reason);
  failsafe.hold("stable");
  assertEquals(failsafe.status().mode.ja.reason, "手動でモードを固定しています");
});
