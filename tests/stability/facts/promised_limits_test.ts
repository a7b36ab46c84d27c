import { assert, assertEquals } from "@std/assert";
import { DEFAULT_CHOICE, download, openEngine, openLibrary } from "../../../lib/downloader/mod.ts";
import type { TimedWait } from "../../../lib/failsafe/mod.ts";
import { startSandbox } from "../../../lib/sandbox/mod.ts";
import { PROFILES } from "../../../lib/transfer/mod.ts";
import { PROMISED_ADAPTIVE_MS, PROMISED_LIMITS } from "../../../lib/stability/facts/silence_limits.ts";
import { parseDuration } from "../../../lib/base/mod.ts";
import { CLIENT_FLAGS } from "../../../scripts/_frame/flags.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

/** The strictest limit of the API's client, for all engines. */
const PROMISED_API_MS = 30_000;

for (const profile of Object.values(PROFILES)) {
  Deno.test(`openEngine() waits by its defaults no longer than users are promised: ${profile.name}`, () =>
    inTempDir(async (folder) => {
      await using sandbox = await startSandbox({ size: { creators: 1, modelsPerCreator: 3 }, outcomes: {} });
      using library = await openLibrary(folder, { command: "test" });
      const waits: TimedWait[] = [];
      using engine = openEngine({
        library,
        profile,
        env: () => undefined,
        // Paces are no timeouts.
        client: { baseUrl: sandbox.apiOrigin, token: sandbox.token, modelRate: 0, imageRate: 0, downloadRate: 0 },
        onWait: (wait) => waits.push(wait),
      });
      const { username } = [...sandbox.catalog.creators()][0]!;
      await download({
        ...engine,
        targets: [{ type: "user", username }],
        choice: DEFAULT_CHOICE,
        command: "test",
        reserveBytes: 0,
        approve: () => Promise.resolve(true),
        signal: new AbortController().signal,
      });
      const { headersMs, bodyMs } = PROMISED_LIMITS[profile.name];
      const promised = (wait: TimedWait): number => {
        if (wait.operation !== "transfer") return PROMISED_API_MS;
        return wait.step === "body" ? bodyMs : headersMs;
      };
      const kinds = new Set(waits.map(({ operation, step }) => `${operation} ${step}`));
      for (const kind of ["api headers", "api body", "resolve headers", "transfer headers", "transfer body"]) {
        assert(kinds.has(kind), `${kind} is not among ${[...kinds]}`);
      }
      assertEquals(waits.filter((wait) => wait.limitMs > promised(wait)), []);
      // Where it adapts, slow answers must not raise it beyond any patience.
      const slowest = engine.line.timeouts?.timeoutMs("slow.example", 1e9) ?? 0;
      assert(slowest <= PROMISED_ADAPTIVE_MS, String(slowest));
    }));
}

Deno.test("--timeout is by default what users are promised for an answer of the API", () => {
  const flag = CLIENT_FLAGS.find(({ name }) => name === "timeout");
  const given = flag !== undefined && "default" in flag ? flag.default : undefined;
  assertEquals(parseDuration(String(given)), PROMISED_API_MS);
});
