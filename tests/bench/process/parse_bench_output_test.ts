import { assertEquals, assertThrows } from "@std/assert";
import { parseBenchmarks, parseBenchOutput } from "../../../lib/bench/mod.ts";

Deno.test("parseBenchOutput() reads the output of deno bench in seconds, with groups", () => {
  const text = `a word before {it}
{
  "version": 1,
  "benches": [
    {"group": "json", "name": "parse", "results": [{"ok": {"n": 5, "avg": 9000, "p75": 4000}}]},
    {"group": null, "name": "broken", "results": [{"failed": {"message": "no"}}]}
  ]
}
`;
  assertEquals(parseBenchOutput(text), [
    { name: "json: parse", unit: "seconds", isExact: false, value: 4e-6, problem: null },
    { name: "broken", unit: "seconds", isExact: false, value: null, problem: 'it threw "no"' },
  ]);
  assertEquals(parseBenchOutput('{"version":1,"benches":[]}'), []);
});

Deno.test("parseBenchOutput() reads plain readings", () => {
  const text = '{"benchmarks":[{"name":"fetch","value":1.5},{"name":"hits","unit":"count","isExact":true,"value":3}]}';
  assertEquals(parseBenchOutput(text).map(({ unit, isExact, value }) => [unit, isExact, value]), [
    ["seconds", false, 1.5],
    ["count", true, 3],
  ]);
});

Deno.test("parseBenchOutput() reads a whole report as one run", () => {
  const text = '{"benchmarks":[{"name":"fetch","samples":[1,5,2]},{"name":"lost","samples":[],"problem":"it threw"}]}';
  assertEquals(parseBenchOutput(text).map(({ value, problem }) => [value, problem]), [[2, null], [null, "it threw"]]);
  assertThrows(() => parseBenchOutput('{"benchmarks":[{"name":"x","samples":[1,-1]}]}'), SyntaxError, "-1");
});

Deno.test("parseBenchOutput() reports what is wrong with an output", () => {
  const cases: readonly (readonly [text: string, said: string])[] = [
    ["", "printed nothing"],
    ["all fine", "no JSON"],
    ["{}", '"benchmarks"'],
    ['{"benchmarks":[{"name":"x","value":-1}]}', "-1"],
    ['{"benchmarks":[{"name":"x","value":null}]}', "null"],
    ['{"benchmarks":[{"name":"x"}]}', "nothing"],
    ['{"benches":[{"name":"x","results":[{"ok":{"p75":1e999}}]}]}', "not a non-negative number"],
    ['{"benches":[{"name":"x","results":[]}]}', "results[0]"],
  ];
  for (const [text, said] of cases) assertThrows(() => parseBenchOutput(text), SyntaxError, said);
});

Deno.test("parseBenchmarks() names the invalid field", () => {
  const good = { name: "x", unit: "seconds", isExact: false, samples: [1] };
  assertEquals(parseBenchmarks([good])[0], { ...good, unit: "seconds", again: [], problem: null });
  const cases: readonly (readonly [value: unknown, said: string])[] = [
    [{}, "not an array"],
    [[null], "benchmarks[0]"],
    [[{ ...good, name: "" }], "benchmarks[0].name"],
    [[{ ...good, unit: "parsecs" }], "parsecs"],
    [[{ ...good, samples: [1, -2] }], "benchmarks[0].samples[1]"],
    [[{ ...good, samples: [1, null] }], "samples[1]"],
    [[{ ...good, again: [Infinity] }], "again[0]"],
    [[{ ...good, isExact: 1 }], "isExact"],
    [[good, good], "twice"],
  ];
  for (const [value, said] of cases) assertThrows(() => parseBenchmarks(value), SyntaxError, said);
});
