import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openEvidence, systemClock } from "../../lib/base/mod.ts";
import { readBenchDocument } from "../../lib/bench/document/bench_document.ts";
import { compareCommits } from "../../lib/bench/commits/compare_commits.ts";
import { compareBenchmarks } from "../../lib/bench/mod.ts";
import { command } from "../../scripts/benchmark_compare.ts";
import { footprint, inRepository, makeMess } from "../helpers/repository/fixture_repository.ts";
import { commitBenches, commitNumbers, numbers, workNumbers } from "../helpers/repository/bench_repository.ts";
import { callCommand } from "../helpers/call_command.ts";

const BY_SCRIPT = ["--command", "sh bench.sh"];

Deno.test("benchmark-compare names exactly the function that became slower, and keeps the checkout unchanged", () =>
  inRepository(async (fixture) => {
    const { root } = fixture;
    await commitNumbers(fixture, workNumbers({ hash: 1, parse: 1 }));
    await fixture.git("branch", "before");
    await commitNumbers(fixture, workNumbers({ hash: 1.3, parse: 1 }));
    await makeMess(fixture);
    const before = await footprint(fixture);
    const json = join(root, "..", "compare.json");
    const words = [
      "--repo",
      root,
      "--baseline",
      "before",
      "--target",
      "HEAD",
      "--runs",
      "6",
      "--output",
      json,
      ...BY_SCRIPT,
    ];
    const { code, out, err } = await callCommand(command, [...words, "--json"]);
    assertEquals(code, 1, err + out);
    assertEquals(await footprint(fixture), before);
    const document = JSON.parse(out);
    const verdicts = document.comparison.claims.map((one: { id: string; verdict: string }) => [one.id, one.verdict]);
    assertEquals(verdicts, [["slowdown:work: hash", "fail"], ["slowdown:work: parse", "pass"]]);
    assertStringIncludes(document.notes.join(), "changes that are in neither commit");
    assertEquals(document.order.slice(0, 9).map((run: { side: string }) => run.side[0]).join(""), "btabtaatb");
    const report = openEvidence(await Deno.readTextFile(json), { schema: "civitai-dl/benchmark-compare" });
    assertEquals(report.commit.sha, (await fixture.git("rev-parse", "HEAD")).trim());
  }));

Deno.test("benchmark-compare takes the two sides as words, as the specification writes them", () =>
  inRepository(async (fixture) => {
    await commitNumbers(fixture, numbers(1));
    await fixture.git("branch", "performance/phase1");
    const words = ["main", "performance/phase1", "--repo", fixture.root, "--runs", "4", ...BY_SCRIPT];
    const { code, out, err } = await callCommand(command, [...words, "--json"]);
    assertEquals(code === 0 || code === 3, true, err);
    const { baseline, target } = JSON.parse(out);
    assertEquals([baseline.name, target.name], ["main", "performance/phase1"]);
    const both = await callCommand(command, ["main", "--baseline", "main", "--repo", fixture.root]);
    assertEquals(both.code, 2);
    assertStringIncludes(both.err, 'Cannot compare with "main" and with --baseline main: both are the baseline');
    const bare = await callCommand(command, ["main", "HEAD", "--comprehensive", "--duration=30"]);
    assertEquals(bare.code, 2);
    assertStringIncludes(bare.err, "say 30m or 30s");
  }));

Deno.test("benchmark-compare passes a commit against itself", () =>
  inRepository(async (fixture) => {
    await commitNumbers(fixture, numbers(1));
    const words = ["--repo", fixture.root, "--baseline", "main", "--target", "main", "--runs", "8", ...BY_SCRIPT];
    const { code, out } = await callCommand(command, words);
    assertEquals(code, 0, out);
    assertStringIncludes(out, "Both are the same commit");
    assertMatch(out, /pass +slowdown:fetch .*\(8 runs\)/);
  }));

Deno.test("benchmark-compare exits with 0, 1 or 3 by its verdict", () =>
  inRepository(async (fixture) => {
    const first = await commitNumbers(fixture, numbers(1));
    const slower = await commitNumbers(fixture, numbers(1.2));
    const busier = await commitNumbers(fixture, numbers(1, 4));
    const compare = (baseline: string, target: string, ...more: readonly string[]) =>
      callCommand(command, [
        "--repo",
        fixture.root,
        "--baseline",
        baseline,
        "--target",
        target,
        "--runs",
        "6",
        ...BY_SCRIPT,
        ...more,
      ]);
    const worse = await compare(first, slower);
    assertEquals(worse.code, 1, worse.out + worse.err);
    assertMatch(worse.out, /fail +slowdown:fetch /);
    assertMatch(worse.out, /pass +slowdown:hits /);
    assertEquals((await compare(slower, first)).code, 0);
    const counted = await compare(first, busier);
    assertEquals(counted.code, 1);
    assertStringIncludes(counted.out, "the count grew: 3 became 4");
    const only = await compare(first, busier, "--only", "fetch");
    assertEquals([only.code, only.out.includes("hits")], [0, false]);
    const nothing = await compare(first, busier, "--only", "nothing");
    assertEquals(nothing.code, 2);
    assertStringIncludes(nothing.err, "fetch, hits");
    const alone = await commitNumbers(fixture, `echo '{"benchmarks":[{"name":"hits","value":1}]}'\n`);
    const lost = await compare(first, alone, "--only", "fetch");
    assertEquals(lost.code, 1, lost.err);
    assertMatch(lost.out, /fail +slowdown:fetch .*the candidate does not have it/);
    // A new benchmark has nothing to be compared with.
    assertEquals((await compare(alone, first, "--only", "fetch")).code, 3);
  }));

Deno.test("benchmark-compare exits with 3 if samples vary more than the threshold", () =>
  inRepository(async (fixture) => {
    // Each run prints another number, in a fixed order.
    const text = `n=$(cat n 2>/dev/null || echo 0); echo $((n + 1)) > n; v=$((1000 + 400 * (n % 5)))
echo "{\\"benchmarks\\":[{\\"name\\":\\"wild\\",\\"value\\":$v}]}"
`;
    await commitNumbers(fixture, text);
    const words = ["--repo", fixture.root, "--baseline", "HEAD", "--target", "HEAD", "--runs", "6", ...BY_SCRIPT];
    const { code, out, err } = await callCommand(command, words);
    assertEquals(code, 3, out + err);
    assertMatch(out, /^HEAD against HEAD: inconclusive\n/);
  }));

Deno.test("benchmark-compare reports benchmarks that disappear, throw or do not exist", () =>
  inRepository(async (fixture) => {
    const good = await commitBenches(fixture, { hash: 1000, parse: 1000 });
    const bench = (text: string) => fixture.write("benchmarks/work_bench.ts", text);
    await bench(`Deno.bench({ name: "hash", group: "work", n: 50, fn() {} });\n`);
    const gone = await fixture.commit("gone");
    await bench(
      `Deno.bench({ name: "sort", group: "work", n: 50, fn() {} });\n` +
        `Deno.bench({ name: "parse", group: "work", n: 50, fn() { throw new Error("out of order"); } });\n`,
    );
    const throwing = await fixture.commit("throws");
    await bench("export {};\n");
    const empty = await fixture.commit("empty");
    await Deno.remove(join(fixture.root, "benchmarks"), { recursive: true });
    const none = await fixture.commit("none");
    const compare = (baseline: string, target: string, ...more: readonly string[]) =>
      callCommand(command, [
        ...["--repo", fixture.root, "--baseline", baseline, "--target", target, "--runs", "4"],
        ...more,
      ]);
    // Each run of Deno.bench() takes half a second of processor time, and the command makes at least four rounds of three.
    const only = await compareCommits({
      folder: fixture.root,
      baseline: good,
      target: gone,
      runs: 1,
      durationMs: undefined,
      timeLimitMs: 60_000,
      margin: 0.05,
      command: null,
      only: ["parse"],
      onProgress() {},
      signal: new AbortController().signal,
    });
    const { verdict, claims } = compareBenchmarks(only.baselineBenchmarks, only.benchmarks);
    assertEquals([verdict, claims.map((one) => [one.id, one.reason])], ["fail", [[
      "slowdown:work: parse",
      "the candidate does not have it",
    ]]]);
    const nothing = await compare(good, gone, "--only", "hazh");
    assertEquals(nothing.code, 2, nothing.out);
    assertStringIncludes(nothing.err, "neither baseline nor candidate has a benchmark of that name");
    assertStringIncludes(nothing.err, "Available: work: hash, work: parse;");
    assertEquals(/Deno\.bench|has no benchmarks/.test(nothing.err), false, nothing.err);
    const group = await compare(gone, throwing, "--only", "work");
    assertEquals(group.code, 2, group.out);
    assertStringIncludes(group.err, 'Available: work: hash, work: sort, work: parse; the part before ": " is a group');
    assertMatch((await compare(empty, empty, "--only", "hash")).err, /the baseline has no benchmarks/);
    const broken = await compare(good, throwing);
    assertEquals(broken.code, 1, broken.err);
    assertMatch(broken.out, /fail +slowdown:work: hash .*the candidate does not have it/);
    assertMatch(broken.out, /fail +slowdown:work: parse .*in the candidate: it threw "out of order"/);
    for (const side of [empty, none]) {
      const { code, err } = await compare(good, side);
      assertEquals(code, 2, err);
      assertMatch(err, /no benchmarks|no bench files in the target/);
    }
  }));

Deno.test("benchmark-compare reports a missing commit or repository", () =>
  inRepository(async (fixture) => {
    await commitNumbers(fixture, numbers(1));
    const cases: readonly (readonly [words: readonly string[], said: string])[] = [
      [["--repo", fixture.root, "--baseline", "mian"], "Did you mean main?"],
      [["--repo", join(fixture.root, ".."), "--baseline", "main"], "it is not in a git working tree"],
      [["--repo", fixture.root, "--baseline", "main", "--output", "x.pdf"], '"x.pdf"'],
      [["--repo", fixture.root, "--runs", "3"], "--runs"],
      [["--repo", fixture.root, "--runs", "201"], "at most 200"],
      [["--repo", fixture.root, "--duration", "0", "--comprehensive"], "--duration"],
      [["--repo", fixture.root, "--threshold", "-1"], "--threshold"],
      [["--repo", fixture.root, "--duration", "1m"], "--duration without --comprehensive"],
      [["--repo", fixture.root, "--downloads", "--command", "sh bench.sh"], "Cannot measure downloads with --command"],
      [["--repo", fixture.root, "--baseline", "merge-base"], "it is on main"],
    ];
    for (const [words, said] of cases) {
      const { code, err } = await callCommand(command, words);
      assertEquals(code, 2, words.join(" "));
      assertStringIncludes(err, said);
    }
  }));

Deno.test("benchmark-compare keeps the checkout unchanged when it is killed, and cleans up in the next run", () =>
  inRepository(async (fixture) => {
    await commitNumbers(fixture, `touch "$MARK"; sleep 5\n`);
    await makeMess(fixture);
    const before = await footprint(fixture);
    const folder = join(fixture.root, "..");
    const env = { TMPDIR: folder, MARK: join(folder, "running") };
    const words = ["--repo", fixture.root, "--baseline", "HEAD", "--target", "HEAD", "--runs", "4", ...BY_SCRIPT];
    const run = (...more: readonly string[]) =>
      new Deno.Command(Deno.execPath(), {
        args: ["run", "-q", "--no-prompt", "-P=benchmark", "scripts/benchmark_compare.ts", ...words, ...more],
        env,
        cwd: ROOT,
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
    const killed = run();
    while (!await exists(env.MARK)) await systemClock.sleep(20);
    killed.kill("SIGKILL");
    await killed.output();
    const left = await footprint(fixture) as { worktrees: string };
    assertEquals(left.worktrees.match(/^worktree /gm)!.length, 4);
    // It ends during its first run, which takes too long.
    const next = await run("--time-limit", "1s").output();
    assertMatch(new TextDecoder().decode(next.stderr), /Removed what a killed run had left[^]*Removed what/);
    assertEquals(next.code, 3);
    assertEquals(await footprint(fixture), before);
  }));

Deno.test("benchmark-compare creates the folder of its report, or fails before it measures", () =>
  inRepository(async (fixture) => {
    await commitNumbers(fixture, numbers(1));
    const folder = join(fixture.root, "..");
    const words = ["--repo", fixture.root, "--baseline", "main", "--target", "main", "--runs", "4", ...BY_SCRIPT];
    const path = join(folder, "reports", "new", "compare.json");
    const made = await callCommand(command, [...words, "--output", path]);
    assertStringIncludes(made.out, "Both are the same commit", made.err);
    assertEquals(openEvidence(await Deno.readTextFile(path)).schema, "civitai-dl/benchmark-compare");
    await Deno.mkdir(join(folder, "folder.json"));
    for (const impossible of [join(path, "compare.md"), join(folder, "folder.json")]) {
      const { code, err } = await callCommand(command, [...words, "--output", impossible]);
      assertEquals(code, 2, err);
      assertStringIncludes(err, `Cannot write "${impossible}"`);
      assertEquals(err.includes("warm-up"), false, err);
    }
  }));

Deno.test("benchmark-compare keeps its result if it cannot write the step summary", () =>
  inRepository(async (fixture) => {
    await commitNumbers(fixture, numbers(1));
    const words = ["main", "main", "--repo", fixture.root, "--runs", "4", ...BY_SCRIPT];
    const { out, err } = await callCommand(command, words, { GITHUB_STEP_SUMMARY: fixture.root });
    assertMatch(out, /slowdown:fetch /);
    assertStringIncludes(err, `Cannot write the step summary "${fixture.root}"`);
  }));

Deno.test("compareCommits() reports that a duration exceeds the comparable rounds", () =>
  inRepository(async (fixture) => {
    await commitNumbers(fixture, numbers(1));
    const { notes, runs } = await compareCommits({
      folder: fixture.root,
      baseline: "main",
      target: "main",
      runs: 2,
      durationMs: 60_000,
      maxRuns: 4,
      timeLimitMs: 60_000,
      margin: 0.05,
      command: "sh bench.sh",
      only: [],
      onProgress() {},
      signal: new AbortController().signal,
    });
    assertEquals(runs, 4);
    assertMatch(notes.join(), /would have held \d+ rounds more; 4 are the most/);
  }));

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

Deno.test("benchmark-compare of a subset states that in its report, which is readable even if the target lost it all", () =>
  inRepository(async (fixture) => {
    const first = await commitNumbers(fixture, numbers(1));
    const lost = await commitNumbers(fixture, 'echo \'{"benchmarks":[{"name":"other","value":1}]}\'\n');
    const output = join(fixture.root, "..", "lost.json");
    const words = ["--repo", fixture.root, "--baseline", first, "--target", lost, "--runs", "4", "--only", "fetch"];
    const { code, out, err } = await callCommand(command, [...words, ...BY_SCRIPT, "--output", output]);
    assertEquals(code, 1, out + err);
    const { only, benchmarks } = await readBenchDocument(output);
    assertEquals([only, benchmarks], [["fetch"], []]);
  }));
