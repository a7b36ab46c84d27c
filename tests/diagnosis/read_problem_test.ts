import { assertEquals } from "@std/assert";
import { readProblem } from "../../lib/diagnosis/read_problem.ts";

const TIME = "2026-11-25T13:01:17.232Z";
const timeMs = Date.parse(TIME);

function read(value: unknown) {
  return readProblem(typeof value === "string" ? value : JSON.stringify(value));
}

Deno.test("readProblem() reads the lines of this program", () => {
  assertEquals(read({ time: TIME, level: "INFO", type: "plan" }), {
    timeMs,
    isContinued: false,
    problem: null,
    isBroken: false,
  });
  assertEquals(
    read({ time: TIME, level: "ERROR", type: "end", host: "b2.civitai.com", failure: "server", message: "HTTP 500" })
      .problem,
    { level: "error", failure: "server", message: "HTTP 500", host: "b2.civitai.com" },
  );
  assertEquals(
    read({ level: "WARN", type: "retry", failure: "timeout" }).problem?.message,
    "Retry after this failure: timeout",
  );
  assertEquals(
    read({ level: "WARN", type: "api-retry", what: "read model 12", failure: "server" }).problem?.message,
    "Retry to read model 12 after server",
  );
  assertEquals(read({ level: "WARN", type: "breaker", key: "a.example", reason: "6 of 10 failed" }).problem, {
    level: "warning",
    failure: null,
    message: "breaker: 6 of 10 failed",
    host: "a.example",
  });
  assertEquals(
    read({ timestamp: TIME, error_type: "FailureError", error_message: "late", class: "stall", host: null }),
    {
      timeMs,
      isContinued: false,
      problem: { level: "error", failure: "stall", message: "late", host: null },
      isBroken: false,
    },
  );
  const late = { time: TIME, outcome: "timeout", operation: "api", phase: "headers", host: "a", limitMs: 30_000 };
  assertEquals(read(late).problem, {
    level: "warning",
    failure: "timeout",
    message: "api: the answer was not there after 30 s",
    host: "a",
  });
  assertEquals(read({ ...late, outcome: "ok", elapsedMs: 5 }).problem, null);
});

Deno.test("readProblem() finds no time and no level where there is none", () => {
  for (const odd of ["{}", '{"level":null}', '{"level":{}}', '{"time":"never","level":"ERROR"}']) {
    assertEquals(read(odd).timeMs, null, odd);
  }
});

Deno.test("readProblem() reads text with and without time and level", () => {
  const cases: readonly (readonly [string, string | null, "error" | "warning" | null])[] = [
    ["2026-11-25 13:01:17,232 ERROR it broke", "it broke", "error"],
    ["[2026-11-25T13:01:17.232Z] [WARN] slow", "slow", "warning"],
    ["2026-11-25 13:01:17.232 main worker ERROR it broke", "it broke", "error"],
    ["2026-11-25 13:01:17.232 INFO no error here", null, null],
  ];
  for (const [line, message, level] of cases) {
    const { problem, timeMs: at } = read(line);
    assertEquals([at, problem?.message ?? null, problem?.level ?? null], [timeMs, message, level], line);
  }
  for (const line of ["all is well", "", "12 files", "   ", "INFO: the error was fixed"]) {
    assertEquals(read(line).problem, null, line);
  }
  assertEquals(read("connection refused by host").problem?.level, "error");
  assertEquals(read("warning: failed to read the cache").problem?.level, "warning");
});

Deno.test("readProblem() tells a line that goes on with an entry from one whose time it cannot read", () => {
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

Deno.test("readProblem() finds the host in quotes and in URLs", () => {
  assertEquals(
    read('error: Cannot fetch from "B2.civitai.com:8443": late').problem?.host,
    "b2.civitai.com:8443",
  );
  assertEquals(read("ERROR GET https://x.example/a?b=1 failed").problem?.host, "x.example");
  assertEquals(read('ERROR Cannot fetch "model.safetensors"').problem?.host, null);
});

Deno.test("readProblem() recognizes JSON that was cut off", () => {
  assertEquals(read('{"time":"2026-11-25T12:30:00Z","level":"ERR'), {
    timeMs: null,
    isContinued: true,
    problem: null,
    isBroken: true,
  });
});
