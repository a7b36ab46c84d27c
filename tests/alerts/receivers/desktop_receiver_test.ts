import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunProgram } from "../../../lib/alerts/mod.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { alertOf, notificationOf } from "../_notifications.ts";
import { sendOnce } from "../_send.ts";

const TRICKY = `$(touch x) "; rm -rf ~ ' & <b> \\\\074i`;
const tricky = notificationOf({ alerts: [alertOf({ annotations: { summary: TRICKY } })] });

interface Call {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

function recorder(code = 0): { calls: Call[]; run: RunProgram } {
  const calls: Call[] = [];
  return {
    calls,
    run(program, args, { env }) {
      calls.push({ program, args, env });
      return Promise.resolve(code);
    },
  };
}

Deno.test("desktop receiver passes arguments to notify-send, with the text as markup", async () => {
  const { calls, run } = recorder();
  await sendOnce("desktop:", { os: "linux", run }, tricky);
  const [call] = calls;
  assertEquals([call?.program, ...call!.args.slice(0, 4)], [
    "notify-send",
    "--urgency=critical",
    "--app-name=civitai-dl",
    "--",
    "[FIRING:1] timeout_rate",
  ]);
  assertEquals(call?.args.length, 5);
  assertStringIncludes(
    call!.args[4]!,
    `● timeout_rate (critical): $(touch x) "; rm -rf ~ ' &amp; &lt;b&gt; \\\\\\\\074i`,
  );
});

Deno.test("desktop receiver passes the texts to a fixed osascript as arguments", async () => {
  const { calls, run } = recorder();
  await sendOnce("desktop:", { os: "darwin", run }, tricky);
  const [call] = calls;
  assertEquals([call?.program, ...call!.args.slice(0, 7)], [
    "osascript",
    ...["-e", "on run argv"],
    ...["-e", "display notification (item -1 of argv) with title (item -2 of argv)"],
    ...["-e", "end run"],
    "--",
  ]);
  assertEquals(call?.args[7], "[FIRING:1] timeout_rate");
  assertStringIncludes(call!.args[8]!, TRICKY);
  assertEquals(call?.args.length, 9);
});

Deno.test("desktop receiver passes the texts to a fixed PowerShell script in the environment", async () => {
  const { calls, run } = recorder();
  await sendOnce("desktop:", { os: "windows", run }, tricky);
  await sendOnce("desktop:", { os: "windows", run });
  const [first, second] = calls;
  assertEquals([first?.program, ...first!.args.slice(0, 3)], [
    "powershell.exe",
    "-NoProfile",
    "-NonInteractive",
    "-EncodedCommand",
  ]);
  assertEquals(first?.args, second?.args);
  const bytes = Uint8Array.from(atob(first!.args[3]!), (unit) => unit.charCodeAt(0));
  assertStringIncludes(new TextDecoder("utf-16le").decode(bytes), "CreateTextNode($env:CIVITAI_DL_TEXT)");
  assertEquals(first?.env["CIVITAI_DL_TITLE"], "[FIRING:1] timeout_rate");
  assertStringIncludes(first!.env["CIVITAI_DL_TEXT"]!, TRICKY);
});

Deno.test("desktop receiver passes no text where a program looks for an option or a script", async () => {
  for (const text of ["-e do shell script", "--help", '"; do shell script "x" --', '\\" & $(x) `x`', "-Command x"]) {
    const name = notificationOf({
      alerts: [alertOf({ labels: { alertname: text, severity: "critical" }, annotations: { summary: text } })],
      groupLabels: { alertname: text },
    });
    for (const os of ["linux", "darwin", "windows"] as const) {
      const { calls, run } = recorder();
      await sendOnce("desktop:", { os, run }, name);
      const { args, env } = calls[0]!;
      const options = os === "windows" ? args : args.slice(0, args.indexOf("--"));
      assertEquals(options.filter((arg) => arg.includes(text)), [], `${os}: ${text}`);
      const texts = os === "windows" ? Object.values(env) : args.slice(args.indexOf("--") + 1);
      assertEquals(texts.length, 2, `${os}: ${text}`);
      assertStringIncludes(texts[0]!, text);
    }
  }
});

Deno.test("desktop receiver does not retry a program that fails or is missing", async () => {
  const failed = await assertRejects(() => sendOnce("desktop:", { os: "linux", ...recorder(3) }), FailureError);
  assertEquals([failed.message, failed.retryable], [
    'Cannot notify "desktop:": "notify-send" exited with code 3',
    false,
  ]);
  const run = () => Promise.reject(new Deno.errors.NotFound("no such file"));
  const missing = await assertRejects(() => sendOnce("desktop:", { os: "linux", run }), FailureError);
  assertEquals(missing.message, 'Cannot notify "desktop:": "notify-send" is not installed');
  assertStringIncludes(missing.hint!, "libnotify-bin");
});

Deno.test({
  name: "desktop receiver starts the program from PATH without a shell",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inTempDir(async (root) => {
      const program = Deno.build.os === "darwin" ? "osascript" : "notify-send";
      const log = join(root, "argv");
      const script = `#!/bin/sh\nprintf '%s\\0' "$@" > '${log}'\n`;
      await Deno.writeTextFile(join(root, program), script, { mode: 0o755 });
      const entry = new URL("../../../lib/alerts/mod.ts", import.meta.url).href;
      const config = fileURLToPath(new URL("../../../deno.json", import.meta.url));
      const code = `import { parseReceiverUrl } from "${entry}";
        const notification = ${JSON.stringify(tricky)};
        await parseReceiverUrl("desktop:").send(notification, { signal: new AbortController().signal });`;
      const file = join(root, "send.ts");
      await Deno.writeTextFile(file, code);
      const { success, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-q", "--no-prompt", `--config=${config}`, `--allow-run=${program}`, file],
        env: { PATH: `${root}${delimiter}${Deno.env.get("PATH")}` },
        cwd: root,
      }).output();
      assert(success, new TextDecoder().decode(stderr));
      const argv = (await Deno.readTextFile(log)).split("\0");
      assertEquals(argv.at(-3), "[FIRING:1] timeout_rate");
      assertStringIncludes(argv.at(-2)!, "$(touch x)");
      const names = (await Array.fromAsync(Deno.readDir(root))).map(({ name }) => name);
      assertEquals(names.includes("x"), false);
    }),
});
