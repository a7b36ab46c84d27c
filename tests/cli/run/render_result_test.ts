import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createRedactor } from "../../../lib/base/mod.ts";
import { type Command, renderResult, type RenderResultOptions } from "../../../lib/cli/mod.ts";
import { verifyCommand } from "../sample_program.ts";

const options = { redact: createRedactor(["secret-token"]), program: "sample", width: 80, color: false };

async function rendered(command: Command, result: unknown, form: Partial<RenderResultOptions>): Promise<string> {
  return (await Array.fromAsync(renderResult(command, result, { ...options, json: false, ...form }))).join("");
}

function json(result: unknown): Promise<string> {
  return rendered(verifyCommand, result, { json: true });
}

Deno.test("renderResult() writes one JSON document that starts with schema and version", async () => {
  assertEquals(await json({ files: 3 }), '{"schema":"sample/verify","version":1,"files":3}\n');
});

Deno.test("renderResult() wraps a value that is not an object", async () => {
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

Deno.test("renderResult() writes text with one line break at its end", async () => {
  const text = (written: string) => rendered({ ...verifyCommand, render: () => written }, 1, {});
  assertEquals(await Promise.all([text("a"), text("a\n"), text(""), text("secret-token")]), [
    "a\n",
    "a\n",
    "",
    "[redacted]\n",
  ]);
});

Deno.test("renderResult() writes nothing without a result or a renderer", async () => {
  assertEquals(await rendered(verifyCommand, 1, {}), "");
  assertEquals(await rendered({ ...verifyCommand, render: () => "x" }, undefined, {}), "");
});

Deno.test("renderResult() awaits a lazily imported renderer", async () => {
  const command = { ...verifyCommand, render: () => Promise.resolve("a") };
  assertEquals(await rendered(command, 1, {}), "a\n");
});

Deno.test("renderResult() shows no foreign terminal sequence, and JSON keeps its value", async () => {
  const name = "a\x1b]0;owned\x07b\x9b2Jc\u202ed\u{e0041}";
  const render = () => name;
  assertEquals(await rendered({ ...verifyCommand, render }, 1, {}), "abcd\n");
  assertEquals(await rendered({ ...verifyCommand, render }, 1, { color: true }), "abcd\n");
  const text = await json({ name });
  assertEquals(
    text,
    '{"schema":"sample/verify","version":1,"name":"a\\u001b]0;owned\\u0007b\\u009b2Jc\\u202ed\\udb40\\udc41"}\n',
  );
  assertEquals(JSON.parse(text).name, name);
});

Deno.test("renderResult() reads rows while it writes them, and only as many as it writes", async () => {
  let read = 0;
  function* rows(): Generator<{ readonly id: number; readonly text: string }> {
    for (let id = 1; id <= 5000; id++) {
      read++;
      yield { id, text: "x".repeat(100) };
    }
  }
  const pieces = renderResult(verifyCommand, { items: rows(), totals: { count: 5000 } }, { ...options, json: true });
  const first = (await pieces.next()).value as string;
  assertEquals(read < 1000, true, `${read} rows were read for the first piece`);
  const document = JSON.parse(first + (await Array.fromAsync(pieces)).join(""));
  assertEquals([document.items.length, document.items[4999].id, document.totals.count], [5000, 5000, 5000]);
});

Deno.test("renderResult() writes streamed rows like a list, with secrets removed", async () => {
  assertEquals(JSON.parse(await json({ items: new Set() })).items, []);
  assertEquals(
    JSON.parse(await json({ items: new Set(["a secret word"]), last: 1 })),
    JSON.parse(await json({ items: ["a secret word"], last: 1 })),
  );
});

/** Stands in for a program that is started in another way. */
const nameCommands = (text: string): string => text.replaceAll("sample verify", "task verify");

Deno.test("renderResult() names commands as the reader types them, except in a document", async () => {
  const render = () => "Next: sample verify";
  assertEquals(await rendered({ ...verifyCommand, render }, 1, { nameCommands }), "Next: task verify\n");
  const isDocument = () => true;
  assertEquals(await rendered({ ...verifyCommand, render, isDocument }, 1, { nameCommands }), "Next: sample verify\n");
});

Deno.test("renderResult() names commands in the fields of JSON that advise, and in no other", async () => {
  const result = { next: "sample verify", name: "sample verify", rows: [{ command: "sample verify", why: null }] };
  const shown = JSON.parse(await rendered(verifyCommand, result, { json: true, nameCommands }));
  assertEquals([shown.next, shown.name, shown.rows], ["task verify", "sample verify", [{
    command: "task verify",
    why: null,
  }]]);
  const rows = new Set([{ next: "sample verify" }]);
  const streamed = JSON.parse(await rendered(verifyCommand, { rows }, { json: true, nameCommands }));
  assertEquals(streamed.rows, [{ next: "task verify" }]);
});
