import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dispatch, type DispatchResult, parseReceiverUrl, type Receiver } from "../../../lib/alerts/mod.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { notificationOf } from "../_notifications.ts";
import { closedPort } from "../../helpers/servers/closed_port.ts";
import { never, receiveOn, status } from "../_receiving_server.ts";

/** A receiver with the behavior that the test sets. */
function receiver(name: string, send: Receiver["send"]): Receiver {
  return { description: `${name}:`, send };
}

/** The beginning of the address, whether it accepted, and the number of attempts. */
const brief = ({ address, ok, tries }: DispatchResult) => `${address.split(":")[0]} ${ok ? "ok" : "failed"} ${tries}`;
/** For servers that respond: a slow machine must not count as a dead server. */
const PATIENT = { timeoutMs: 60_000, totalMs: 120_000 };

Deno.test("dispatch() isolates receivers: one that hangs, fails or refuses delays no other", async () => {
  await using hanging = receiveOn(never);
  await using broken = receiveOn(() => status(500));
  await using good = receiveOn(() => status(200));
  const urls = {
    hanging: `json://${hanging.host}/`,
    broken: `json://${broken.host}/`,
    refusing: `json://127.0.0.1:${closedPort()}/`,
    good: `json://${good.host}/`,
  };
  const ended: string[] = [];
  const isGoodThrough = Promise.withResolvers<void>();
  const isBrokenThrough = Promise.withResolvers<void>();
  const receivers = Object.values(urls).map((url): Receiver => {
    const inner = parseReceiverUrl(url);
    return {
      ...inner,
      async send(notification, options) {
        try {
          await inner.send(notification, options);
        } finally {
          ended.push(url);
          if (url === urls.good) isGoodThrough.resolve();
          if (ended.filter((one) => one === urls.broken).length === 3) isBrokenThrough.resolve();
        }
      },
    };
  });
  const stop = new AbortController();
  const running = dispatch(notificationOf(), receivers, {
    ...PATIENT,
    signal: stop.signal,
    clock: new FakeClock(),
  });
  // The first one keeps hanging: only a stop would end it within a minute.
  await Promise.all([isGoodThrough.promise, isBrokenThrough.promise]);
  assert(!ended.includes(urls.hanging));
  stop.abort(new DOMException("The operation was aborted", "AbortError"));
  const results = await running;
  const told = results.filter(({ address }) => address !== urls.refusing);
  assertEquals(told.map(({ address, ok, tries }) => [address, ok, tries]), [
    [urls.hanging, false, 1],
    [urls.broken, false, 3],
    [urls.good, true, 1],
  ]);
  assertEquals(results[0]?.error, `Cannot notify "json://${hanging.host}/": stopped`);
  assertEquals(good.received.length, 1);
});

Deno.test("dispatch() retries a failing server with jittered waits until it responds", async () => {
  const clock = new FakeClock();
  await using server = receiveOn((_, index) => status(index < 2 ? 500 : 200));
  const [result] = await dispatch(notificationOf(), [parseReceiverUrl(`json://${server.host}/`, { clock })], {
    ...PATIENT,
    clock,
    baseMs: 400,
    random: () => 0.5,
  });
  assertEquals(result, {
    address: `json://${server.host}/`,
    ok: true,
    isUnanswered: false,
    retryAfterMs: null,
    error: null,
    tries: 3,
    ms: 600,
  });
  assertEquals(clock.sleeps, [200, 400]);
});

Deno.test("dispatch() waits as long as a 429 demands, without jitter", async () => {
  const clock = new FakeClock();
  await using server = receiveOn((_, index) => index === 0 ? status(429, { "retry-after": "7" }) : status(200));
  const receivers = [parseReceiverUrl(`json://${server.host}/`, { clock })];
  const [result] = await dispatch(notificationOf(), receivers, { ...PATIENT, clock });
  assertEquals([brief(result!), clock.sleeps], ["json ok 2", [7000]]);
});

Deno.test("dispatch() defers a receiver that demands minutes to a later evaluation", async () => {
  const clock = new FakeClock();
  await using server = receiveOn((_, index) => index === 0 ? status(429, { "retry-after": "300" }) : status(200));
  const receivers = [parseReceiverUrl(`json://${server.host}/`, { clock })];
  const options = { ...PATIENT, clock };
  const [first] = await dispatch(notificationOf(), receivers, options);
  assertEquals([brief(first!), clock.sleeps], ["json failed 1", []]);
  clock.advance(30_000);
  const [early] = await dispatch(notificationOf(), receivers, options);
  assertStringIncludes(early!.error!, "the service asked to wait");
  assertEquals(server.received.length, 1);
  clock.advance(270_000);
  const [last] = await dispatch(notificationOf(), receivers, options);
  assertEquals([brief(last!), server.received.length], ["json ok 1", 2]);
});

Deno.test("dispatch() gives up on a receiver that ignores its signal, and does not send again what may have arrived", async () => {
  const deaf = receiver("deaf", () => new Promise(() => {}));
  const [result] = await dispatch(notificationOf(), [deaf], { timeoutMs: 5, clock: new FakeClock() });
  assertEquals([result?.ok, result?.tries, result?.isUnanswered], [false, 1, true]);
  assertEquals(result?.error, 'Cannot notify "deaf:": no answer within 5ms');
});

Deno.test("dispatch() sends once to a service that reads the message and hangs", async () => {
  await using hanging = receiveOn(never);
  const [result] = await dispatch(notificationOf(), [parseReceiverUrl(`json://${hanging.host}/`)], { timeoutMs: 500 });
  assertEquals([result?.isUnanswered, result?.tries, hanging.received.length], [true, 1, 1]);
});

Deno.test("dispatch() knows that nothing arrived at a service that takes no connections", async () => {
  // An address that a packet filter drops: an attempt ends without an answer, and so does the check for a connection.
  let checks = 0;
  const dropped: Receiver = {
    ...receiver("dropped", () => new Promise(() => {})),
    isReachable: () => Promise.resolve(checks++ > 5),
  };
  const [result] = await dispatch(notificationOf(), [dropped], { timeoutMs: 5, clock: new FakeClock() });
  assertEquals([result?.isUnanswered, result?.tries, checks], [false, 3, 3]);
});

for (const url of ["json://HOST/", "jsons://HOST/", "smtp://HOST/?from=a@x.example&to=b@x.example&starttls=no"]) {
  Deno.test(`the receiver ${url} is reachable only if its service speaks with it`, async () => {
    const isReachable = (host: string, signal = new AbortController().signal) =>
      parseReceiverUrl(url.replace("HOST", host)).isReachable!({ signal });
    assertEquals(await isReachable(`127.0.0.1:${closedPort()}`), false);
    // It takes connections and says nothing: enough for HTTP, not for TLS and mail.
    using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = silent.addr as Deno.NetAddr;
    assertEquals(await isReachable(`127.0.0.1:${port}`, AbortSignal.timeout(300)), url.startsWith("json:"));
  });
}

Deno.test("dispatch() has one time limit for all attempts", async () => {
  const clock = new FakeClock();
  let calls = 0;
  const slow = receiver("slow", () => {
    calls++;
    clock.advance(6000);
    return Promise.reject(new FailureError("server", "Cannot notify"));
  });
  const [result] = await dispatch(notificationOf(), [slow], { clock, totalMs: 11_000, random: () => 0.5 });
  assertEquals([result?.ok, result?.tries, calls], [false, 2, 2]);
});

Deno.test("dispatch() does not retry a permanent failure", async () => {
  await using server = receiveOn(() => status(403));
  const [result] = await dispatch(notificationOf(), [parseReceiverUrl(`json://${server.host}/s3cr3t`)], PATIENT);
  assertEquals(brief(result!), "json failed 1");
  assertEquals(
    result?.error,
    `Cannot notify "json://${server.host}/…": it answered 403. Check the token in the receiver's URL, and what it may do`,
  );
});

Deno.test("dispatch() hides the details of unknown errors", async () => {
  const odd = receiver("odd", () => Promise.reject(new TypeError("at https://x.example/s3cr3t")));
  const strange = receiver("strange", () => Promise.reject("s3cr3t"));
  const barred = receiver("barred", () => Promise.reject(new Deno.errors.NotCapable("s3cr3t")));
  const results = await dispatch(notificationOf(), [odd, strange, barred]);
  assertEquals(results.map(({ error }) => error), [
    'Cannot notify "odd:": TypeError',
    'Cannot notify "strange:": an unknown error',
    'Cannot notify "barred:": the runtime denies permission; see the task\'s permissions',
  ]);
});

Deno.test("dispatch() survives a receiver that throws synchronously", async () => {
  const bad = receiver("bad", () => {
    throw new Error("at once");
  });
  const fine = receiver("fine", () => Promise.resolve());
  const results = await dispatch(notificationOf(), [bad, fine]);
  assertEquals(results.map(brief), ["bad failed 1", "fine ok 1"]);
});

Deno.test("dispatch() contacts no receiver if it is stopped before it starts", async () => {
  let calls = 0;
  const counting = receiver("counting", () => Promise.resolve(void calls++));
  const results = await dispatch(notificationOf(), [counting], { signal: AbortSignal.abort() });
  assertEquals([results.map(brief), calls], [["counting failed 0"], 0]);
});
