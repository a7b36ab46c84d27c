import { assertEquals, assertThrows } from "@std/assert";
import { parseToxic, type ToxicRule } from "../../../lib/sandbox/mod.ts";

const GOOD: readonly (readonly [string, ToxicRule])[] = [
  ["latency:80ms,rate=0.1", { type: "latency", ms: 80, rate: 0.1 }],
  ["jitter:1s", { type: "jitter", ms: 1000 }],
  ["bandwidth:20M", { type: "bandwidth", bytesPerSecond: 20 * 1024 ** 2 }],
  ["trickle:64,forMs=10s,rate=0.1", { type: "trickle", bytesPerSecond: 64, forMs: 10_000, rate: 0.1 }],
  ["silence,on=api+download", { type: "silence", on: ["api", "download"] }],
  ["slowBody:10ms,chunkBytes=4K", { type: "slowBody", ms: 10, chunkBytes: 4096 }],
  ["reset:64K,first=1", { type: "reset", atByte: 65_536, first: 1 }],
  ["stall,rate=1%,on=storage+image", { type: "stall", rate: 0.01, on: ["storage", "image"] }],
  ["truncate:0", { type: "truncate", atByte: 0 }],
  ["corrupt, seed=7, burst=3", { type: "corrupt", seed: 7, burst: 3 }],
  ["wrongRange:ignore", { type: "wrongRange", how: "ignore" }],
  ["serverError:503", { type: "serverError", status: 503 }],
  ["throttle:2s,form=date", { type: "throttle", retryAfterSeconds: 2, form: "date" }],
  ["login-html", { type: "loginHtml" }],
  ["CHANGEDETAG", { type: "changedEtag" }],
];

for (const [text, rule] of GOOD) {
  Deno.test(`parseToxic() reads "${text}"`, () => assertEquals(parseToxic(text), rule));
}

const BAD: readonly (readonly [string, string])[] = [
  ["latncy:80ms", 'unknown toxic "latncy"; did you mean "latency"'],
  ["zzzzzzzzz", 'unknown toxic "zzzzzzzzz"; known are latency, jitter'],
  ["", 'unknown toxic ""'],
  ["latency", 'write a value, such as "latency:80ms"'],
  ["bandwidth", '"bandwidth:20M"'],
  ["latency:fast", 'Cannot parse duration "fast"'],
  ["bandwidth:0", '"0" is not more than 0'],
  ["reset:lots", 'Cannot parse size "lots"'],
  ["reset:1K,rat=1", 'unknown setting "rat"; did you mean "rate"'],
  ["reset,rate=2", 'rate "2" is not between 0 and 1'],
  ["reset,rate=", 'rate "" is not between 0 and 1'],
  ["reset,rate", '"rate" is not name=value'],
  ["reset,seed=x", '"x" is not a whole number'],
  ["reset,on=moon", 'route "moon" is not one of api, download, storage, image'],
  ["reset,form=date", 'unknown setting "form"'],
  ["expiredUrl:1", '"expiredUrl" takes no value'],
  ["serverError:404", 'status "404" is not between 500 and 599'],
  ["wrongRange:up", '"up" is not one of ignore, start, total'],
];

for (const [text, message] of BAD) {
  Deno.test(`parseToxic() refuses "${text}"`, () => {
    assertThrows(() => parseToxic(text), SyntaxError, message);
    assertThrows(() => parseToxic(text), SyntaxError, `Cannot parse toxic "${text}"`);
  });
}
