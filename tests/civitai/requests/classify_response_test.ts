import { assertEquals, assertStringIncludes } from "@std/assert";
import { classifyResponse } from "../../../lib/civitai/mod.ts";
import { fixtureText } from "../../helpers/servers/civitai_fixture.ts";

const classify = (status: number, text: string, headers: HeadersInit = {}, hasToken = false) =>
  classifyResponse({ status, text, headers: new Headers(headers) }, {
    what: "read model 1",
    hasToken,
    nowMs: Date.UTC(2026, 0, 1),
  });

Deno.test("classifyResponse() reports the end of early access, or that it has none", () => {
  const early = classify(403, fixtureText("errors/403_early_access.json"));
  assertEquals([early.failure, early.until, early.exitCode], ["early-access", "2026-12-05T16:00:00.000Z", 5]);
  assertStringIncludes(early.message, "2026-12-05");
  assertEquals(classify(403, fixtureText("errors/403_early_access_permanent.json")).until, undefined);
});

Deno.test("classifyResponse() words its message by whether a token was sent", () => {
  const text = fixtureText("errors/401_download_login_required.json");
  const without = classify(401, text);
  const refused = classify(401, text, {}, true);
  assertStringIncludes(without.hint ?? "", "Create an API key at");
  assertStringIncludes(without.message, "it needs an API key (401, ");
  assertStringIncludes(refused.hint ?? "", "Create a new API key at");
  assertStringIncludes(refused.message, "the API key is wrong, expired or revoked (401, ");
});

Deno.test("classifyResponse() reads Retry-After as seconds and as a date", () => {
  assertEquals(classify(503, "{}", { "retry-after": "2" }).retryAfterMs, 2000);
  assertEquals(classify(429, "{}", { "retry-after": "Thu, 01 Jan 2026 00:01:00 GMT" }).retryAfterMs, 60_000);
  assertEquals(classify(429, "{}").retryAfterMs, undefined);
});

Deno.test("classifyResponse() detects a captive portal or wrong base URL by its web page", () => {
  for (const status of [200, 404]) {
    const error = classify(status, "<!DOCTYPE html><title>Welcome, log in to our hotel</title>");
    assertEquals([error.failure, error.retryable], ["unusable", false]);
    assertStringIncludes(error.hint ?? "", "base URL");
  }
});

Deno.test("classifyResponse() treats a 404 of another service as a wrong URL, and keeps one of the API", () => {
  const at = (text: string, customAddress: string | undefined) =>
    classifyResponse({ status: 404, text, headers: new Headers() }, {
      what: "list",
      hasToken: false,
      nowMs: 0,
      customAddress,
    });
  for (const text of ['{"message":"Not Found"}', '{"detail":"Not Found"}', "Cannot GET /api/v1/models", ""]) {
    const { failure, message, hint } = at(text, "http://127.0.0.1:8080");
    assertEquals(failure, "gone");
    assertStringIncludes(message, `"http://127.0.0.1:8080" responded with 404 and does not seem to be Civitai's API`);
    assertStringIncludes(hint ?? "", "--base-url");
    assertEquals(at(text, undefined).hint, undefined);
  }
  for (const name of ["download_file", "missing_model_file", "model", "user_message_only", "version"]) {
    const { message } = at(fixtureText(`errors/404_${name}.json`), "http://127.0.0.1:8080");
    assertEquals(message.includes("does not seem to be"), false, message);
  }
});

Deno.test("classifyResponse() treats an empty or invalid success as truncated", () => {
  assertEquals(classify(200, "").retryable, true);
});

Deno.test("classifyResponse() treats timeouts and closed requests as temporary", () => {
  assertEquals([classify(408, "").failure, classify(499, "").failure, classify(425, "").failure], [
    "timeout",
    "server",
    "server",
  ]);
  assertEquals(classify(418, "").failure, "rejected");
});
