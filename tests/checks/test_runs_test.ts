import { assertEquals, assertRejects } from "@std/assert";
import { parseTestCases } from "../../checks/parse_test_cases.ts";
import { TestRuns } from "../../checks/test_runs.ts";

const PART = "tests/base/kit_error_test.ts";

Deno.test("TestRuns.run() runs a set once, and again after an interrupted run", async () => {
  await using runs = new TestRuns();
  const stopped = AbortSignal.abort(new Error("too long"));
  await assertRejects(() => runs.run([PART], ["-P"], stopped), Error, "too long");
  const { signal } = new AbortController();
  const first = await runs.run([PART], ["-P"], signal);
  assertEquals([first.trouble, first.cases.every((one) => one.file === PART)], [null, true]);
  assertEquals(first.cases.length > 0, true);
  const again = await runs.run([PART], ["-P"], signal);
  assertEquals(again.coverage, first.coverage);
});

Deno.test("parseTestCases() reads names, places, ignored tests and failures", () => {
  const xml = `<testsuite><testcase name="a &lt;b&gt; &amp; &#10;c" classname="./t/x_test.ts" line="3" col="6">
    </testcase><testcase name="later" classname="./t/x_test.ts" line="4" col="1"><skipped/></testcase>
    <testcase name="bad" classname="./t/x_test.ts" line="5" col="1"><failure message="Uncaught &quot;x&quot;">x</failure></testcase>
    <testcase name="short" classname="./t/x_test.ts"/></testsuite>`;
  assertEquals(parseTestCases(xml).map(({ name, line, isExecuted, failure }) => [name, line, isExecuted, failure]), [
    ["a <b> & \nc", 3, true, null],
    ["later", 4, false, null],
    ["bad", 5, true, 'Uncaught "x"'],
    ["short", 0, true, null],
  ]);
  assertEquals(parseTestCases(""), []);
});
