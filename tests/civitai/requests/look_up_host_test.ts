import { assertEquals, assertRejects } from "@std/assert";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { type ClientOptions, createClient } from "../../../lib/civitai/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { replayFixture } from "../../helpers/servers/replay.ts";

/** The system's response to each lookup in turn; the last one is permanent. */
function namesThatSay(...codes: readonly (string | null)[]) {
  const state = { looks: [] as string[], requests: 0 };
  const options = {
    clock: new FakeClock(),
    env: () => undefined,
    fetch: () => {
      state.requests++;
      return Promise.resolve(replayFixture("enums.json"));
    },
    lookUp(hostname: string) {
      const code = codes[Math.min(state.looks.push(hostname), codes.length) - 1];
      return code === null ? Promise.resolve([]) : Promise.reject(Object.assign(new Error(code), { code }));
    },
  } satisfies ClientOptions;
  return { state, options };
}

for (const code of ["ENOTFOUND", "EAI_AGAIN"]) {
  Deno.test(`requests look up a name that fails with ${code} twice, send nothing, and report that it has no address`, async () => {
    const { state, options } = namesThatSay(code);
    const error = await assertRejects(() => createClient(options).enums(), FailureError);
    assertEquals([error.failure, state.requests], ["dns", 0]);
    assertEquals(
      error.message,
      'Cannot read the lists of types and base models: the host name has no address ("civitai.com")',
    );
    assertEquals(state.looks, ["civitai.com", "civitai.com"]);
  });
}

Deno.test("requests continue if the second lookup succeeds, and skip lookups after a response", async () => {
  const { state, options } = namesThatSay("EAI_AGAIN", null);
  const client = createClient(options);
  await client.enums();
  await client.enums();
  assertEquals([state.looks.length, state.requests], [2, 2]);
});

Deno.test("requests report within their patience that no name server responds", async () => {
  const { options } = namesThatSay(null);
  const client = createClient({ ...options, lookUp: () => new Promise(() => {}), patienceMs: 50 });
  const error = await assertRejects(() => client.enums(), FailureError, "no name server answered within 50ms");
  assertEquals(error.failure, "dns");
});

Deno.test("requests stop waiting for a name server when they are canceled", async () => {
  const { options } = namesThatSay(null);
  const signal = AbortSignal.abort(new Error("enough"));
  const client = createClient({ ...options, lookUp: () => new Promise(() => {}) });
  await assertRejects(() => client.enums({ signal }), Error, "enough");
});

const LEFT_TO_FETCH: Readonly<Record<string, Partial<ClientOptions>>> = {
  "a permission is missing": { lookUp: () => Promise.reject(Object.assign(new Error("EPERM"), { code: "EPERM" })) },
  "a proxy looks names up": { env: (name) => name === "HTTPS_PROXY" ? "http://127.0.0.1:3128" : undefined },
  "the host is an address": { baseUrl: "https://192.0.2.1", mirrorUrl: null },
  "the host is this machine": { baseUrl: "http://localhost:1", mirrorUrl: null },
};
for (const [reason, options] of Object.entries(LEFT_TO_FETCH)) {
  Deno.test(`requests leave the lookup to fetch if ${reason}`, async () => {
    const names = namesThatSay("ENOTFOUND");
    await createClient({ ...names.options, ...options }).enums();
    assertEquals(names.state.requests, 1);
  });
}
