import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createRedactor } from "../../lib/base/mod.ts";
import { type Command, renderResult } from "../../lib/cli/mod.ts";
import { verifyCommand } from "./sample_program.ts";

const options = { redact: createRedactor(["secret-token"]), program: "sample", width: 80, color: false };

function json(result: unknown, command: Command = verifyCommand): Promise<string> {
  return renderResult(command, result, { ...options, json: true });
}

Deno.test("renderResult() writes one JSON document that begins with schema and version", async () => {
  assertEquals(await json({ files: 3 }), '{"schema":"sample/verify","version":1,"files":3}\n');
  assertEquals(
    await json({ a: 1 }, { ...verifyCommand, schemaVersion: 2 }),
    '{"schema":"sample/verify","version":2,"a":1}\n',
  );
});

Deno.test("renderResult() wraps what is no object", async () => {
  assertEquals(await json([1]), '{"schema":"sample/verify","version":1,"result":[1]}\n');
  assertEquals(await json(null), '{"schema":"sample/verify","version":1,"result":null}\n');
  assertEquals(await json(undefined), '{"schema":"sample/verify","version":1}\n');
});

Deno.test("renderResult() keeps a result's own schema and refuses a version that would hide the schema's", async () => {
  assertEquals(await json({ a: 1, version: 4, schema: "own" }), '{"schema":"own","version":4,"a":1}\n');
  await assertRejects(() => json({ version: "1.2.0" }), TypeError, "hides the version");
});

Deno.test("renderResult() removes secrets without breaking the JSON", async () => {
  const text = await json({ url: 'https://x.test/?token=abc\\"d', own: "secret-token" });
  assertEquals(JSON.parse(text).own, "[redacted]");
  assertStringIncludes(JSON.parse(text).url, "token=[redacted]");
});

Deno.test("renderResult() writes text for people, one line break at its end", async () => {
  const text = (rendered: string) =>
    renderResult({ ...verifyCommand, render: () => rendered }, 1, { ...options, json: false });
  assertEquals(await Promise.all([text("a"), text("a\n"), text(""), text("secret-token")]), [
    "a\n",
    "a\n",
    "",
    "[redacted]\n",
  ]);
});

Deno.test("renderResult() writes nothing without a result or a way to render it", async () => {
  assertEquals(await renderResult(verifyCommand, 1, { ...options, json: false }), "");
  assertEquals(await renderResult({ ...verifyCommand, render: () => "x" }, undefined, { ...options, json: false }), "");
});

Deno.test("renderResult() waits for a command that imports its text when it is wanted", async () => {
  const command = { ...verifyCommand, render: () => Promise.resolve("a") };
  assertEquals(await renderResult(command, 1, { ...options, json: false }), "a\n");
});

Deno.test("renderResult() lets nothing foreign act on the terminal, and JSON keeps its value", async () => {
  const name = "a\x1b]0;owned\x07b\x9b2Jc\u202ed\u{e0041}";
  const render = () => name;
  assertEquals(await renderResult({ ...verifyCommand, render }, 1, { ...options, json: false }), "abcd\n");
  assertEquals(await renderResult({ ...verifyCommand, render }, 1, { ...options, color: true, json: false }), "abcd\n");
  const text = await json({ name });
  assertEquals(
    text,
    '{"schema":"sample/verify","version":1,"name":"a\\u001b]0;owned\\u0007b\\u009b2Jc\\u202ed\\udb40\\udc41"}\n',
  );
  assertEquals(JSON.parse(text).name, name);
});
