import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { fixture } from "../../helpers/servers/civitai_fixture.ts";
import { clientOf, type Replay, replay, replayFixture } from "../../helpers/servers/replay.ts";

const TOKEN = "tok_0123456789";
const CHOICE = { versionId: 2900011, fileId: 2800011 };
const [R2, B2] = fixture<{ response: { headers: Record<string, string> } }[]>("http/exchanges.json")
  .slice(0, 2).map(({ response }) => response.headers["location"]!) as [string, string];

const redirect = (location: string, status = 307): Response =>
  new Response(null, { status, headers: { location, "cache-control": "no-store, max-age=0" } });
const resolve = (server: Replay, options = {}) =>
  clientOf(server, { token: TOKEN, ...options }).resolveDownload(CHOICE);

Deno.test("resolveDownload() returns the storage URL without requesting it", async () => {
  await using server = replay(() => redirect(R2));
  const download = await resolve(server);
  assertEquals(download.url, new URL(R2).href);
  assertEquals(new URL(download.url).host, new URL(R2).host);
  assertEquals([download.expiresAt, download.direct], [Date.UTC(2026, 10, 26, 9), false]);
  const [request] = server.received;
  assertEquals(request?.url.href.slice(server.url.length), "/api/download/models/2900011?fileId=2800011");
  assertEquals(request?.headers.get("authorization"), `Bearer ${TOKEN}`);
  assertEquals(server.received.length, 1);
});

for (const status of [301, 302, 303, 307, 308]) {
  Deno.test(`resolveDownload() accepts a redirect with status ${status}`, async () => {
    await using server = replay(() => redirect(B2, status));
    assertEquals(new URL((await resolve(server)).url).host, "b2.civitai.com");
  });
}

Deno.test("resolveDownload() follows redirects on the API's host with the token, also relative ones", async () => {
  await using server = replay((_, index) => index === 0 ? redirect("/api/download/step2") : redirect(R2));
  await resolve(server);
  assertEquals(server.received.map(({ headers }) => headers.has("authorization")), [true, true]);
});

Deno.test("resolveDownload() never sends the token to another host", async () => {
  await using storage = replay(() => new Response("bytes"));
  await using server = replay(() => redirect(`${storage.url}/file?X-Amz-Signature=s`));
  const client = clientOf(server, { token: TOKEN });
  const { url } = await client.resolveDownload(CHOICE);
  assertEquals(storage.received.length, 0, "the storage is not asked at all");
  assertEquals(client.headersFor(url)["authorization"], undefined);
  assertEquals(client.headersFor(`${server.url}/api/v1/me`)["authorization"], `Bearer ${TOKEN}`);
  assertEquals(client.headersFor("https://image.civitai.com/x")["authorization"], undefined);
});

Deno.test("resolveDownload() fails after ten redirects", async () => {
  await using server = replay((_, index) => redirect(`/api/download/${index}`));
  await assertRejects(() => resolve(server), FailureError, "more than 10 redirects");
  assertEquals(server.received.length, 10);
});

for (
  const location of [
    "https://evil.example/x",
    "https://169.254.169.254/x",
  ]
) {
  Deno.test(`resolveDownload() refuses a redirect to ${location}`, async () => {
    await using server = replay(() => redirect(location));
    const error = await assertRejects(() => resolve(server), FailureError);
    assertEquals([error.failure, server.received.length], ["refused-host", 1]);
    const { hostname } = new URL(location);
    const mayBeAllowed = location.startsWith("http") && !/^[\d.]+$/.test(hostname);
    assertEquals(error.hint?.includes(`--allow-host ${hostname}`), mayBeAllowed);
  });
}

Deno.test("resolveDownload() follows to an allowed host", async () => {
  await using server = replay(() => redirect("https://files.example/x?Signature=1"));
  assertEquals(new URL((await resolve(server, { allowedHosts: ["*.example"] })).url).host, "files.example");
});

Deno.test("resolveDownload() returns the API's own URL if it sends the file itself", async () => {
  await using server = replay(() =>
    new Response("weights", { headers: { "content-type": "application/octet-stream" } })
  );
  const download = await resolve(server);
  assertEquals(download.direct, true);
  assertEquals(download.url, `${server.url}/api/download/models/2900011?fileId=2800011`);
});

Deno.test("resolveDownload() requests a linked file by its query", async () => {
  await using server = replay(() => redirect(R2));
  await clientOf(server).resolveDownload({ versionId: 5, linkedQuery: { type: "VAE", format: "SafeTensor" } });
  assertEquals(server.received[0]?.url.search, "?type=VAE&format=SafeTensor");
  assertEquals(server.received[0]?.headers.has("authorization"), false);
});

const REFUSALS: readonly (readonly [number, string, string])[] = [
  [401, "401_downloads_disabled.json", "disabled"],
  [403, "cloudflare_403_challenge.html", "forbidden"],
  [404, "404_download_file.json", "gone"],
  [429, "429_download_quota.json", "quota"],
];

for (const [status, name, failure] of REFUSALS) {
  Deno.test(`resolveDownload() fails permanently with ${failure} for ${name}`, async () => {
    await using server = replay(() => replayFixture(`errors/${name}`, { status }));
    const error = await assertRejects(() => resolve(server), FailureError);
    assertEquals([error.failure, error.retryable, server.received.length], [failure, false, 1]);
    assertStringIncludes(error.message, "Cannot download file 2800011 of version 2900011: ");
  });
}

Deno.test("resolveDownload() retries a login page with status 200 if it sent a key", async () => {
  const page = () => replayFixture("errors/download_login_page_200.html", { status: 200 });
  await using server = replay((_, index) => index === 0 ? page() : redirect(R2));
  assertEquals((await resolve(server)).direct, false);
  await using always = replay(page);
  const error = await assertRejects(
    () => resolve(always),
    FailureError,
    "the server responded with a login page",
  );
  assertEquals([error.failure, always.received.length], ["unusable", 3]);
});

Deno.test("resolveDownload() treats a login page as final if it sent no key", async () => {
  await using server = replay(() => replayFixture("errors/download_login_page_200.html", { status: 200 }));
  const error = await assertRejects(() => clientOf(server).resolveDownload(CHOICE), FailureError);
  assertEquals([error.failure, error.retryable, server.received.length], ["login", false, 1]);
});

Deno.test("resolveDownload() repeats a 404 with no-store once", async () => {
  const gone = () =>
    replayFixture("errors/404_download_file.json", { status: 404, headers: { "cache-control": "private, no-store" } });
  await using server = replay((_, index) => index === 0 ? gone() : redirect(R2));
  assertEquals((await resolve(server)).direct, false);
  await using always = replay(gone);
  const error = await assertRejects(() => resolve(always), FailureError);
  assertEquals([error.failure, always.received.length], ["gone", 2]);
});

Deno.test("resolveDownload() refuses small JSON with status 200 as a file", async () => {
  await using server = replay(() => Response.json({ error: "Unauthorized" }));
  const error = await assertRejects(() => resolve(server, { maxRetries: 0 }), FailureError);
  assertEquals(error.failure, "unusable");
});

for (
  const [location, failure] of [
    ["/login?returnUrl=%2Fmodel-versions%2F2900011&reason=download-auth", "login"],
    ["https://auth.civitai.com/x", "login"],
    ["/model-versions/2900501", "early-access"],
  ] as const
) {
  Deno.test(`resolveDownload() treats a redirect to ${location.split("?")[0]} as ${failure}`, async () => {
    await using server = replay(() => redirect(location));
    assertEquals((await assertRejects(() => resolve(server), FailureError)).failure, failure);
    assertEquals(server.received.length, 1);
  });
}

Deno.test("resolveDownload() asks the mirror if the base URL returns 404", async () => {
  await using server = replay(() => replayFixture("errors/404_download_file.json", { status: 404 }));
  await using mirror = replay(() => redirect(R2));
  assertEquals((await resolve(server, { mirrorUrl: mirror.url })).direct, false);
  assertEquals(mirror.received[0]?.headers.get("authorization"), `Bearer ${TOKEN}`);
});

Deno.test("resolveDownload() shows no signed URL and no token in events or errors", async () => {
  const seen: string[] = [];
  await using server = replay((_, index) =>
    index === 0
      ? new Response(`busy ${TOKEN}`, { status: 503 })
      : redirect("https://evil.example/?X-Amz-Signature=abcdef")
  );
  const error = await assertRejects(() =>
    resolve(server, {
      onRequest: (notice: unknown) => void seen.push(JSON.stringify(notice)),
      onRetry: (notice: unknown) => void seen.push(JSON.stringify(notice)),
    }), FailureError);
  const all = `${seen.join()}${error.message}${error.hint}`;
  assertEquals([all.includes(TOKEN), all.includes("abcdef"), seen.length], [false, false, 3]);
});
