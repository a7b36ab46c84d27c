import { assertEquals, assertMatch } from "@std/assert";
import { hasProgram } from "../helpers/has_program.ts";
import { startServer } from "../helpers/servers/status_server.ts";
import { quietStatus } from "../helpers/servers/sample_status.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { startNginx } from "../integration/scenarios/_nginx.ts";
import { nextEvent, readEvents } from "./http/_read_events.ts";

// Debian: apt-get install nginx. Without it, this is skipped.
const ignore = !await hasProgram("nginx", "-v");
const TOKEN = "0123456789abcdef";

Deno.test({
  name: "the application works behind nginx as docs/serve.md sets it up: host, token, events as they happen, writes",
  ignore,
  fn: () =>
    inTempDir(async (folder) => {
      await using test = await startServer({ token: TOKEN, hosts: ["nas.example"] });
      const page = await Deno.readTextFile(new URL("../../docs/serve.md", import.meta.url));
      const [, location] = /^( {2}location \/ \{[\s\S]*?^ {2}\})$/m.exec(page)!;
      const server = location!.replace("http://127.0.0.1:9847", `http://127.0.0.1:${test.server.port}`)
        // The browser says this name; here nobody resolves it.
        .replace("Host $host", "Host nas.example");
      await using nginx = await startNginx(folder, { server });
      const headers = { authorization: `Bearer ${TOKEN}`, origin: "https://nas.example" };
      const ask = async (path: string, init: RequestInit = {}): Promise<number> => {
        const response = await fetch(nginx.origin + path, { ...init, headers: { ...headers, ...init.headers } });
        await response.body?.cancel();
        return response.status;
      };
      assertEquals([await ask("/"), await ask("/api/v1/about")], [200, 200]);
      assertEquals(await ask("/api/v1/about", { headers: { authorization: "Bearer wrong" } }), 401);
      assertEquals(await ask("/api/v1/about", { headers: { origin: "https://evil.example" } }), 403);
      assertEquals(await ask("/api/v1/about", { method: "POST", body: "{}" }), 405);
      const events = readEvents(await fetch(`${nginx.origin}/api/v1/events`, { headers }));
      assertEquals([(await nextEvent(events)).event, (await nextEvent(events)).event], ["hello", "status"]);
      test.status = quietStatus();
      await test.server.publish("status");
      assertMatch((await nextEvent(events)).data, /"downloads":\[\]/);
      await events.return(undefined);
      while (test.server.clients > 0) await new Promise((resolve) => setTimeout(resolve));
    }),
});
