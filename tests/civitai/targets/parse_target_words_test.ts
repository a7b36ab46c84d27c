import { assert, assertEquals } from "@std/assert";
import { parseTargetWords } from "../../../lib/civitai/mod.ts";

const wordsOf = (...texts: readonly string[]) => {
  const { targets, problems } = parseTargetWords(texts);
  return { types: targets.map(({ type }) => type), bad: problems.map(({ target }) => target) };
};

Deno.test("parseTargetWords() splits at spaces, commas, semicolons and lines, in every script", () => {
  assertEquals(wordsOf("1,2;3 user:a\r\nversion:4\t5、6，7\u3000<8>").types, [
    "model",
    "model",
    "model",
    "user",
    "version",
    "model",
    "model",
    "model",
    "model",
  ]);
  assertEquals(wordsOf("\uFEFF# a comment\n1 # another, 2\n\n", " ", "user:光x").types, ["model", "user"]);
});

Deno.test("parseTargetWords() takes no id out of an address", () => {
  assertEquals(wordsOf("https://civitai.com/api/v1/models?ids=1,2"), {
    types: [],
    bad: ["https://civitai.com/api/v1/models?ids=1,2"],
  });
  assertEquals(wordsOf("5,https://civitai.com/models/1,https://civitai.com/models/2,").types, [
    "model",
    "model",
    "model",
  ]);
});

Deno.test("parseTargetWords() takes addresses and hashes as they are", () => {
  const hash = "9D4F2C0A8B7E6D5C4B3A29181706F5E4D3C2B1A09F8E7D6C5B4A392817060504";
  const words = [
    `sha256:${hash}`,
    hash,
    "urn:air:sdxl:lora:civitai:1@2",
    "https://civitai.com/api/download/models/4?type=Model&format=SafeTensor&size=full&fp=fp16",
    "https://civitai.com/models/1/a-name?modelVersionId=2",
  ];
  assertEquals(wordsOf(words.join("\n")), { types: ["hash", "hash", "air", "version", "model"], bad: [] });
});

Deno.test("parseTargetWords() does not repeat an address with a token, a password or a signature", () => {
  const secrets = [
    "https://civitai.com/api/download/models/1?token=abc123",
    "https://user:pass1234@civitai.com/models/1",
    "civitai.com/models/1?api_key=abc123",
    "https://b2.civitai.com/file?X-Amz-Signature=abc123&X-Amz-Credential=zzz",
    "https://civitai.com/models/1#access_token=abc123",
  ];
  const { targets, problems } = parseTargetWords([`1 ${secrets.join(" ")}`]);
  assertEquals(targets.length, 1);
  assertEquals(problems.map(({ target }) => target), ["word 2", "word 3", "word 4", "word 5", "word 6"]);
  const text = JSON.stringify(problems);
  assert(!/abc123|pass1234|zzz/.test(text), text);
});

Deno.test("parseTargetWords() shortens a long word", () => {
  const [short, long] = parseTargetWords([`${"a/".repeat(100)}\n${"b".repeat(5000)}`]).problems;
  assertEquals([short!.target.length, long!.target.length], [121, 121]);
  assert(long!.message.length < 200, long!.message);
});
