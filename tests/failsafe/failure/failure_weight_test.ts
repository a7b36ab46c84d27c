import { assert, assertEquals } from "@std/assert";
import { type FailureClass, FailureError, failureWeight, outcomeOfError } from "../../../lib/failsafe/mod.ts";
import { closedPort } from "../../helpers/servers/closed_port.ts";

const WEIGHTS: Readonly<Record<string, readonly FailureClass[]>> = {
  hard: ["dns"],
  counted: ["connection", "timeout", "stall", "server", "tls", "integrity"],
  answered: [
    ...["expired", "login", "forbidden", "early-access", "gone", "archived", "disabled", "region"] as const,
    ...["rejected", "pagecap", "changed", "too-large", "unusable"] as const,
  ],
  none: ["refused-host", "throttled", "quota", "disk", "cancelled", "unknown", "tripped"],
};

Deno.test("failureWeight() counts against a host its failures, not its refusals", () => {
  for (const [weight, failures] of Object.entries(WEIGHTS)) {
    for (const failure of failures) assertEquals([failure, failureWeight(failure)], [failure, weight]);
  }
});

Deno.test("outcomeOfError() distinguishes a refused connection from a broken one", async () => {
  const port = closedPort();
  const refused = await Deno.connect({ hostname: "127.0.0.1", port }).then((conn) => conn.close(), outcomeOfError);
  const fetched = await fetch(`http://127.0.0.1:${port}/`).then((response) => response.body?.cancel(), outcomeOfError);
  const hard = { type: "failed", failure: "connection", isHard: true } as const;
  assertEquals([refused, fetched], [hard, hard]);
  const reset = outcomeOfError(new Deno.errors.ConnectionReset("reset by peer"));
  assertEquals(reset, { type: "failed", failure: "connection", isHard: false });
  assertEquals(outcomeOfError(new DOMException("stop", "AbortError")), { type: "ignored" });
});

Deno.test("outcomeOfError() unwraps errors, and accepts a circular cause", () => {
  const refused = new Deno.errors.ConnectionRefused("nobody");
  const outcome = outcomeOfError(new FailureError("connection", "Cannot fetch: broke", { cause: refused }));
  assert(outcome.type === "failed" && outcome.isHard === true);
  const loop = new FailureError("connection", "Cannot fetch: broke");
  loop.cause = loop;
  assertEquals(outcomeOfError(loop), { type: "failed", failure: "connection", isHard: false });
});
