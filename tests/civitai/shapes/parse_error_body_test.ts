import { assertEquals } from "@std/assert";
import { parseErrorBody } from "../../../lib/civitai/mod.ts";
import { assertLinearTime } from "../../helpers/assert_linear_time.ts";
import { fixtureText } from "../../helpers/servers/civitai_fixture.ts";

const SAID: readonly (readonly [string, string, string])[] = [
  ["a plain text", "404_model.json", "No model with id 999999999"],
  ["a Zod error that holds issues as text", "400_zod_error_object.json", "limit: Too big: expected number to be <=100"],
  ["a list of issues", "400_issue_array.json", "limit: Too big: expected number to be <=100"],
  ["a prettified text of many lines", "400_prettified_id.json", "✖ Too small: expected number to be >0 → at id"],
  ["a flattened form", "400_flattened.json", "limit: Too big: expected number to be <=100"],
  ["a message without error", "404_user_message_only.json", "User not found"],
  ["a text with a code", "429_throttled_trpc.json", "Too many requests"],
  ["a message beside an empty error", "500_unexpected.json", "An unexpected error occurred"],
  ["words before issues", "400_by_hash_ids.json", "Request must include an array of SHA256 Hashes. 0: Invalid hash"],
  [
    "error and message",
    "403_early_access_permanent.json",
    "Early Access: This asset is in Early Access. You can use Buzz access it now!",
  ],
  ["a Cloudflare page", "cloudflare_502.html", "civitai.com | 502: Bad gateway"],
  ["R2's XML", "r2_403_expired.xml", "Request has expired"],
  ["B2's JSON", "b2_401_expired.json", "Authorization token has expired"],
];

for (const [shape, name, message] of SAID) {
  Deno.test(`parseErrorBody() reads ${shape}`, () =>
    assertEquals(parseErrorBody(fixtureText(`errors/${name}`)).message, message));
}

Deno.test("parseErrorBody() reads deadline and format", () => {
  const of = (name: string) => parseErrorBody(fixtureText(`errors/${name}`));
  assertEquals(of("403_early_access.json").deadline, "2026-12-05T16:00:00.000Z");
  assertEquals(
    ["cloudflare_502.html", "r2_404_nosuchkey.xml", "401_unauthorized.json"].map((name) => of(name).format),
    ["html", "xml", "json"],
  );
});

Deno.test("parseErrorBody() handles an empty body, plain text and JSON without a message", () => {
  assertEquals(parseErrorBody(" \n"), { format: "empty", message: "", deadline: null });
  assertEquals(parseErrorBody("File not found"), {
    format: "text",
    message: "File not found",
    deadline: null,
  });
  assertEquals(parseErrorBody("[1]").message, "");
  assertEquals(parseErrorBody('{"error":7,"deadline":"soon"}'), {
    format: "json",
    message: "",
    deadline: null,
  });
  assertEquals(parseErrorBody('"no"').message, "no");
});

Deno.test("parseErrorBody() truncates long messages", () => {
  assertEquals(parseErrorBody("x".repeat(9000)).message.length, 301);
});

Deno.test("parseErrorBody() removes terminal sequences, line ends and invisible characters", () => {
  const said = "a\x1b]0;owned\x07b\x1b[2Jc\r\nd\u202ee\x9b31mf";
  assertEquals(parseErrorBody(JSON.stringify({ error: said })).message, "abc def");
  assertEquals(parseErrorBody(said).message, "abc def");
  assertEquals(parseErrorBody(`<html><title>${said}</title>`).message, "abc def");
});

Deno.test("parseErrorBody() reads issues nested thousands of levels deep", () => {
  const nested = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
  for (const part of [`"fieldErrors":{"a":${nested}}`, `"formErrors":${nested}`, `"message":"x"`]) {
    parseErrorBody(`{"error":{${part}}}`);
  }
  assertEquals(parseErrorBody(`{"error":[{"path":${nested},"message":"bad"}]}`).message, "bad");
});

Deno.test("parseErrorBody() takes linear time for any body", async () => {
  const pieces = ["<title", "<title>", "<Message", "[ ", "[{", '"\\', "\x1b]", " \n", "<", '{"error":"['];
  for (const piece of pieces) {
    for (const begin of ["", "<", "<?xml", '{"error":"']) {
      await assertLinearTime((text) => parseErrorBody(begin + text), piece, { name: "parseErrorBody()" });
    }
  }
});
