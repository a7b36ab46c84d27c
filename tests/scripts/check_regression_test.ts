import { assertEquals, assertStringIncludes } from "@std/assert";
import { command } from "../../scripts/check_regression.ts";
import { callCommand } from "../helpers/call_command.ts";
import { commitNumbers, numbers } from "../helpers/repository/bench_repository.ts";
import { inRepository } from "../helpers/repository/fixture_repository.ts";

Deno.test("check-regression measures two commits in turn, and fails if the current one is slower by more", () =>
  inRepository(async (fixture) => {
    await commitNumbers(fixture, numbers(1));
    await fixture.git("branch", "before");
    await commitNumbers(fixture, numbers(1.2));
    const check = (baseline: string, current: string, ...more: readonly string[]) => {
      const place = ["--repo", fixture.root, "--command", "sh bench.sh"];
      return callCommand(command, ["--baseline", baseline, "--current", current, ...place, ...more]);
    };
    const slower = await check("before", "HEAD", "--threshold=0.05", "--json");
    assertEquals(slower.code, 1, slower.err);
    const { comparison: { verdict, claims }, order } = JSON.parse(slower.out);
    assertEquals([verdict, claims[0].id, claims[0].trials], ["fail", "slowdown:fetch", 20]);
    assertEquals(order.slice(0, 6).map(({ side }: { readonly side: string }) => side[0]).join(""), "btabta");
    assertEquals((await check("before", "HEAD", "--threshold=0.3")).code, 0);
    assertEquals((await check("HEAD", "before")).code, 0);
    const gone = await check("before", "no-such-branch");
    assertEquals(gone.code, 2, gone.err);
    assertStringIncludes(gone.err, "no-such-branch");
    assertEquals((await check("before", "HEAD", "--threshold", "NaN")).code, 2);
  }));
