import { assert, assertEquals } from "@std/assert";
import { createRedactor, seededRandom } from "../../../lib/base/mod.ts";
import { assertLinearTime } from "../../helpers/assert_linear_time.ts";
import { HARMLESS_TEXTS, NEEDLE, STRICT_SECRETS, USUAL_SECRETS } from "../../helpers/secret_texts.ts";

Deno.test("createRedactor() masks the whole of a secret that begins with another one", () => {
  const redact = createRedactor(["s3cr3t", undefined, "s3cr3t-longer", "short"]);
  assertEquals(redact("s3cr3t-longer, s3cr3t, short"), "[redacted], [redacted], short");
});

Deno.test("createRedactor() replaces names in one pass, ignores case, and spares parts of words for short ones", () => {
  const substitutes = new Map([["/home/ann", "~"], ["ann", "[me]"], ["long_name", "[user-1]"], ["me", "[never]"]]);
  const redact = createRedactor([], { substitutes });
  assertEquals(redact("/home/ann/x by ANN, not in annual or me"), "~/x by [me], not in annual or me");
  assertEquals(redact("Long_Name_v2 and xlong_name"), "[user-1]_v2 and x[user-1]");
  assertEquals(redact("%2Fhome%2Fann"), "~");
});

Deno.test("createRedactor() leaves the program's own name and the site's, where a creator is called like them", () => {
  const substitutes = new Map([["civitai", "[user-1]"], ["token", "[user-2]"]]);
  const redact = createRedactor([], { substitutes });
  const own =
    'civitai-dl at https://image.civitai.com and civitai.red: civitai_dl_error_rate, CIVITAI_TOKEN, "a.civitai.info"';
  assertEquals(redact(own), own);
  assertEquals(
    redact("user:civitai, https://civitai.com/user/Civitai"),
    "user:[user-1], https://civitai.com/user/[user-1]",
  );
  assertEquals(redact("models/civitai/a.bin by civitai_fan"), "models/[user-1]/a.bin by [user-1]_fan");
});

Deno.test("createRedactor() takes names with characters that mean something in expressions", () => {
  const redact = createRedactor(["s3cr3t-token"], { substitutes: new Map([["a.b+(c)", "[user]"]]) });
  assertEquals(redact("a.b+(c) aXb+(c) s3cr3t-token"), "[user] aXb+(c) [redacted]");
});

const usual = createRedactor();
const strict = createRedactor([], { isStrict: true });

/** The text as it is, in a string of JSON, and in JSON within JSON. */
function quotedForms(text: string): readonly string[] {
  const line = JSON.stringify({ level: "ERROR", message: `before ${text} after` });
  return [text, `before ${text}`, line, JSON.stringify({ message: line, next: 1 })];
}

Deno.test("createRedactor() removes every form of a secret, and leaves JSON valid", () => {
  const all = { ...USUAL_SECRETS, ...STRICT_SECRETS };
  const lines = Object.values(all).join("\n");
  assertEquals(strict(lines).split("\n").filter((line) => line.includes(NEEDLE)), [], "all in one text");
  for (const [form, text] of Object.entries(all)) {
    for (const quoted of quotedForms(text)) {
      const redactors = form in USUAL_SECRETS ? [usual, strict] : [strict];
      for (const redact of redactors) {
        const clean = redact(quoted);
        assert(!clean.toLowerCase().includes(NEEDLE.toLowerCase()), `${form}: ${clean}`);
        if (quoted.startsWith('{"')) assertEquals(typeof JSON.parse(clean), "object", `${form}: ${clean}`);
        assertEquals(redact(clean), clean, `${form}: a second time`);
      }
    }
  }
});

Deno.test("createRedactor() keeps what is around a secret", () => {
  const texts: readonly (readonly [before: string, after: string])[] = [
    [
      "GET https://a.example/f.bin?id=1&token=abcdef&x=2 failed",
      "GET https://a.example/f.bin?id=1&token=[redacted]&x=2 failed",
    ],
    [
      "u=https%3A%2F%2Fa.example%2Fb%3Ftoken%3Dabc%26x%3D1&y=2",
      "u=https%3A%2F%2Fa.example%2Fb%3Ftoken%3D[redacted]%26x%3D1&y=2",
    ],
    ['{"token":"a b","next":"c"}', '{"token":"[redacted]","next":"c"}'],
    ['{"m":"{\\"token\\":\\"a\\"}, then"}', '{"m":"{\\"token\\":\\"[redacted]\\"}, then"}'],
    ["smtp://me:pw@mail.example:587 refused", "smtp://[redacted]@mail.example:587 refused"],
    ["Authorization: Basic YWJjOmRlZg== was sent", "Authorization: Basic [redacted] was sent"],
    ["https://hooks.slack.com/services/T1/B2/c3: 404", "https://hooks.slack.com/[redacted] 404"],
  ];
  for (const [before, after] of texts) {
    assertEquals(usual(before), after);
    assertEquals(strict(before), after);
  }
});

Deno.test("createRedactor() leaves harmless text as it is", () => {
  for (const text of HARMLESS_TEXTS) {
    for (const quoted of [text, JSON.stringify({ message: text })]) {
      assertEquals(usual(quoted), quoted);
      assertEquals(strict(quoted), quoted);
    }
  }
});

Deno.test("createRedactor() masks a known secret in every spelling, and whole where another form has only a part", () => {
  const redact = createRedactor(['s3c&r3t "x"']);
  const texts = ['s3c&r3t "x"', encodeURIComponent('s3c&r3t "x"'), JSON.stringify('s3c&r3t "x"'), '?token=s3c&r3t "x"'];
  assertEquals(texts.map(redact), ["[redacted]", "[redacted]", '"[redacted]"', "?token=[redacted]"]);
});

Deno.test("createRedactor() leaves any line of JSON valid, and a second time as it is", () => {
  const pieces = [
    ...[
      "token",
      "password",
      "cookie",
      "authorization",
      "key",
      "トークン",
      "は",
      "api key is ",
      "--token ",
      "bearer ",
      "Basic ",
    ],
    ...[
      "=",
      ":",
      '"',
      "'",
      "`",
      "\\",
      "\n",
      " ",
      "\\n",
      '\\"',
      ",",
      "[",
      "]",
      "{",
      "}",
      "<",
      ">",
      "/",
      "@",
      "?",
      "&",
      "é",
    ],
    ...["https://", "a:b@", "%3D", "%22", "%5C", "x", NEEDLE],
  ];
  const random = seededRandom(7);
  const pick = (count: number) => Math.floor(random() * count);
  for (let round = 0; round < 5000; round++) {
    const text = Array.from({ length: 1 + pick(10) }, () => pieces[pick(pieces.length)]).join("");
    const line = JSON.stringify({ text, next: 1 });
    for (const quoted of [line, JSON.stringify({ text: line, next: 2 })]) {
      for (const redact of [usual, strict]) {
        const clean = redact(quoted);
        assertEquals(typeof JSON.parse(clean).next, "number", clean);
        assertEquals(redact(clean), clean);
      }
    }
  }
});

Deno.test("createRedactor() takes linear time for any line", async () => {
  const pieces = [
    ...Object.values(USUAL_SECRETS),
    ...Object.values(STRICT_SECRETS),
    ...[
      "token",
      "token:",
      "token =",
      "token is ",
      'token":"',
      "token\\",
      "--token",
      "key=a",
      "key=a-",
      "cookie:",
      "eyJ",
      "eyJ-",
    ],
    ...[
      "eyJaaaaaaaaa.",
      "://",
      "://a",
      "%3A",
      "%253A",
      "%25",
      "https%3A%2F%2F",
      "?a=",
      "&a",
      "-----BEGIN PRIVATE KEY-----",
    ],
    ...[
      "\\",
      '\\"',
      '"',
      "a",
      "A1",
      "=",
      ":",
      " ",
      ".",
      "-",
      "@",
      "a@",
      "bearer ",
      "basic a",
      "/bot1:",
      "1234567:AA",
      ")",
      ",",
      "…",
    ],
  ];
  for (const piece of pieces) await assertLinearTime(strict, piece, { name: "strict" });
});
