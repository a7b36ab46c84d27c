import { assertEquals } from "@std/assert";
import { quoteWord, shell } from "../../lib/base/mod.ts";

/** Words that a shell would split or expand, and some that it takes as they are. */
const WORDS = [
  "a b",
  "it's",
  "",
  "$HOME",
  "*",
  "ü;",
  "-x",
  "\n",
  "~",
  "--to=~/x",
  "=ls",
  "hotfix/`id`;id",
  "HEAD~1",
  "幹",
];

Deno.test("quoteWord() quotes only words that a shell would split or expand", () => {
  const plain = [
    "main",
    "--limit-rate=5M",
    "HEAD~1",
    "HEAD^",
    "refs/heads/a:b",
    "user@host",
    "50%",
    "/a/b.c",
    "修正/認証",
  ];
  assertEquals(plain.map(quoteWord), plain);
  const special = ["a b", "it's", "", "$HOME", "~", "a:~b", "=ls", "^a"];
  assertEquals(special.map(quoteWord), ["'a b'", `'it'\\''s'`, "''", "'$HOME'", "'~'", "'a:~b'", "'=ls'", "'^a'"]);
});

Deno.test("shell() is parsed back to the same words by a shell, whole and in parts", async () => {
  const whole = WORDS.map((word) => shell`${word}`).join(" ");
  const parts = WORDS.map((word) => shell`origin/${word}...${word}`).join(" ");
  const { stdout } = await new Deno.Command("sh", { args: ["-c", `printf '%s\\0' ${whole} ${parts}`] }).output();
  const words = new TextDecoder().decode(stdout).split("\0").slice(0, -1);
  assertEquals(words, [...WORDS, ...WORDS.map((word) => `origin/${word}...${word}`)]);
});
