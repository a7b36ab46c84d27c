import { assertEquals } from "@std/assert";
import {
  classifyFailure,
  FailureError,
  fullJitter,
  isRetryable,
  Pacer,
  parseRetryAfter,
} from "../../../lib/failsafe/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { closedPort } from "../../helpers/servers/closed_port.ts";

Deno.test("classifyFailure() classifies the errors of the platform", () => {
  const cases: [unknown, string][] = [
    [new FailureError("quota", "x"), "quota"],
    [new DOMException("late", "TimeoutError"), "timeout"],
    [new DOMException("stop", "AbortError"), "cancelled"],
    [new Deno.errors.ConnectionRefused("x"), "connection"],
    [new Deno.errors.UnexpectedEof("x"), "connection"],
    [
      new TypeError("error sending request for url", { cause: new Error("dns error: failed to lookup address") }),
      "dns",
    ],
    [new TypeError("error sending request", { cause: new Error("invalid peer certificate: UnknownIssuer") }), "tls"],
    [new TypeError("error sending request for url (http://x): connection refused"), "connection"],
    [new Error("No space left on device (os error 28)"), "disk"],
    // A FAT file system at 4 GiB, and a network share that disappeared.
    [new Error("There is not enough space on the disk. (os error 112)"), "disk"],
    [new Error("File too large (os error 27)"), "disk"],
    [new Error("Stale file handle (os error 116)"), "disk"],
    [new Deno.errors.PermissionDenied("x"), "disk"],
    [new Error("something"), "unknown"],
    ["text", "unknown"],
  ];
  assertEquals(cases.map(([error]) => classifyFailure(error)), cases.map(([, name]) => name));
});

Deno.test("classifyFailure() classifies the errors of Node, which have codes", () => {
  const fetchFailed = (cause: Error) => new TypeError("fetch failed", { cause });
  const withCode = (message: string, code: string) => Object.assign(new Error(message), { code });
  const cases: [unknown, string][] = [
    [fetchFailed(withCode("connect ECONNREFUSED 127.0.0.1:1", "ECONNREFUSED")), "connection"],
    [fetchFailed(withCode("getaddrinfo ENOTFOUND civitai.com", "ENOTFOUND")), "dns"],
    [fetchFailed(withCode("self-signed certificate", "DEPTH_ZERO_SELF_SIGNED_CERT")), "tls"],
    [fetchFailed(withCode("Connect Timeout Error (attempted address: a:443)", "UND_ERR_CONNECT_TIMEOUT")), "timeout"],
    [fetchFailed(withCode("Headers Timeout Error", "UND_ERR_HEADERS_TIMEOUT")), "timeout"],
    [withCode("read ECONNRESET", "ECONNRESET"), "connection"],
    [withCode("connect ETIMEDOUT 192.0.2.1:443", "ETIMEDOUT"), "timeout"],
    [withCode("ENOSPC: no space left on device, write", "ENOSPC"), "disk"],
    [withCode("EACCES: permission denied, open 'a'", "EACCES"), "disk"],
    [withCode("ENOENT: no such file or directory, open 'a'", "ENOENT"), "disk"],
    [withCode("something", "EOTHER"), "unknown"],
  ];
  assertEquals(cases.map(([error]) => classifyFailure(error)), cases.map(([, name]) => name));
});

Deno.test("classifyFailure() does not take a missing permission for a fault of the disk", () => {
  const error = new Deno.errors.NotCapable('Requires read access to "a", run again with the --allow-read flag');
  assertEquals(classifyFailure(error), "unknown");
  assertEquals(classifyFailure(new Deno.errors.NotCapable('Requires net access to "a:443"')), "refused-host");
});

Deno.test("classifyFailure() classifies a refused connection and an unknown host on real sockets", async () => {
  assertEquals(classifyFailure(await fetch(`http://127.0.0.1:${closedPort()}/`).catch((error) => error)), "connection");
  assertEquals(classifyFailure(await fetch("http://no-such-host.invalid/").catch((error) => error)), "dns");
});

Deno.test("FailureError has the exit code of its class", () => {
  const codes = (["timeout", "login", "integrity", "disk", "gone"] as const).map((name) =>
    new FailureError(name, "x").exitCode
  );
  assertEquals(codes, [6, 5, 7, 4, 1]);
});

Deno.test("isRetryable() follows the class unless the error overrides it", () => {
  assertEquals(isRetryable(new FailureError("gone", "x", { retryable: true })), true);
  assertEquals(isRetryable(new FailureError("gone", "x")), false);
  assertEquals(isRetryable(new DOMException("late", "TimeoutError")), true);
});

Deno.test("parseRetryAfter() reads seconds and the three HTTP dates", () => {
  const now = Date.UTC(2026, 0, 1, 0, 0, 0);
  assertEquals(parseRetryAfter("7", now), 7000);
  assertEquals(parseRetryAfter("Thu, 01 Jan 2026 00:00:10 GMT", now), 10_000);
  assertEquals(parseRetryAfter("Wed, 31 Dec 2025 00:00:00 GMT", now), 0);
  assertEquals([null, "", "soon", "-3", "2026"].map((value) => parseRetryAfter(value, now)), [
    undefined,
    undefined,
    undefined,
    undefined,
    2_026_000,
  ]);
});

Deno.test("fullJitter() stays between 0 and the capped exponential", () => {
  assertEquals([0, 1, 10].map((attempt) => fullJitter(attempt, { random: () => 1 })), [1000, 2000, 30_000]);
  assertEquals(fullJitter(5, { random: () => 0 }), 0);
});

Deno.test("Pacer spaces calls and respects a pause", async () => {
  const clock = new FakeClock();
  const pacer = new Pacer({ perSecond: 2, clock });
  for (let i = 0; i < 3; i++) await pacer.waitTurn();
  assertEquals(clock.monotonic(), 1000);
  pacer.pause(5000);
  await pacer.waitTurn();
  assertEquals(clock.monotonic(), 6000);
});

Deno.test("Pacer without a rate never waits", async () => {
  const clock = new FakeClock();
  const pacer = new Pacer({ perSecond: 0, clock });
  for (let i = 0; i < 100; i++) await pacer.waitTurn();
  assertEquals(clock.sleeps, []);
});
