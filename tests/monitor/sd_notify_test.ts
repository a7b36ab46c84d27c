import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SdNotifier } from "../../lib/monitor/mod.ts";
import { hasProgram } from "../helpers/has_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

/** A notifier for an environment, and its messages. */
function notifierFor(env: Readonly<Record<string, string>>) {
  const sent: string[] = [];
  const notifier = new SdNotifier({
    env: (name) => env[name],
    send: (message) => Promise.resolve(void sent.push(message)),
  });
  return { notifier, sent };
}

Deno.test("SdNotifier sends nothing without a socket", async () => {
  const { notifier, sent } = notifierFor({ WATCHDOG_USEC: "30000000" });
  for (const tell of [notifier.notifyReady("up"), notifier.notifyAlive(), notifier.notifyStopping()]) await tell;
  assertEquals([notifier.watchdogMs, sent], [null, []]);
});

Deno.test("SdNotifier sends one line per word of the protocol", async () => {
  const { notifier, sent } = notifierFor({ NOTIFY_SOCKET: "/run/notify" });
  await notifier.notifyReady("two\nlines");
  await notifier.notifyStatus("busy");
  await notifier.notifyAlive();
  await notifier.notifyStopping();
  assertEquals(sent, ["READY=1\nSTATUS=two lines", "STATUS=busy", "WATCHDOG=1", "STOPPING=1"]);
});

Deno.test("SdNotifier reads the watchdog interval, if it is for this process", () => {
  const read = (env: Readonly<Record<string, string>>) =>
    notifierFor({ NOTIFY_SOCKET: "/run/notify", ...env }).notifier.watchdogMs;
  assertEquals(read({}), null);
  assertEquals(read({ WATCHDOG_USEC: "30000000" }), 30_000);
  assertEquals(read({ WATCHDOG_USEC: "30000000", WATCHDOG_PID: `${Deno.pid}` }), 30_000);
  assertEquals(read({ WATCHDOG_USEC: "30000000", WATCHDOG_PID: "1" }), null);
  for (const usec of ["0", "-5", "soon"]) assertEquals(read({ WATCHDOG_USEC: usec }), null);
});

Deno.test("SdNotifier warns once if it cannot send, and continues", async () => {
  const warnings: string[] = [];
  const notifier = new SdNotifier({
    env: (name) => name === "NOTIFY_SOCKET" ? "/run/notify" : undefined,
    send: () => Promise.reject(new Error("no such socket")),
    onWarning: (message) => warnings.push(message),
  });
  await notifier.notifyReady("up");
  await notifier.notifyAlive();
  assertEquals(warnings, ["Cannot notify systemd: no such socket"]);
});

/** Receives datagrams on a socket like systemd, and prints each as JSON. */
const RECEIVER = `
import json, socket, sys
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(sys.argv[1])
print("ready", flush=True)
# Until it is ended: systemd-notify waits at last until a descriptor that it sent has been closed, with BARRIER=1.
while True:
    data, descriptors, _, _ = socket.recv_fds(receiver, 4096, 1)
    for descriptor in descriptors:
        socket.close(descriptor)
    if data != b"BARRIER=1":
        print(json.dumps(data.decode()), flush=True)
`;

const hasPython = await hasProgram("python3", "--version");
const hasNotify = await hasProgram("systemd-notify", "--version");

Deno.test({
  name: "SdNotifier reaches a real datagram socket",
  ignore: !hasPython || !hasNotify,
  fn: () =>
    inTempDir(async (folder) => {
      const path = join(folder, "notify.sock");
      const receiver = new Deno.Command("python3", {
        args: ["-c", RECEIVER, path],
        stdin: "null",
        stdout: "piped",
        stderr: "inherit",
      }).spawn();
      const reader = receiver.stdout.pipeThrough(new TextDecoderStream()).getReader();
      let heard = "";
      while (!heard.includes("ready\n")) heard += (await reader.read()).value ?? "";
      const script = fileURLToPath(new URL("_notify_probe.ts", import.meta.url));
      const { code, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-q", "-A", script],
        env: { NOTIFY_SOCKET: path },
      }).output();
      assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
      // Everything has been sent, but may not be printed yet.
      while (heard.split("\n").length < 5) heard += (await reader.read()).value ?? "";
      receiver.kill("SIGTERM");
      await reader.cancel();
      await receiver.status;
      const messages = heard.trim().split("\n").slice(1).map((line) => JSON.parse(line).trim());
      assertEquals(messages, ["READY=1\nSTATUS=up and well", "WATCHDOG=1", "STOPPING=1"]);
    }),
});

Deno.test("SdNotifier reports a missing socket by default", () =>
  inTempDir(async (folder) => {
    const script = fileURLToPath(new URL("_notify_probe.ts", import.meta.url));
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "-A", script],
      env: { NOTIFY_SOCKET: join(folder, "nobody") },
    }).output();
    assertEquals(code, 0);
    assertStringIncludes(new TextDecoder().decode(stderr), "Cannot notify systemd: ");
  }));
