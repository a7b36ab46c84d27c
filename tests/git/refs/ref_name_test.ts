import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { explainRefName } from "../../../lib/git/mod.ts";

const NAMES = [
  ...["main", "幹", "開発", "feature/監視", "x", "a.b", "a-b", "feature/-x", "a@b", "a{b}", "{", "@x", "x@", "-", "-x"],
  ...[
    "v1.0",
    "HEAD",
    "head",
    "feature/HEAD",
    "a@{b",
    "a..b",
    "a/.b",
    ".a",
    "a.",
    "a/b.",
    "a.lock",
    "a.lock/b",
    "a.lockx",
  ],
  ...[
    "a b",
    "a\tb",
    "a\u007fb",
    "a\u3000b",
    "a~b",
    "a^b",
    "a:b",
    "a?b",
    "a*b",
    "a[b",
    "a]b",
    "a\\b",
    "/a",
    "a/",
    "a//b",
    "",
  ],
  ...[
    "a+b",
    "a,b",
    "a=b",
    "a#b",
    "a%b",
    "a'b",
    'a"b',
    "a$b",
    "a&b",
    "a(b)",
    "a;b",
    "a<b",
    "a|b",
    "a!b",
    "😀",
    "é",
    "a\u0085b",
  ],
];

Deno.test("explainRefName() allows what git allows, and refuses what git refuses with a reason", async () => {
  for (const name of NAMES) {
    const { success } = await new Deno.Command("git", {
      args: ["check-ref-format", "--branch", name],
      stdout: "null",
      stderr: "null",
    }).output();
    const mistake = explainRefName(name);
    assertEquals([name, mistake === null], [name, success], String(mistake));
  }
  assert(NAMES.length > 50);
  // Git would allow a branch of that name, and take the word for HEAD in every command.
  assertEquals(explainRefName("@"), "must not be HEAD or @, which git uses itself");
  assertEquals(explainRefName("a\nb"), "must not contain control characters");
  assertStringIncludes(explainRefName("a b")!, "space");
});
