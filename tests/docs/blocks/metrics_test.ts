import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { startOtlpReceiver } from "../../helpers/servers/otlp_receiver.ts";
import { runBlock } from "../../helpers/pages/run_block.ts";
import { inLibraryPlace } from "./_library_place.ts";

const IS_WINDOWS = Deno.build.os === "windows";

/** The port of the receiver in place of the usual one. */
function collectorAt({ port }: { readonly port: number }) {
  return { from: "127.0.0.1:4318", to: `127.0.0.1:${port}`, because: "a collector that the test reads" };
}

Deno.test({
  name: "docs/metrics.md: a program of one's own exports its metrics to a collector",
  ignore: IS_WINDOWS,
  fn: () =>
    inLibraryPlace(async (place) => {
      await using receiver = startOtlpReceiver("my-program", 1);
      const [, binding] = /^```ts\n(import \{ bindOpenTelemetry[^]*?)^```$/m.exec(
        await Deno.readTextFile("docs/metrics.md"),
      )!;
      const counter = `{ name: "mails", kind: "counter", unit: "{mail}", help: "Mails" }`;
      await place.write("my_program.ts", `${binding}registry.counter(${counter}).add(3);\n`);
      const checkout = {
        from: "deno run",
        to: `deno run --config '${fileURLToPath(new URL("../../../deno.json", import.meta.url))}'`,
        because: "the package is not published: its names are those of this checkout",
      };
      const options = { replaced: [collectorAt(receiver), checkout] };
      await runBlock(
        place,
        "docs/metrics.md",
        "OTEL_DENO=true OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 \\\n",
        [""],
        options,
      );
      const { version, metrics } = await receiver.metrics;
      assertEquals([version, metrics.get("mails")?.sum?.dataPoints[0]?.asDouble], ["1.0.0", 3]);
    }),
});

Deno.test({
  name: "docs/metrics.md: deno task download exports its metrics as the service civitai-dl",
  ignore: IS_WINDOWS,
  fn: () =>
    inLibraryPlace(async (place) => {
      await using receiver = startOtlpReceiver("civitai-dl", 1);
      const options = { ...place.withKey, replaced: [collectorAt(receiver), place.name] };
      await runBlock(
        place,
        "docs/metrics.md",
        "OTEL_DENO=true OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 OTEL",
        ["done"],
        options,
      );
      // Either it arrived before the program ended, or never.
      const received = await Promise.race([receiver.metrics, Promise.resolve(null)]);
      assertEquals(received?.service, "civitai-dl");
      assert(received?.metrics.has("civitai_dl.download.count"));
    }),
});
