import { assert, assertEquals, assertMatch } from "@std/assert";
import { startSandbox } from "../../../lib/sandbox/mod.ts";

Deno.test("the API sends weak validators, and 304 without a body to a matching request", async () => {
  await using sandbox = await startSandbox({});
  const url = `${sandbox.apiOrigin}/api/v1/models?limit=3`;
  const first = await fetch(url);
  const etag = first.headers.get("etag")!;
  assertMatch(etag, /^W\/"[\w-]+"$/);
  assert((await first.text()).length > 0);
  for (const condition of [etag, `"other", ${etag}`, "*"]) {
    const again = await fetch(url, { headers: { "if-none-match": condition } });
    assertEquals([again.status, await again.text(), again.headers.get("etag")], [304, "", etag]);
  }
  const other = await fetch(url, { headers: { "if-none-match": 'W/"other"' } });
  assertEquals([other.status, (await other.json()).items.length], [200, 3]);
});

Deno.test("the API sends no validator with a refusal", async () => {
  await using sandbox = await startSandbox({});
  const refused = await fetch(`${sandbox.apiOrigin}/api/v1/models/999999999`);
  assertEquals([refused.status, refused.headers.get("etag")], [404, null]);
  await refused.body?.cancel();
});
