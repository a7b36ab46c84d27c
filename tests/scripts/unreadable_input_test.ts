import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram } from "../helpers/run_program.ts";
import { startProgram } from "../helpers/start_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

for (
  const { name, args, said } of [
    { name: "default_output_dir.txt", args: ["list"], said: 'Cannot read "default_output_dir.txt": it is a folder' },
    { name: "civitai-dl.yml", args: ["list"], said: 'Cannot read configuration "civitai-dl.yml": it is a folder' },
    {
      name: "api_key.md",
      args: ["search", "x", "--base-url", "http://127.0.0.1:1"],
      said: 'Cannot read the API key from "api_key.md": it is a folder\nhint: Take it away',
    },
    { name: "some", args: ["download", "--from", "none"], said: 'Cannot read "none" of --from: no such file' },
    { name: "some", args: ["download", "--from", "some"], said: 'Cannot read "some" of --from: it is a folder' },
  ] as const
) {
  Deno.test(`${args.slice(0, 3).join(" ")} exits with 2 and a plain message for a folder ${name}`, () =>
    inTempDir(async (folder) => {
      await Deno.mkdir(join(folder, name));
      const options = { folder, origins: ["http://127.0.0.1"], env: { XDG_CONFIG_HOME: folder } };
      const { code, stderr } = await runProgram(args, options);
      assertStringIncludes(stderr, said);
      assertEquals(code, 2);
    }));
}

for (
  const { name, args, said, exit } of [
    {
      name: "default_output_dir.txt",
      args: ["list"],
      said: 'Cannot use "default_output_dir.txt": a device or a pipe is in its place',
      exit: 4,
    },
    {
      name: "civitai-dl.yml",
      args: ["list"],
      said: 'Cannot use "civitai-dl.yml": a device or a pipe is in its place',
      exit: 4,
    },
    {
      name: "api_key.md",
      args: ["search", "x", "--base-url", "http://127.0.0.1:1"],
      said: 'Cannot use "api_key.md": a device or a pipe is in its place',
      exit: 4,
    },
    {
      name: "key",
      args: ["search", "x", "--base-url", "http://127.0.0.1:1", "--token-file", "key"],
      said: 'Cannot read the API key from "key": it is a device or a pipe, and the file is read more than once',
      exit: 2,
    },
  ] as const
) {
  Deno.test(`${args[0]} does not wait for a pipe in the place of ${name}`, () =>
    inTempDir(async (folder) => {
      await new Deno.Command("mkfifo", { args: [join(folder, name)] }).output();
      const options = { folder, origins: ["http://127.0.0.1"], env: { XDG_CONFIG_HOME: folder } };
      const program = startProgram(args, options);
      const deadline = setTimeout(() => program.kill("SIGKILL"), 20_000);
      const { code, stderr } = await program.ended;
      clearTimeout(deadline);
      assertStringIncludes(stderr, said);
      assertEquals(code, exit);
    }));
}

Deno.test("a named pipe that nobody fills ends at the first signal", () =>
  inTempDir(async (folder) => {
    await Deno.mkdir(join(folder, ".civitai-dl"));
    const calls = [
      ["cli.ts", "download", "--sandbox", "--users"],
      ["cli.ts", "config", "check", "--config"],
      ["cli.ts", "check-alerts", "--library", ".", "--config"],
      ["cli.ts", "analyze-errors", "--log-file"],
      ["scripts/analyze_profile.ts"],
    ] as const;
    const codes = await Promise.all(calls.map(async ([script, ...words], index) => {
      const pipe = join(folder, `pipe-${index}`);
      await new Deno.Command("mkfifo", { args: [pipe] }).output();
      const program = new Deno.Command(Deno.execPath(), {
        args: ["run", "-qA", join(ROOT, script), ...words, pipe],
        cwd: folder,
        env: { XDG_CONFIG_HOME: folder },
        stdin: "null",
        stdout: "null",
        stderr: "piped",
      }).spawn();
      const ended = program.output();
      const deadline = setTimeout(() => program.kill("SIGKILL"), 30_000);
      // Opening waits for the program to read, and keeps it waiting. If it ends before, somebody else reads.
      ended.finally(async () => (await Deno.open(pipe, { read: true, write: true })).close());
      using _writer = await Deno.open(pipe, { write: true });
      program.kill("SIGINT");
      const { code, stderr } = await ended;
      clearTimeout(deadline);
      return code === 130 ? code : `${script} ${words[0] ?? ""}: ${code} ${new TextDecoder().decode(stderr)}`;
    }));
    assertEquals(codes, [130, 130, 130, 130, 130]);
  }));
