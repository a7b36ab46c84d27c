import { assertEquals } from "@std/assert";
import { readLine } from "../../../lib/problems/mod.ts";

const TIME = "2026-11-25T13:01:17.232Z";
const timeMs = Date.parse(TIME);

function read(value: unknown) {
  return readLine(typeof value === "string" ? value : JSON.stringify(value));
}

/** The problem that a line reports. */
function problemIn(value: unknown) {
  const { level, failure, message, host } = read(value);
  return level === null ? null : { level, failure, message, host };
}

Deno.test("readLine() reads the lines of this program", () => {
  assertEquals(problemIn({ time: TIME, level: "INFO", type: "plan" }), null);
  assertEquals(
    problemIn({ time: TIME, level: "ERROR", type: "end", host: "b2.x.com", failure: "server", message: "HTTP 500" }),
    { level: "error", failure: "server", message: "HTTP 500", host: "b2.x.com" },
  );
  assertEquals(
    read({ level: "WARN", type: "retry", failure: "timeout" }).message,
    "Retry after this failure: timeout",
  );
  assertEquals(
    read({ level: "WARN", type: "api-retry", what: "read model 12", failure: "server" }).message,
    "Retry to read model 12 after server",
  );
  assertEquals(problemIn({ level: "WARN", type: "breaker", key: "a.example", reason: "6 of 10 failed" }), {
    level: "warning",
    failure: null,
    message: "6 of 10 failed",
    host: "a.example",
  });
  const entry = { timestamp: TIME, "error_type": "FailureError", "error_message": "late", class: "stall", host: null };
  assertEquals(problemIn(entry), { level: "error", failure: "stall", message: "late", host: null });
  assertEquals([read(entry).timeMs, read(entry).isContinued, read(entry).isBroken], [timeMs, false, false]);
  const late = { time: TIME, outcome: "timeout", operation: "api", step: "headers", host: "a", limitMs: 30_000 };
  assertEquals(problemIn(late), {
    level: "warning",
    failure: "timeout",
    message: "api: the answer was not there after 30 s",
    host: "a",
  });
  assertEquals(problemIn({ ...late, outcome: "ok", elapsedMs: 5 }), null);
});

Deno.test("readLine() finds no time and no level where there is none", () => {
  for (const odd of ["{}", '{"level":null}', '{"level":{}}', '{"time":"never","level":"ERROR"}']) {
    assertEquals(read(odd).timeMs, null, odd);
  }
});

Deno.test("readLine() reads text with and without time and level", () => {
  const cases: readonly (readonly [string, string | null, "error" | "warning" | null])[] = [
    ["2026-11-25 13:01:17,232 ERROR it broke", "it broke", "error"],
    ["[2026-11-25T13:01:17.232Z] [WARN] slow", "slow", "warning"],
    ["2026-11-25 13:01:17.232 main worker ERROR it broke", "it broke", "error"],
    ["2026-11-25 13:01:17.232 INFO no error here", null, null],
  ];
  for (const [line, message, level] of cases) {
    const problem = problemIn(line);
    assertEquals([read(line).timeMs, problem?.message ?? null, problem?.level ?? null], [timeMs, message, level], line);
  }
  for (const line of ["all is well", "", "12 files", "   ", "INFO: the error was fixed"]) {
    assertEquals(problemIn(line), null, line);
  }
  assertEquals(read("connection refused by host").level, "error");
  assertEquals(read("warning: failed to read the cache").level, "warning");
});

Deno.test("readLine() tells a line that goes on with an entry from one whose time it cannot read", () => {
  for (
    const line of ["    at fetch (file:///a/b.ts:12:34)", "caused by: no route", '{"message":"x","level":"ERROR"}']
  ) {
    assertEquals([read(line).timeMs, read(line).isContinued], [null, true], line);
  }
  for (
    const line of [
      "10:00:00 ERROR it broke",
      "ERROR 27.11.2026 10:00:00 it broke",
      "Foo 24 10:00:00 box app: ERROR it broke",
      '10.0.0.1 - - [27/Nov/2026:10:00:00 +0000] "GET /" 500',
      '{"time":"never","level":"ERROR"}',
    ]
  ) assertEquals([read(line).timeMs, read(line).isContinued], [null, false], line);
});

Deno.test("readLine() finds the host in quotes and in URLs", () => {
  assertEquals(
    read('error: Cannot fetch from "B2.civitai.com:8443": late').host,
    "b2.civitai.com:8443",
  );
  assertEquals(read("ERROR GET https://x.example/a?b=1 failed").host, "x.example");
  assertEquals(read('ERROR Cannot fetch "model.safetensors"').host, null);
});

Deno.test("readLine() recognizes JSON that was cut off", () => {
  const { timeMs, isContinued, level, isBroken } = read('{"time":"2026-11-25T12:30:00Z","level":"ERR');
  assertEquals([timeMs, isContinued, level, isBroken], [null, true, null, true]);
});
