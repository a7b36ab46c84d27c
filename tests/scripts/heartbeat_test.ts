import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { closedPort } from "../helpers/servers/closed_port.ts";
import { shareScript } from "../helpers/shared_script.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { startPingServer } from "./_ping_server.ts";

const { run: ping } = shareScript("heartbeat", { NO_COLOR: "1", NO_PROXY: "127.0.0.1" });

Deno.test("heartbeat pings the start and the end of a run: 0 and 3 as a success, others with their exit code", () =>
  inTempDir(async (folder) => {
    await using server = startPingServer();
    const env = { CIVITAI_DL_RUN_HEARTBEAT: server.url };
    for (const word of ["start", "0", "3", "1", "4", "6", "KILL", ""]) {
      const { code, stderr } = await ping(folder, [word], env);
      assertEquals([code, stderr], [0, ""], word);
    }
    assertEquals(server.pings.map(({ what }) => what), [
      "/start",
      "",
      "",
      "/1",
      "/4",
      "/6",
      "/fail",
      "/fail",
    ]);
    const bodies = server.pings.map(({ body }) => body);
    assertMatch(bodies[2]!, /^A limit that you set ended the run/);
    assertMatch(bodies[5]!, /^The run ended with 6 \(network\)/);
    assertEquals(bodies[6], "The run was killed by SIGKILL");
    const stopped = await ping(folder, ["143"], env);
    assertEquals([stopped.code, server.pings.length], [0, 8]);
    assertStringIncludes(stopped.stderr, "the run was stopped, and the next one is waited for");
  }));

Deno.test("heartbeat links start and end of a systemd unit by one rid", () =>
  inTempDir(async (folder) => {
    await using server = startPingServer();
    const env = { INVOCATION_ID: "0123456789abcdef0123456789abcdef" };
    for (const word of ["start", "0"]) {
      assertEquals((await ping(folder, ["--ping-url", server.url, word], env)).code, 0);
    }
    const rid = "01234567-89ab-cdef-0123-456789abcdef";
    assertEquals(server.pings.map(({ rid }) => rid), [rid, rid]);
    assertEquals((await ping(folder, ["--ping-url", server.url, "start"])).code, 0);
    assertEquals(server.pings[2]!.rid, null);
  }));

Deno.test("heartbeat does nothing without a URL, and names a wrong event", () =>
  inTempDir(async (folder) => {
    const none = await ping(folder, ["start"]);
    assertEquals([none.code, none.stdout], [0, ""]);
    assertStringIncludes(none.stderr, "no ping: neither --ping-url nor CIVITAI_DL_RUN_HEARTBEAT is set");
    for (const words of [["stop"], [], ["256"], ["0", "1"]]) {
      const { code, stderr } = await ping(folder, ["--ping-url", "http://127.0.0.1/x", ...words]);
      assertEquals(code, 2, words.join(" "));
      assertMatch(stderr, /^error: (?:Cannot ping|Unexpected argument)/);
    }
  }));

Deno.test("heartbeat ends with 6 if the service is not there, and shows no path of its URL", () =>
  inTempDir(async (folder) => {
    const { code, stderr } = await ping(folder, ["--ping-url", `http://127.0.0.1:${closedPort()}/secret-check`, "0"]);
    assertEquals([code, stderr.includes("secret-check")], [6, false], stderr);
  }));
