import { assertEquals } from "@std/assert";
import { findSecrets } from "../../../checks/staged/find_secrets.ts";

/** A secret that is put together here, so that this file has none. */
const KEY = ["9f86d081884c7d65", "9a2feaa0c55ad015"].join("");

function diffOf(...lines: readonly string[]): string {
  return [
    "diff --git a/docs/a.md b/docs/a.md",
    "--- a/docs/a.md",
    "+++ b/docs/a.md",
    `@@ -3,0 +7,${lines.length} @@ heading`,
    ...lines,
  ].join("\n");
}

for (
  const [line, kind] of [
    [`CIVITAI_API_KEY=${KEY}`, "an API key"],
    [`  "token": "${KEY}",`, "an API key"],
    [`https://x.example/a?X-Amz-Signature=${KEY}${KEY}&b`, "a signed URL"],
    [`ghp_${KEY}${KEY}`, "a token of GitHub"],
    [`jsrp_${KEY}${KEY}`, "a token of JSR or npm"],
    [`AKIA${KEY.slice(0, 16).toUpperCase()}`, "an access key of AWS"],
    [`-----BEGIN ${""}PRIVATE KEY-----`, "a private key"],
  ] as const
) {
  Deno.test(`findSecrets() finds ${kind} in ${line.slice(0, 20)}…`, () => {
    assertEquals(findSecrets(diffOf("+harmless", `+${line}`), ["docs/a.md"]), [{ file: "docs/a.md", line: 8, kind }]);
    assertEquals(findSecrets(diffOf(`-${line}`), ["docs/a.md"]), [], "a line that is removed");
  });
}

for (
  const line of [
    "CIVITAI_API_KEY=your key",
    `token=${"0123456789abcdef".repeat(2)}`,
    `token=${"a".repeat(32)}`,
    "X-Amz-Signature=abc",
    `sha256: ${KEY}${KEY}`,
  ]
) {
  Deno.test(`findSecrets() takes ${line.slice(0, 40)} for an example`, () => {
    assertEquals(findSecrets(diffOf(`+${line}`), ["docs/a.md"]), []);
  });
}

Deno.test("findSecrets() refuses files that hold secrets", () => {
  const files = ["api_key.md", "sub/.env", "config/dev.config", "config/dev.config.template", "docs/env.md"];
  assertEquals(findSecrets("", files).map(({ file }) => file), ["api_key.md", "sub/.env", "config/dev.config"]);
});
