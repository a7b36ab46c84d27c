import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTempDir } from "../helpers/temp_dir.ts";
import { type OtlpExport, startOtlpReceiver } from "../helpers/servers/otlp_receiver.ts";

const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));

/** Fetch from the sandbox by the task, exporting to a receiver, and return what arrived there. */
async function exportOfDownload(env: Readonly<Record<string, string>>): Promise<OtlpExport | null> {
  let received: OtlpExport | null = null;
  await inTempDir(async (folder) => {
    await using receiver = startOtlpReceiver("civitai-dl", 1);
    const words = ["--sandbox", "--user", "brambleforge", "--no-images", "--yes", "--output", join(folder, "library")];
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "-q", "--config", CONFIG, "download", ...words],
      cwd: folder,
      env: {
        OTEL_DENO: "true",
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${receiver.port}`,
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
        NO_PROXY: "127.0.0.1",
        XDG_CONFIG_HOME: folder,
        ...env,
      },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    // Either it arrived before the program ended, or never.
    received = await Promise.race([receiver.metrics, Promise.resolve(null)]);
  });
  return received;
}

Deno.test("deno task download identifies itself as civitai-dl to an OTLP receiver", async () => {
  const received = await exportOfDownload({});
  assertEquals(received?.service, "civitai-dl");
  assert(received?.metrics.has("civitai_dl.download.count"));
});

Deno.test("deno task download keeps a service name that is set", async () => {
  assertEquals((await exportOfDownload({ OTEL_SERVICE_NAME: "nas" }))?.service, "nas");
});
