import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../../lib/base/mod.ts";
import {
  breakerRefusal,
  type CallOutcome,
  Failsafe,
  type FailsafeEvent,
  type FailsafeOptions,
  FailureError,
  outcomeOfError,
} from "../../../lib/failsafe/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const OK: CallOutcome = { type: "ok", durationMs: 50 };

function failed(failure: "server" | "timeout" | "connection" | "dns", status?: number): CallOutcome {
  return { type: "failed", failure, status };
}

function start(options: FailsafeOptions = {}) {
  const clock = new FakeClock();
  const events: FailsafeEvent[] = [];
  const failsafe = Failsafe.inMemory({ clock, random: seededRandom(1), onEvent: (e) => events.push(e), ...options });
  const call = (...outcomes: readonly CallOutcome[]): void => {
    for (const outcome of outcomes) {
      clock.advance(1200);
      failsafe.admit("host").finish(outcome);
    }
  };
  const refusal = () => {
    const admission = failsafe.admit("host");
    assertEquals(admission.type, "refused");
    return admission.refusal!;
  };
  return { clock, events, failsafe, call, refusal };
}

function times(count: number, outcome: CallOutcome): readonly CallOutcome[] {
  return Array.from({ length: count }, () => outcome);
}

Deno.test("a breaker names class and status of most failures that opened it", () => {
  const { clock, call, refusal, failsafe, events } = start();
  call(...times(4, OK));
  clock.advance(10_000);
  call(failed("timeout"), ...times(4, failed("server", 500)), failed("server", 502));
  const reason = "answers with errors (500): 6 of its last 10 calls failed";
  const known = {
    failure: "server",
    status: 500,
    fault: "answers with errors (500)",
    reason,
    ja: {
      fault: "エラー（500）を返しています",
      reason: "エラー（500）を返しています（直近 10 回のうち 6 回が失敗しました）",
    },
  } as const;
  assertEquals(refusal(), known);
  const [{ cause, reason: why }] = failsafe.status().breakers as [ReturnType<Failsafe["status"]>["breakers"][0]];
  assertEquals([cause, why], [known, reason]);
  assert(events[0]?.type === "breaker");
  assertEquals([events[0].reason, events[0].cause], [reason, known]);
});

Deno.test("a breaker that hard failures opened reports the host as down", () => {
  const refused = start();
  refused.call(...times(5, { type: "failed", failure: "connection", isHard: true }));
  assertEquals([refused.refusal().failure, refused.refusal().fault], ["connection", "cannot be reached"]);
  assertEquals(refused.refusal().reason, "cannot be reached: 5 calls in a row failed");
  const nameless = start();
  nameless.call(...times(5, failed("dns")));
  assertEquals(nameless.refusal().reason, "has no address: 5 calls in a row failed");
});

Deno.test("a breaker that slow calls opened counts as timeouts", () => {
  const { call, refusal } = start();
  call(...times(10, { type: "ok", durationMs: 60_001 }));
  const { failure, reason } = refusal();
  assertEquals([failure, reason], ["timeout", "is too slow: 10 of its last 10 calls took longer than 1m"]);
});

Deno.test("a breaker keeps its cause during probes, adopts that of failed probes, and clears it when it closes", () => {
  const { clock, failsafe, call, refusal } = start();
  call(...times(10, failed("server", 500)));
  clock.advance(10_000);
  const probes = [1, 2, 3].map(() => failsafe.admit("host"));
  assertEquals([refusal().failure, refusal().status], ["server", 500]);
  for (const probe of probes) probe.finish(failed("timeout"));
  assertEquals([refusal().failure, refusal().status], ["timeout", null]);
  assertEquals(refusal().reason, "does not answer in time: 2 of 3 probes failed");
  clock.advance(20_000);
  call(OK, OK);
  assertEquals(failsafe.status().breakers[0]?.cause, null);
});

Deno.test("a probe without an outcome keeps the cause of the breaker", () => {
  const { clock, failsafe, call, refusal } = start();
  call(...times(10, failed("server", 503)));
  clock.advance(10_000);
  failsafe.admit("host");
  clock.advance(30_000);
  const { failure, status, reason } = refusal();
  assertEquals([failure, status], ["server", 503]);
  assertEquals(reason, "answers with errors (503): a probe did not end within 30s");
});

Deno.test("a probe without an outcome after a manual trip clears the trip", () => {
  const { clock, failsafe, refusal } = start();
  failsafe.trip("host", { forMs: 10_000 });
  clock.advance(10_000);
  failsafe.admit("host");
  clock.advance(30_000);
  assertEquals([refusal().failure, refusal().reason], ["unknown", "fails: a probe did not end within 30s"]);
});

Deno.test("the next process knows the cause without a failure of its own", () =>
  inTempDir(async (folder) => {
    const clock = new FakeClock();
    const options = { clock, random: seededRandom(1) };
    {
      await using first = await Failsafe.open(folder, options);
      for (let i = 0; i < 6; i++) first.admit("host").finish(failed("server", 500));
      clock.advance(10_000);
    }
    {
      // Failures counted by the process before it are included.
      await using second = await Failsafe.open(folder, options);
      for (let i = 0; i < 4; i++) second.admit("host").finish(failed("timeout"));
    }
    await using third = await Failsafe.open(folder, options);
    const admission = third.admit("host");
    assertEquals([admission.refusal?.failure, admission.refusal?.status], ["server", 500]);
    assertEquals(admission.refusal?.reason, "answers with errors (500): 10 of its last 10 calls failed");
    assertEquals(
      admission.refusal?.ja.reason,
      "エラー（500）を返しています（直近 10 回のうち 10 回が失敗しました）",
    );
  }));

Deno.test("breakerRefusal() has the class of the cause, and reports host, reason and end", () => {
  const { call, failsafe } = start();
  call(...times(10, failed("server", 500)));
  const admission = failsafe.admit("host");
  const error = breakerRefusal("Cannot fetch", { key: "host", admission: { ...admission, retryInMs: 11_400 } });
  assertEquals(
    error.message,
    'Cannot fetch: "host" answers with errors (500): 10 of its last 10 calls failed; next attempt in 12s',
  );
  assertEquals([error.failure, error.status, error.refusedBy], ["server", 500, "host"]);
});

Deno.test("breakerRefusal() has a class of its own for a manual trip", () => {
  const { failsafe } = start();
  failsafe.trip("host", { forMs: 600_000 });
  const error = breakerRefusal("Cannot fetch", { key: "host", admission: failsafe.admit("host") });
  assertEquals([error.failure, error.refusedBy], ["tripped", "host"]);
  assertEquals(error.message, 'Cannot fetch: the breaker of "host" was opened manually; next attempt in 10m');
  assert(error.hint?.includes("failsafe reset host"), error.hint);
});

Deno.test("outcomeOfError() keeps the status of a response", () => {
  const error = new FailureError("server", "Cannot fetch: 500", { status: 500 });
  assertEquals(outcomeOfError(error), { type: "failed", failure: "server", status: 500, isHard: false });
});
