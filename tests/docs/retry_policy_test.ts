import { assertEquals, assertStringIncludes } from "@std/assert";
import { type FailureClass, FailureError, RETRY_POLICY } from "../../lib/failsafe/mod.ts";
import { FAILURE_CLASSES } from "../../lib/problems/mod.ts";

const { file: { retries, stableRetries, passes, wrongContentAttempts }, apiRequest, patienceMs, backoff } =
  RETRY_POLICY;
const WORDS = ["zero", "one", "two", "three", "four", "five"];
const totalMinutes = apiRequest.totalMs / 60_000;

/** Every document that repeats a number of the policy, with the words around it. */
const COPIES: readonly (readonly [document: string, text: string])[] = [
  ["docs/guide/engines.md", `${stableRetries} retries per file in each of ${passes} passes |`],
  ["docs/guide/engines.md", `4 KiB per minute; ${retries} retries in each of ${passes} passes `],
  [
    "docs/ja/guide/engines.md",
    `再試行はファイルごとに ${stableRetries} 回（未完了のファイルを最大 ${passes} 周処理し、周ごとに数える） |`,
  ],
  ["docs/ja/guide/engines.md", `再試行は最大 ${passes} 周のそれぞれで ${retries} 回 |`],
  [
    "docs/commands.md",
    `Retries after a failed attempt: of a file in each of ${passes} passes (default ${retries}, or ${stableRetries} ` +
    `with stable), of an API request (${apiRequest.retries})`,
  ],
  [
    "docs/failsafe.md",
    `${retries} times, ${stableRetries} with \`stable\` (\`--max-retries\`), in each of ${passes} passes`,
  ],
  ["docs/failsafe.md", `wrong bytes are fetched ${wrongContentAttempts} times at most`],
  ["docs/failsafe.md", `${apiRequest.retries} times (\`--max-retries\`), ${totalMinutes} min with all waits`],
  [
    "docs/failsafe.md",
    `up to ${backoff.baseMs / 1000} s, doubled each time, up to ${backoff.capMs / 1000} s, or ${
      backoff.servingCapMs / 1000
    } s while the storage has served a file`,
  ],
  ["docs/failsafe.md", `${patienceMs / 60_000} min of them while the API says nothing (\`--patience\`)`],
  [
    "docs/ja/failsafe.md",
    `キューを ${passes} 周し、各周で ${retries} 回、\`stable\` では ${stableRetries} 回（\`--max-retries\`）`,
  ],
  ["docs/ja/failsafe.md", `内容が不正なファイルの取得は最大 ${wrongContentAttempts} 回`],
  ["docs/ja/failsafe.md", `${apiRequest.retries} 回（\`--max-retries\`）、待ち時間を含めて ${totalMinutes} 分まで`],
  ["docs/ja/failsafe.md", `API が何も返さない時間は ${patienceMs / 60_000} 分まで（\`--patience\`）`],
  ["docs/runbook/integrity.md", `did not match the published hash in ${WORDS[wrongContentAttempts]} attempts`],
];

for (const [document, text] of COPIES) {
  Deno.test(`${document} has the number of RETRY_POLICY in "${text.trim()}"`, async () => {
    assertStringIncludes(await Deno.readTextFile(new URL(`../../${document}`, import.meta.url)), text);
  });
}

Deno.test("docs/failsafe.md names exactly the classes that are retried", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/failsafe.md", import.meta.url));
  const [, list = ""] = /^Transient classes are retried: ([^]*?)\.$/m.exec(page) ?? [];
  const named = [...list.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name!);
  const classes: readonly FailureClass[] = FAILURE_CLASSES;
  const retried = classes.filter((name) => new FailureError(name, "A test").retryable);
  assertEquals(named.toSorted(), retried.toSorted());
  assertEquals(RETRY_POLICY.maxRetriesByClass, { unusable: 2 });
  assertStringIncludes(list.replaceAll("\n", " "), "`unusable` (twice at most in each pass)");
});
