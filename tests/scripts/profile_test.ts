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
    const args = ["--interval", "100", "--top", "1000", "--", "handle-issue", "--log-line", line];
    const { code, out, err } = await runProfile(folder, args);
    assertEquals(code, 0, err);
    assertStringIncludes(err, "TIMEOUT", "the output of the command is on standard error");
    const [, path] = /^(reports\/profiles\/handle-issue-\d{8}-\d{6}\.cpuprofile): .* busy/m.exec(out) ?? [];
    assert(path !== undefined, out);
    assertMatch(out, / lib\/cli\/\S+:\d+$/m);
    assertStringIncludes(out, "handle-issue: exit code 0");
    const seen = await callCommand(analyze, [join(folder, path), "--root", ROOT, "--top", "3", "--json"]);
    assertEquals(seen.code, 0, seen.err);
    const { functions, samples } = JSON.parse(seen.out);
    assertGreater(samples, 10);
    assertEquals(functions.length, 3);
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
      assertMatch(out, /^ *Self +Time +Function +Where$/m);
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

Deno.test("analyze-profile lists the functions of a recorded profile", () =>
  inTempDir(async (folder) => {
    const path = await recordHotProfile(folder);
    const { code, out, err } = await callCommand(analyze, [path, "--root", folder]);
    assertEquals(code, 0, err);
    assertMatch(out, /^ *[\d.]+ % +[\d.]+ m?s +hotLoop +hot\.ts:8$/m);
  }));

Deno.test("analyze-profile refuses other files", () =>
  inTempDir(async (folder) => {
    const missing = await callCommand(analyze, [join(folder, "none.cpuprofile")]);
    assertEquals([missing.code, missing.err.includes("no such file")], [2, true]);
    await Deno.writeTextFile(join(folder, "a.json"), "{}");
    const other = await callCommand(analyze, [join(folder, "a.json")]);
    assertEquals([other.code, other.err.includes("as a CPU profile")], [2, true]);
  }));
