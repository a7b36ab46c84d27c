import { assert, assertEquals, assertGreater, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { command as analyze } from "../../scripts/analyze_profile.ts";
import { command as profile } from "../../scripts/profile.ts";
import { callCommand } from "../helpers/call_command.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { recordHotProfile } from "../profiling/_recorded_profile.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Start `profile` as its task does, in a folder of its own. */
function startProfile(folder: string, args: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "-P=profiling", join(ROOT, "scripts/profile.ts"), ...args],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function runProfile(folder: string, args: readonly string[]) {
  const { code, stdout, stderr } = await startProfile(folder, args).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

Deno.test("profile writes a profile of a command that may not write, and shows what it spent its time on", () =>
  inTempDir(async (folder) => {
    const line = "2026-11-25 ERROR TIMEOUT civitai.com";
    // The command spends some milliseconds in each folder, of which a sample each millisecond may see nothing.
    const args = ["--interval", "100", "--", "handle-issue", "--log-line", line];
    const { code, out, err } = await runProfile(folder, args);
    assertEquals(code, 0, err);
    assertStringIncludes(err, "TIMEOUT", "the output of the command is on standard error");
    const [, path] = /^(reports\/profiles\/handle-issue-\d{8}-\d{6}\.cpuprofile): .* busy/m.exec(out) ?? [];
    assert(path !== undefined, out);
    assertMatch(out, /^lib\/cli +[\d.]+ %/m);
    assertStringIncludes(out, "handle-issue: exit code 0");
    const seen = await callCommand(analyze, [join(folder, path), "--root", ROOT, "--json"]);
    assertEquals(seen.code, 0, seen.err);
    const { groups, samples } = JSON.parse(seen.out);
    assertGreater(samples, 10);
    assert(groups.some(({ group }: { group: string }) => group === "lib/monitor"), JSON.stringify(groups));
  }));

Deno.test("profile exits as the command does, and has one document on standard output with --json", () =>
  inTempDir(async (folder) => {
    const { code, out, err } = await runProfile(folder, ["--json", "-o", "a.cpuprofile", "--", "download", "--nope"]);
    assertEquals(code, 2, err);
    const result = JSON.parse(out);
    assertEquals([result.schema, result.exitCode, result.command], [
      "civitai-dl/profile",
      2,
      ["download", "--nope"],
    ]);
    assertEquals(result.profile, join(folder, "a.cpuprofile"));
  }));

Deno.test({
  name: "profile passes on the signal that stops it, and the profile is written",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inTempDir(async (folder) => {
      // The rate keeps the download from ending before the signal.
      const download = ["--sandbox", "-o", "lib", "--yes", "--reserve", "0", "--limit-rate", "10k"];
      const child = startProfile(folder, ["-o", "a.cpuprofile", "--", ...download, "--user", "brambleforge"]);
      const seen = Promise.withResolvers<void>();
      let err = "";
      const reading = child.stderr.pipeThrough(new TextDecoderStream()).pipeTo(
        new WritableStream({
          write(text) {
            err += text;
            if (err.includes("Plan: ")) seen.resolve();
          },
        }),
      );
      await Promise.race([seen.promise, child.status]);
      child.kill("SIGINT");
      const out = await new Response(child.stdout).text();
      const { code } = await child.status;
      await reading;
      assertEquals(code, 130, err + out);
      assertStringIncludes(out, "download: exit code 130");
      assertMatch(out, /^lib\/sandbox +[\d.]+ %/m);
      assertGreater((await Deno.stat(join(folder, "a.cpuprofile"))).size, 1000);
    }),
});

for (
  const [args, message, hint] of [
    [["--", "verfy"], 'Cannot profile "verfy": there is no such command', "verify"],
    [["--", "zzzzzzzzz"], 'Cannot profile "zzzzzzzzz"', "--help"],
    [["--", "profile", "--", "list"], "Cannot profile the profiler", ""],
    [["-o", "a.txt", "--", "list"], "the name of a profile ends with .cpuprofile", ""],
    [[], "Missing argument COMMAND", ""],
  ] as const
) {
  Deno.test(`profile refuses ${args.length === 0 ? "nothing" : args.join(" ")}`, async () => {
    const { code, err } = await callCommand(profile, args);
    assertEquals(code, 2);
    assertStringIncludes(err, message);
    assertStringIncludes(err, hint);
  });
}

Deno.test("analyze-profile shows a recorded profile as text, and writes a flame graph and a page", () =>
  inTempDir(async (folder) => {
    const path = await recordHotProfile(folder);
    const svg = join(folder, "flame.svg");
    const html = join(folder, "page.html");
    const { code, out, err } = await callCommand(analyze, [path, "--root", folder, "-o", svg, "--output", html]);
    assertEquals(code, 0, err);
    assertMatch(out, /^[\d.]+ % +[\d.]+ % +hotLoop +hot\.ts:8 +11 \(\d+ %\)/m);
    assertMatch(out, /^hot\.ts +[\d.]+ %/m);
    assertStringIncludes(out, "Written: ");
    for (const written of [svg, html]) assertStringIncludes(await Deno.readTextFile(written), "hotLoop");
  }));

Deno.test("analyze-profile notes sources that changed or are gone", () =>
  inTempDir(async (folder) => {
    const path = await recordHotProfile(folder);
    await Deno.utime(path, new Date(0), new Date(0));
    const changed = await callCommand(analyze, [path, "--root", folder]);
    assertStringIncludes(changed.out, "1 source changed after the profile was recorded");
    await Deno.remove(join(folder, "hot.ts"));
    const gone = await callCommand(analyze, [path, "--root", folder]);
    assertStringIncludes(gone.out, "hot.ts:8 (line as in the profile)");
    assertStringIncludes(gone.out, "1 source could not be read or transpiled");
  }));

Deno.test("analyze-profile compares two profiles, and warns about noise", () =>
  inTempDir(async (folder) => {
    const path = await recordHotProfile(folder);
    const same = await callCommand(analyze, [path, "--compare", path, "--root", folder, "--json"]);
    assertEquals([same.code, JSON.parse(same.out).comparison], [0, { file: path, groups: [], functions: [] }]);
    const other = join(folder, "other.cpuprofile");
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(other, text.replaceAll('"hotLoop"', '"otherLoop"'));
    const html = join(folder, "page.html");
    const { out } = await callCommand(analyze, [path, "--compare", other, "--root", folder, "-o", html]);
    assertMatch(out, /^hotLoop \(hot\.ts\) +0\.0 % +[\d.]+ % +\+[\d.]+ +±[\d.]+ +beyond the noise/m);
    assertMatch(out, /^otherLoop \(hot\.ts\) +[\d.]+ % +0\.0 % +−/m);
    assertStringIncludes(out, "two runs of the same code differ by more");
    assertStringIncludes(await Deno.readTextFile(html), "Compared: functions");
  }));

Deno.test("analyze-profile refuses other files and other endings", () =>
  inTempDir(async (folder) => {
    const missing = await callCommand(analyze, [join(folder, "none.cpuprofile")]);
    assertEquals([missing.code, missing.err.includes("no such file")], [2, true]);
    const path = await recordHotProfile(folder);
    const ending = await callCommand(analyze, [path, "-o", join(folder, "a.pdf")]);
    assertEquals([ending.code, ending.err.includes("should end with .html or .svg")], [2, true]);
  }));
