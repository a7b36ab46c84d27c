import { assertEquals } from "@std/assert";
import { describeError } from "../../../lib/cli/mod.ts";

Deno.test("describeError() reports what was denied and how to allow it", () => {
  const text = 'Requires net access to "evil.test:443", run again with the --allow-net flag';
  const described = describeError(new Deno.errors.NotCapable(text));
  assertEquals([described.code, described.exit], ["auth", 5]);
  assertEquals(described.message, 'Cannot continue: permission denied: net access to "evil.test:443"');
  assertEquals(
    described.hint,
    "If this is intended, allow it with --allow-net=evil.test:443 or in the task's permission set",
  );
  const env = describeError(
    new Deno.errors.NotCapable('Requires env access to "X", run again with the --allow-env flag'),
  );
  assertEquals(env.hint, "If this is intended, allow it with --allow-env=X or in the task's permission set");
  assertEquals(
    describeError(new Deno.errors.NotCapable("other")).message,
    "Cannot continue: permission denied (other)",
  );
});

Deno.test("describeError() asks for a plain file rather than for all permissions", () => {
  const text = 'Requires all access to "/dev/stdin", run again with the --allow-all flag';
  const { exit, message, hint } = describeError(new Deno.errors.NotCapable(text));
  assertEquals([exit, message], [2, 'Cannot open "/dev/stdin": it belongs to the system, and is no plain file']);
  assertEquals(hint, "Name a plain file; where a log is read, - stands for standard input");
});

Deno.test("describeError() treats a full disk or a foreign folder as an expected error", () => {
  const exitOf = (code: string) => {
    const { exit, message, stack } = describeError(Object.assign(new Error("No (os error)"), { code }));
    return [exit, message, stack];
  };
  for (const code of ["ENOSPC", "EDQUOT", "EROFS"]) {
    assertEquals(exitOf(code), [4, "Cannot continue: No (os error)", undefined]);
  }
  for (const code of ["EACCES", "EPERM"]) assertEquals(exitOf(code).slice(0, 2), [5, "Cannot continue: No (os error)"]);
  for (const code of ["EIO", "EBUSY"]) assertEquals(exitOf(code).slice(0, 2), [4, "Cannot continue: No (os error)"]);
  for (const code of ["ENOTDIR", "EEXIST", "EISDIR", "ELOOP", "ENAMETOOLONG"]) {
    assertEquals(exitOf(code).slice(0, 2), [2, "Cannot continue: No (os error)"], code);
  }
  assertEquals(exitOf("EBADF").slice(0, 2), [1, "Unexpected Error: No (os error)"]);
});

Deno.test("describeError() accepts circular causes", () => {
  const a = new Error("a");
  a.cause = new Error("b", { cause: a });
  assertEquals(describeError(a).causes, ["Error: b"]);
});
