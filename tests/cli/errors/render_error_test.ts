import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createRedactor, KitError } from "../../../lib/base/mod.ts";
import { renderError } from "../../../lib/cli/mod.ts";

const cause = new TypeError("socket closed", { cause: "cable" });
const error = new KitError("network", "Cannot fetch: gone", { hint: "Try again", cause });

Deno.test("renderError() shows message and hint", () => {
  assertEquals(renderError(error), "error: Cannot fetch: gone\nhint: Try again\n");
  assertEquals(renderError(new KitError("failed", "Cannot do: no")), "error: Cannot do: no\n");
});

Deno.test("renderError() adds the causes if verbose, but never the stack of an expected error", () => {
  assertEquals(
    renderError(error, { verbose: true }),
    "error: Cannot fetch: gone\ncaused by: TypeError: socket closed\ncaused by: cable\nhint: Try again\n",
  );
});

Deno.test("renderError() shows no terminal sequence from a server", () => {
  const said = "a\x1b]52;c;ZXZpbA==\x07b\x1b[2J\x9b31mc\u202ed";
  const failure = new KitError("auth", `Cannot fetch: 401, "${said}"`, { hint: said, cause: new Error(said) });
  assertEquals(
    renderError(failure, { verbose: true }),
    'error: Cannot fetch: 401, "abcd"\ncaused by: Error: abcd\nhint: abcd\n',
  );
  const line = renderError(failure, { json: true });
  assert(!/[\p{Cc}\u202e]/u.test(line.trimEnd()), line);
  assertEquals(JSON.parse(line).error.hint, said);
});

Deno.test("renderError() shows the stack of an unexpected error only if verbose", () => {
  const bug = new RangeError("oops");
  assertEquals(renderError(bug).includes("render_error_test"), false);
  assertStringIncludes(renderError(bug), "error: Unexpected RangeError: oops\nhint: Run again with --verbose");
  assertStringIncludes(renderError(bug, { verbose: true }), "render_error_test.ts");
});

Deno.test("renderError() writes one JSON line", () => {
  const text = renderError(error, { json: true });
  assertEquals(text.split("\n").length, 2);
  assertEquals(JSON.parse(text), {
    error: { code: "network", exit: 6, message: "Cannot fetch: gone", hint: "Try again" },
  });
  assertEquals(JSON.parse(renderError("text", { json: true })).error, {
    code: "unexpected",
    exit: 1,
    message: "Unexpected failure: text",
    hint: "Run again with --verbose for details; if they do not help, report them as a bug",
  });
});

Deno.test("renderError() removes secrets everywhere", () => {
  const redact = createRedactor(["hunter2-secret"]);
  const leaky = new KitError("auth", "Cannot use hunter2-secret: no", {
    hint: "Not https://x.test/?token=abcdef",
    cause: new Error("hunter2-secret", { cause: "Bearer abcdefgh" }),
  });
  for (const json of [true, false]) {
    const text = renderError(leaky, { json, verbose: true, redact });
    assert(!/hunter2|abcdef/.test(text), text);
  }
  const bug = new Error("hunter2-secret");
  assert(!renderError(bug, { verbose: true, redact }).includes("hunter2"));
});

Deno.test("renderError() colors the labels only on request", () => {
  assertStringIncludes(renderError(error, { color: true }), "\x1b[31merror:\x1b[39m Cannot");
});
