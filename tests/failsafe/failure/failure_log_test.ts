import { assert, assertEquals, assertLessOrEqual, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { createRedactor } from "../../../lib/base/mod.ts";
import { FailureError, FailureLog } from "../../../lib/failsafe/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

async function linesOf(path: string): Promise<readonly Record<string, unknown>[]> {
  const text = await Deno.readTextFile(path);
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

Deno.test("FailureLog writes the specified fields and its own", () =>
  inTempDir(async (folder) => {
    const log = new FailureLog(join(folder, "logs"), { version: "1.2.3", clock: new FakeClock() });
    log.write({
      error: new FailureError("stall", 'Cannot fetch "a": nothing came'),
      mode: "parallel",
      host: "b2.example.com",
      attempt: 2,
      breaker: "half-open",
    });
    log.write({ error: "a text" });
    assertEquals(await linesOf(log.path), [
      {
        timestamp: "2026-01-01T00:00:00.000Z",
        "error_type": "FailureError",
        "error_message": 'Cannot fetch "a": nothing came',
        version: "1.2.3",
        "failure_count": 1,
        class: "stall",
        mode: "parallel",
        host: "b2.example.com",
        attempt: 2,
        breaker: "half-open",
        "refused_by": null,
      },
      {
        timestamp: "2026-01-01T00:00:00.000Z",
        "error_type": "string",
        "error_message": "a text",
        version: "1.2.3",
        "failure_count": 2,
        class: "unknown",
        mode: null,
        host: null,
        attempt: null,
        breaker: null,
        refused_by: null,
      },
    ]);
  }));

Deno.test("FailureLog writes no secret and truncates long messages", () =>
  inTempDir(async (folder) => {
    const log = new FailureLog(folder, { version: "1", redact: createRedactor(["s3cr3t-token"]) });
    log.write({ error: new Error("GET https://x/y?X-Amz-Signature=abcdef&a=1 with s3cr3t-token") });
    log.write({ error: new Error("long ".repeat(1e6)), host: "s3cr3t-token.example.com" });
    const text = await Deno.readTextFile(log.path);
    assert(!text.includes("abcdef") && !text.includes("s3cr3t-token"));
    assertLessOrEqual(text.length, 3000);
    assertEquals((await linesOf(log.path)).length, 2);
  }));

Deno.test("FailureLog reports once that it cannot write", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    const warnings: string[] = [];
    const onWarning = (message: string) => warnings.push(message);
    const log = new FailureLog(join(folder, "file", "logs"), { version: "1", onWarning });
    for (let i = 0; i < 3; i++) log.write({ error: new Error("x") });
    assertEquals(warnings.length, 1);
    assertStringIncludes(warnings[0]!, "Cannot write");
  }));
