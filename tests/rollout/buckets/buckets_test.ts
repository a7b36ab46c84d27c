import { assert, assertEquals, assertThrows } from "@std/assert";
import { armOf, bucketOf, parsePercentage } from "../../../lib/rollout/mod.ts";
import { importsOf } from "../../helpers/imports_of.ts";
import { referenceBucket } from "../_reference_murmur3.ts";

/** Salt, key and bucket, computed by a third implementation, in Python. */
const GOLDEN: readonly (readonly [salt: string, key: string, bucket: number])[] = [
  ["turbo", "128713:94057", 5987],
  ["turbo", "1:1", 5817],
  ["turbo", "2:2", 78],
  ["turbo", "999999:1234567", 2552],
  ["engine-2026", "128713:94057", 5111],
  ["engine-2026", "1:1", 6353],
  ["a", "b", 6338],
  ["", "key", 2084],
  ["salt", "", 8317],
  ["ünïcödé", "日本:語", 3356],
  ["turbo", "128713:94058", 2310],
  ["turbo", "128714:94057", 619],
  ["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "1:1", 6554],
  ["release", "3f2b8c1e-6a0d-4d1b-9a53-0c7f5f1f2a90", 6174],
  ["release", "00000000-0000-4000-8000-000000000000", 9928],
  ["1.1.0", "ffffffff-ffff-4fff-bfff-ffffffffffff", 5717],
  ["turbo", "10:20", 8348],
  ["turbo", "1:020", 5597],
  ["turbo:1", "0:20", 4250],
  ["🚀", "1:2", 806],
];

const COUNT = 100_000;

function idsIn(salt: string, percentage: number): ReadonlySet<number> {
  const ids = new Set<number>();
  for (let id = 0; id < COUNT; id++) if (armOf(bucketOf(`id-${id}`, salt), percentage) === "canary") ids.add(id);
  return ids;
}

Deno.test("bucketOf() gives the 20 golden buckets, and so does an independent implementation", () => {
  assertEquals(GOLDEN.length, 20);
  for (const [salt, key, bucket] of GOLDEN) {
    assertEquals([bucketOf(key, salt), referenceBucket(key, salt)], [bucket, bucket], `${salt}:${key}`);
  }
});

Deno.test("armOf() gives 9.72 to 10.28 % of 100 000 ids to a canary of 10 %, and as many to the baseline", () => {
  for (const salt of ["turbo", "2026", "ß"]) {
    const counts = { canary: 0, baseline: 0, rest: 0 };
    for (let id = 0; id < COUNT; id++) counts[armOf(bucketOf(`id-${id}`, salt), 10)]++;
    for (const arm of ["canary", "baseline"] as const) {
      const share = counts[arm] / COUNT * 100;
      assert(share >= 9.72 && share <= 10.28, `${salt}: ${arm} ${share} %`);
    }
  }
});

Deno.test("armOf() only adds to the canary when the percentage grows, and only removes when it falls", () => {
  const steps = [0, 0.01, 10, 50, 100].map((percentage) => idsIn("turbo", percentage));
  for (const [index, ids] of steps.entries()) assert(index === 0 || steps[index - 1]!.isSubsetOf(ids));
  assertEquals([steps[0]!.size, steps.at(-1)!.size], [0, COUNT]);
  assert(steps[1]!.size > 0 && steps[1]!.size < 30, `${steps[1]!.size} of ${COUNT} at 0.01 %`);
});

Deno.test("armOf() keeps the baseline apart from the canary, and a key of the baseline in it up to 50 %", () => {
  for (let bucket = 0; bucket < 10_000; bucket += 7) {
    const arms = [0.01, 1, 10, 33.33, 50].map((percentage) => armOf(bucket, percentage));
    const first = arms.findIndex((arm) => arm !== "rest");
    if (first >= 0) assertEquals(new Set(arms.slice(first)).size, 1, `${bucket}: ${arms}`);
  }
  const sizeOf = (percentage: number, wanted: string) =>
    Array.from({ length: 10_000 }, (_, bucket) => armOf(bucket, percentage)).filter((arm) => arm === wanted).length;
  for (const [percentage, baseline] of [[0, 0], [0.07, 7], [10, 1000], [50, 5000], [80, 2000], [100, 0]] as const) {
    assertEquals(sizeOf(percentage, "baseline"), baseline, `${percentage} %`);
  }
});

Deno.test("bucketOf() with two salts is independent: 10 % and 10 % share 1.0 % of all ids", () => {
  const overlap = idsIn("turbo", 10).intersection(idsIn("release", 10)).size / COUNT * 100;
  assert(overlap >= 0.9 && overlap <= 1.1, `${overlap} %`);
});

Deno.test("nothing that decides about a bucket can reach random numbers", async () => {
  const entries = ["arm_of", "bucket_of"].map((name) => `lib/rollout/buckets/${name}.ts`);
  const paths = await importsOf(entries, { follows: () => true });
  assert(paths.length >= 4, `${paths}`);
  for (const path of paths) {
    const text = await Deno.readTextFile(new URL(`../../../${path}`, import.meta.url));
    assertEquals(text.match(/\bMath\.random|\bcrypto\b|\bRandom\b|\bDate\b|\bperformance\b/g), null, path);
  }
});

Deno.test("parsePercentage() takes 0 to 100 with two decimals", () => {
  for (
    const [text, value] of [["0", 0], ["0.01", 0.01], ["10", 10], ["12.5%", 12.5], [" 99.99 ", 99.99], [
      "100",
      100,
    ]] as const
  ) {
    assertEquals(parsePercentage(text), value);
  }
  assertEquals(Object.is(parsePercentage("-0"), 0), true);
});

Deno.test("parsePercentage() refuses everything else and says what to write", () => {
  for (
    const [text, message] of [
      ["101", "above 100"],
      ["-1", "below 0"],
      ["text", "is not a percentage"],
      ["NaN", "is not a percentage"],
      ["Infinity", "is not a percentage"],
      ["1e1", "is not a percentage"],
      ["", "is not a percentage"],
      ["10 20", "is not a percentage"],
      ["0.001", "more than two decimals"],
    ] as const
  ) {
    assertThrows(() => parsePercentage(text), SyntaxError, message);
  }
});
