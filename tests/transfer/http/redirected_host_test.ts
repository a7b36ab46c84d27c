import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import {
  type ConnectionPermits,
  followRedirects,
  PROFILES,
  type Transport,
  type TransportResponse,
  UNLIMITED_PERMITS,
} from "../../../lib/transfer/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { transferAlone } from "../../helpers/transfer_alone.ts";

function answer(status: number, headers: Record<string, string>, body = new Uint8Array(0)): TransportResponse {
  let isRead = body.length === 0;
  return {
    status,
    headers: new Headers(headers),
    read(target) {
      if (isRead) return Promise.resolve(null);
      isRead = true;
      target.set(body);
      return Promise.resolve(body.length);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** A transfer that "first" redirects to "second", once; returns what each permit received while it was held. */
function bench(second: () => TransportResponse, options: { refusal?: Error; again?: () => TransportResponse } = {}) {
  const { refusal, again } = options;
  const heard: string[] = [];
  let asked = 0;
  const transport: Transport = (url) => {
    const isFirst = new URL(url).host === "first.example";
    if (isFirst && asked++ > 0 && again !== undefined) return Promise.resolve(again());
    return Promise.resolve(isFirst ? answer(302, { location: "https://second.example/x" }) : second());
  };
  const permits: ConnectionPermits = {
    acquire(host) {
      if (host === "second.example" && refusal !== undefined) return Promise.reject(refusal);
      let isHeld = true;
      const say = (word: string) => () => {
        if (isHeld) heard.push(`${host} ${word}`);
        isHeld &&= word !== "left";
      };
      return Promise.resolve({
        recordResponse: say("answered"),
        recordFlow: say("flows"),
        recordRefusal: say("refused"),
        recordFailure: say("failed"),
        [Symbol.dispose]: say("left"),
      });
    },
    tryAcquire: UNLIMITED_PERMITS.tryAcquire,
  };
  const run = (path: string) =>
    transferAlone({
      path,
      identity: {},
      sha256: null,
      resolve: () => Promise.resolve({ url: "https://first.example/x" }),
    }, {
      transport: followRedirects(transport, { check: () => {} }),
      permits,
      clock: new FakeClock(),
      maxRetries: 0,
      profile: PROFILES.stable,
    });
  return { heard, run: () => inTempDir((folder) => run(join(folder, "x.bin")).then(() => {})) };
}

Deno.test("followRedirects() charges outcomes to the host of the redirect", async () => {
  const { heard, run } = bench(() => answer(200, { "content-length": "3" }, new Uint8Array(3)));
  await run();
  assertEquals(heard, [
    ...["first.example answered", "second.example answered", "second.example flows"],
    ...["second.example left", "first.example left"],
  ]);
});

Deno.test("followRedirects() does not charge a broken host to the one that redirects", async () => {
  for (const second of [() => answer(500, {}), () => answer(200, { "content-length": "3" }, new Uint8Array(2))]) {
    const { heard, run } = bench(second);
    await assertRejects(run, FailureError);
    assertEquals(heard.filter((word) => word.endsWith("failed")), ["second.example failed"]);
    assertEquals(heard.filter((word) => word.startsWith("first")), ["first.example answered", "first.example left"]);
  }
  const thrown = bench(() => {
    throw new FailureError("connection", "broken");
  });
  await assertRejects(thrown.run, FailureError, "broken");
  assertEquals(thrown.heard.filter((word) => word.endsWith("failed")), ["second.example failed"]);
});

Deno.test("followRedirects() does not charge a forbidden host to the one that redirects", async () => {
  const refusal = new FailureError("connection", "gone for too long", { retryable: false });
  const { heard, run } = bench(() => answer(200, {}), { refusal });
  await assertRejects(run, FailureError, "gone for too long");
  assertEquals(heard, ["first.example answered", "first.example left"]);
});

Deno.test("followRedirects() charges outcomes to the first host again after a redirect back", async () => {
  const back = () => answer(302, { location: "https://first.example/y" });
  const { heard, run } = bench(back, { again: () => answer(500, {}) });
  await assertRejects(run, FailureError);
  assertEquals(heard, [
    ...["first.example answered", "second.example answered", "second.example left"],
    ...["first.example failed", "first.example left"],
  ]);
});

Deno.test("followRedirects() leaves no permit after a redirect loop or a dead end", async () => {
  const back = () => answer(302, { location: "https://first.example/y" });
  const forth = () => answer(302, { location: "https://second.example/x" });
  const circle = bench(back, { again: forth });
  await assertRejects(circle.run, FailureError, "more than 5 redirects");
  const nowhere = bench(() => answer(302, { location: "https://[" }));
  await assertRejects(nowhere.run, FailureError, "no valid address");
  for (const { heard } of [circle, nowhere]) {
    assertEquals(heard.filter((word) => word === "first.example left").length, 1);
    const count = (word: string) => heard.filter((each) => each === `second.example ${word}`).length;
    assertEquals(count("left"), count("answered") + count("failed"));
  }
});
