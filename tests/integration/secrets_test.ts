import { assert, assertEquals, assertGreater } from "@std/assert";
import { SECRET_SCENARIOS, SERVED_SCENARIOS } from "./scenarios/secret_scenarios.ts";
import { holdsSecret, searchForSecrets } from "./scenarios/secrets.ts";
import { askForSecrets } from "./scenarios/served_secrets.ts";

const SLICE = [
  "events",
  "wrong key",
  "storage fails",
  "storage is down",
  "API echoes once",
  "key in a target",
  "killed",
  "killed without a key",
];

Deno.test("download leaves no key and no signed URL anywhere", async () => {
  const scenarios = SECRET_SCENARIOS.filter((scenario) => SLICE.includes(scenario.name));
  const figures = await Promise.all(scenarios.map(searchForSecrets));
  assertEquals(figures.flatMap(({ found }) => found), []);
  assertEquals(figures.filter(({ authorizationsAtStorage }) => authorizationsAtStorage > 0), []);
  if (Deno.build.os === "linux") {
    assertEquals(figures.filter(({ sawArguments }) => !sawArguments).map(({ name }) => name), []);
  }
  const good = figures.find(({ name }) => name === "events")!;
  assertEquals(good.code, 0, good.stderr);
  assertGreater(good.signatures, 0);
  assertGreater(good.searchedBytes, 10_000);
  assert(figures.filter(({ name }) => name.startsWith("storage")).every(({ code }) => code !== 0));
});

Deno.test("serve answers with no key, no signed URL and no path outside of the library", async () => {
  for (const scenario of SERVED_SCENARIOS) {
    const { name, found, answers, signatures, searchedBytes } = await askForSecrets(scenario);
    assertEquals(found, [], name);
    assertGreater(answers.size, 40);
    assertGreater(searchedBytes, 100_000);
    if (name === "page") assertGreater(signatures, 0);
    const failed = [...answers].filter(([, status]) => status === 500);
    assertEquals(failed, [], name);
  }
});

Deno.test("holdsSecret() finds a key, and a signature in any spelling", () => {
  assert(holdsSecret("a sown-key b", ["sown-key"]));
  assert(holdsSecret("http://host/file?X-Amz-Signature=0123abcd", []));
  assert(holdsSecret("to=http%3A%2F%2Fhost%3FX-Amz-Signature%3D0123abcd", []));
  assert(!holdsSecret("X-Amz-Signature=[redacted]", ["sown-key"]));
});
