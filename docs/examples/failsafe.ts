// deno-lint-ignore-file no-console civitai-dl/no-console
// deno run --allow-net --allow-read --allow-write=state docs/examples/failsafe.ts URL
import { Failsafe, outcomeOfError } from "@civitai-dl/civitai-dl/failsafe";

const url = new URL(Deno.args[0]!);
let known = "nothing yet";
await using failsafe = await Failsafe.open("state", { modes: { rungs: ["live", "cached"] } });
for (let i = 0; i < 12; i++) {
  using call = failsafe.admit(url.host);
  if (call.type === "refused") continue; // It is known to be down: what we know must do.
  try {
    const start = Date.now();
    const response = await fetch(url);
    known = await response.text();
    call.finish(response.ok ? { type: "ok", durationMs: Date.now() - start } : { type: "failed", failure: "server" });
  } catch (error) {
    call.finish(outcomeOfError(error));
  }
}
console.log(JSON.stringify({ known, breaker: failsafe.status().breakers[0] }));
