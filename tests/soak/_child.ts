import { LoopLag, probeMemory, serveWork } from "../../lib/soak/mod.ts";

/** A process under test: waits, fails, hangs, or keeps memory, as its input says. */
if (import.meta.main) {
  const kept: unknown[] = [];
  const buffers: Uint8Array[] = [];
  const files: Deno.FsFile[] = [];
  const released = Promise.withResolvers<void>();
  using lag = new LoopLag();
  await serveWork({
    async work(body, { signal, beat }) {
      const { how, amount = 0 } = body as { how: string; amount?: number };
      if (how === "fail") throw Object.assign(new Error("as told"), { failure: "connection" });
      if (how === "bug") throw new TypeError("no such thing");
      if (how === "crash") {
        beat("did crash");
        void Promise.reject(new TypeError("nobody waits for it"));
      }
      if (how === "exit") Deno.kill(Deno.pid, "SIGTERM");
      if (how === "garble") await Deno.stdout.write(new TextEncoder().encode("not json\n"));
      if (how === "keep") {
        for (let at = 0; at < amount; at++) kept.push({ at, text: `kept ${at} ${Math.random()}` });
      }
      if (how === "drop") { for (let at = 0; at < amount; at++) void { at, text: `dropped ${at} ${Math.random()}` }; }
      if (how === "buffers") buffers.push(new Uint8Array(amount).fill(1));
      if (how === "open") { for (let at = 0; at < amount; at++) files.push(await Deno.open("/dev/null")); }
      if (how === "release") released.resolve();
      beat(`did ${how}`);
      // Ignores its signal until it is released.
      if (how === "deaf") await released.promise;
      if (how === "hang" || how === "crash") {
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      }
      return { how, kept: kept.length };
    },
    probe: async () => ({ ...await probeMemory(), loopLagMs: lag.take() }),
  });
}
