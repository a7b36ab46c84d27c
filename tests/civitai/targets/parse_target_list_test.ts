import { assertEquals, assertStringIncludes } from "@std/assert";
import { parseTargetList } from "../../../lib/civitai/mod.ts";

Deno.test("parseTargetList() reads one target per line, with comments, blank lines, BOM and any line end", () => {
  const text =
    "\uFEFF# my users\r\n\r\nbrambleforge   # the best\nhttps://civitai.com/user/plum#models\r4711\n  # indented\n";
  const { targets, problems } = parseTargetList(text, { kind: "user", source: "users.txt" });
  assertEquals(problems, []);
  assertEquals(targets, [
    { line: 3, target: { type: "user", username: "brambleforge" } },
    { line: 4, target: { type: "user", username: "plum" } },
    { line: 5, target: { type: "user", username: "4711" } },
  ]);
});

Deno.test("parseTargetList() reads a bare number as a user or a model, by the kind of the list", () => {
  const of = (kind: "user" | "model" | "any") => parseTargetList("42", { kind, source: "x" }).targets[0]?.target.type;
  assertEquals([of("user"), of("model"), of("any")], ["user", "model", "model"]);
});

Deno.test("parseTargetList() reports bad lines by number and continues", () => {
  const text = "1\nnot a model\nhttps://huggingface.co/x\n2 # fine\n";
  const { targets, problems } = parseTargetList(text, { kind: "model", source: "models.txt" });
  assertEquals(targets.map(({ line }) => line), [1, 4]);
  assertEquals(problems.map(({ line, text }) => [line, text]), [[2, "not a model"], [3, "https://huggingface.co/x"]]);
  assertStringIncludes(problems[0]!.message, "models.txt:2: ");
});

Deno.test("parseTargetList() reports targets of the other kind of list", () => {
  const users = parseTargetList("https://civitai.com/models/1", { kind: "user", source: "u" });
  assertEquals(users.targets, []);
  assertStringIncludes(users.problems[0]!.message, "it is a model");
  const models = parseTargetList("user:bob\nsha256:" + "a".repeat(64), { kind: "model", source: "m" });
  assertEquals(models.targets.length, 1);
  assertStringIncludes(models.problems[0]!.message, "in a list of models: it is a user");
});

Deno.test("parseTargetList() reports a line above 4096 characters instead of throwing", () => {
  const { targets, problems } = parseTargetList(`${"x".repeat(5000)}\nbob`, { source: "u" });
  assertEquals(targets.length, 1);
  assertStringIncludes(problems[0]!.message, "5000 characters");
  assertEquals(problems[0]!.text.length, 121);
});

Deno.test("parseTargetList() shows no token from a bad line", () => {
  const { problems } = parseTargetList("https://civitai.com/none?token=abcdef123", { source: "u" });
  assertEquals(JSON.stringify(problems).includes("abcdef123"), false);
});

Deno.test("parseTargetList() stops after ten thousand bad lines and reports it", () => {
  const { targets, problems } = parseTargetList(`bob\n${"!\n".repeat(100_000)}amy\n`, { source: "u" });
  assertEquals([targets.length, problems.length], [1, 10_001]);
  assertEquals(
    problems.at(-1)?.message,
    "u:10002: Cannot use the remaining lines: 10000 lines before them are invalid",
  );
});
