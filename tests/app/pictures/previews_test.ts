import { assert, assertEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { ShownImage } from "../../../lib/app/pictures/image_sources.ts";
import { PreviewCache } from "../../../lib/app/pictures/preview_cache.ts";
import { Previews, type PreviewsOptions } from "../../../lib/app/pictures/previews.ts";
import { type ImageItem, parseModel } from "../../../lib/civitai/mod.ts";
import { Failsafe } from "../../../lib/failsafe/mod.ts";
import { stateFolder } from "../../../lib/library/mod.ts";
import { stillPicture } from "../../../lib/sandbox/content/still_picture.ts";
import { type CatalogImage, startSandbox } from "../../../lib/sandbox/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const ALWAYS = new AbortController().signal;
const QUICK = {
  connectTimeoutMs: 2000,
  tlsTimeoutMs: 2000,
  headerTimeoutMs: 300,
  stallMs: 400,
  stallBytes: 100,
  totalMs: 1500,
};
const PIXELS = stillPicture({ id: 1, width: 8, height: 8 } as CatalogImage, 8) as Uint8Array<ArrayBuffer>;

interface Opened extends AsyncDisposable {
  readonly previews: Previews;
  readonly cache: PreviewCache;
}

function open(folder: string, options: Pick<PreviewsOptions, "find" | "baseUrl"> & Partial<PreviewsOptions>): Opened {
  const cache = new PreviewCache({ folder: join(folder, "previews"), freeBytes: 0 });
  const previews = new Previews({ root: folder, cache, env: () => undefined, ...options });
  return {
    previews,
    cache,
    async [Symbol.asyncDispose]() {
      await previews[Symbol.asyncDispose]();
      await cache[Symbol.asyncDispose]();
    },
  };
}

/** What is left of a request when it is over. */
type Seen = Pick<Request, "url" | "headers">;

/** Run a test against a media host of its own, which answers by a function. */
async function withHost(
  answer: (request: Request) => Response | Promise<Response>,
  test: (opened: Opened, requests: readonly Seen[], origin: string) => Promise<void>,
  options: Partial<PreviewsOptions> = {},
): Promise<void> {
  const requests: Seen[] = [];
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    requests.push({ url: request.url, headers: new Headers(request.headers) });
    return answer(request);
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  await inTempDir(async (folder) => {
    const find = ({ imageId: id }: ShownImage) => ({
      url: `${origin}/key/uuid/original=true/${id}.jpeg`,
      type: "image" as const,
    });
    await using opened = open(folder, { find, baseUrl: origin, timeouts: QUICK, ...options });
    await test(opened, requests, origin);
  });
}

const get = ({ previews }: Opened, imageId = 1, width = 450) =>
  previews.get({ imageId, versionId: null, width }, ALWAYS);

Deno.test("Previews fetches an image of the sandbox at each width, once, without any key", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox({ outcomes: {}, galleryPerVersion: 20 });
    const images = [...sandbox.catalog.models()].flatMap(({ versions }) => versions.flatMap(({ images }) => images));
    const byId = new Map(images.map((image) => [image.id, image]));
    const list = await (await fetch(`${sandbox.apiOrigin}/api/v1/models?limit=100&nsfw=true`)).json();
    const listed = list.items.flatMap((model: unknown) => parseModel(model).versions.flatMap(({ images }) => images));
    const urls = new Map<number, string>(listed.map(({ id, url }: ImageItem) => [id, url]));
    const find = ({ imageId: id }: ShownImage) => ({ url: urls.get(id)!, type: byId.get(id)!.type });
    await using opened = open(folder, { find, baseUrl: sandbox.apiOrigin });
    const before = sandbox.log.requests.length;
    const chosen = [...urls.keys()].filter((id) => byId.get(id)?.type !== "audio").slice(0, 30);
    for (const id of chosen) {
      for (const width of [96, 450]) {
        const [expected] = sandbox.contentsOfImage(id, { width });
        for (let turn = 0; turn < 2; turn++) {
          const picture = await get(opened, id, width);
          assertEquals(picture?.bytes, expected as Uint8Array<ArrayBuffer>);
          assertEquals(picture?.sha256, createHash("sha256").update(expected!).digest("hex"));
        }
      }
    }
    const requests = sandbox.log.requests.slice(before);
    assertEquals(requests.filter(({ status }) => status === 200).length, chosen.length * 2);
    assertEquals(sandbox.log.violations, []);
    const still = chosen.find((id) => byId.get(id)!.type === "image")!;
    const original = await get(opened, still, 0);
    assert(sandbox.contentsOfImage(still).some((bytes) => Uint8Array.from(bytes).toHex() === original!.bytes.toHex()));
  }));

Deno.test("Previews serves what it kept when the host is gone", () =>
  inTempDir(async (folder) => {
    let origin = "http://127.0.0.1:1";
    const find = ({ imageId: id }: ShownImage) => ({
      url: `${origin}/key/uuid/original=true/${id}.jpeg`,
      type: "image" as const,
    });
    {
      await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => new Response(PIXELS));
      origin = `http://127.0.0.1:${server.addr.port}`;
      await using opened = open(folder, { find, baseUrl: origin });
      assertEquals((await get(opened))?.bytes, PIXELS);
    }
    await using opened = open(folder, { find, baseUrl: origin });
    assertEquals((await get(opened))?.bytes, PIXELS);
    assertEquals(await get(opened, 2), null);
  }));

/** Answer nothing until the client is gone. */
function untilGone({ signal }: Request): Promise<Response> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(new Response())));
}

const HOSTILE: Readonly<Record<string, () => Response>> = {
  "a page": () => new Response("<script>alert(1)</script>", { headers: { "content-type": "text/html" } }),
  "a page called a picture": () => new Response("<html></html>", { headers: { "content-type": "image/png" } }),
  "an SVG": () =>
    new Response("<svg xmlns='http://www.w3.org/2000/svg'/>", { headers: { "content-type": "image/svg+xml" } }),
  "a page behind the signature of a GIF": () => new Response("GIF89a<script>alert(1)</script>"),
  "JSON": () => Response.json({ error: "no" }),
  "nothing": () => new Response(""),
  "half a picture": () => new Response(PIXELS.slice(0, PIXELS.length - 20)),
  "a video": () => new Response(new Uint8Array([0, 0, 0, 24, 0x66, 0x74, 0x79, 0x70, ...new Array(60).fill(0)])),
  "404": () => new Response("gone", { status: 404 }),
  "403": () => new Response("no", { status: 403 }),
  "a redirect to another host": () => Response.redirect("http://169.254.169.254/latest/meta-data"),
  "a redirect to a host that is not Civitai's": () => Response.redirect("http://example.com/a.png"),
  "endless redirects": () => new Response(null, { status: 302, headers: { location: "/again" } }),
  "compressed bytes": () => new Response(PIXELS, { headers: { "content-encoding": "br" } }),
};

for (const [what, answer] of Object.entries(HOSTILE)) {
  Deno.test(`Previews refuses ${what}, and remembers that for a while`, () =>
    withHost(answer, async (opened, requests) => {
      assertEquals(await get(opened), null);
      const count = requests.length;
      assert(count > 0);
      assertEquals(await get(opened), null);
      assertEquals(requests.length, count);
      assertEquals(await opened.cache.find({ imageId: 1, width: 450 }), null);
    }));
}

Deno.test("Previews reads nothing of a body that says to have 10 GB", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const answering = (async () => {
    using connection = await listener.accept();
    await connection.read(new Uint8Array(4096));
    await connection.write(new TextEncoder().encode("HTTP/1.1 200 OK\r\ncontent-length: 10000000000\r\n\r\n"));
    await connection.read(new Uint8Array(1)).catch(() => {});
  })();
  await inTempDir(async (folder) => {
    const origin = `http://127.0.0.1:${listener.addr.port}`;
    const find = () => ({ url: `${origin}/key/uuid/original=true/1.jpeg`, type: "image" as const });
    await using opened = open(folder, { find, baseUrl: origin, timeouts: QUICK });
    assertEquals(await get(opened), null);
  });
  await answering;
});

Deno.test("Previews stops reading a body without an end at 20 MiB", async () => {
  let sent = 0;
  const endless = () =>
    new Response(
      new ReadableStream({
        pull(controller) {
          const chunk = new Uint8Array(1 << 20);
          if (sent === 0) chunk.set(PIXELS);
          sent += chunk.length;
          controller.enqueue(chunk);
        },
      }),
    );
  await withHost(endless, async (opened) => assertEquals(await get(opened), null), {
    timeouts: { ...QUICK, totalMs: 20_000 },
  });
  assert(sent < 40 << 20, `${sent} bytes were sent`);
});

Deno.test("Previews gives up on a host that does not answer, stalls or trickles", async () => {
  const slow: readonly ((request: Request) => Response | Promise<Response>)[] = [
    untilGone,
    () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(PIXELS.slice(0, 50)) })),
  ];
  for (const answer of slow) {
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
    await inTempDir(async (folder) => {
      const origin = `http://127.0.0.1:${server.addr.port}`;
      const find = () => ({ url: `${origin}/key/uuid/original=true/1.jpeg`, type: "image" as const });
      await using opened = open(folder, { find, baseUrl: origin, timeouts: QUICK });
      const started = performance.now();
      assertEquals(await get(opened), null);
      assert(performance.now() - started < 5000);
    });
  }
});

Deno.test("Previews requests a picture once for all who want it, and sends nothing that grants access", () =>
  withHost(() => new Response(PIXELS), async (opened, requests) => {
    const all = await Promise.all(Array.from({ length: 50 }, () => get(opened)));
    assertEquals(all.map((picture) => picture?.bytes), new Array(50).fill(PIXELS));
    assertEquals(requests.length, 1);
    const [{ url, headers }] = requests as [Seen];
    assertEquals(new URL(url).pathname, "/key/uuid/anim=false,width=450/1.jpeg");
    assertEquals([headers.get("authorization"), headers.get("cookie")], [null, null]);
  }));

Deno.test("Previews sends no more than four requests at once, however many are wanted", async () => {
  let now = 0;
  let most = 0;
  const answer = async () => {
    most = Math.max(most, ++now);
    await new Promise((wake) => setTimeout(wake, 1));
    now--;
    return new Response(PIXELS);
  };
  await withHost(answer, async (opened, requests) => {
    const ids = Array.from({ length: 2000 }, (_, index) => index + 1);
    const all = await Promise.all(ids.map((id) => get(opened, id)));
    assertEquals(all.filter((picture) => picture === null).length, 0);
    assertEquals(requests.length, 2000);
    assert(most <= 4, `${most} at once`);
    assertEquals(opened.previews.pending, 0);
  }, { timeouts: { ...QUICK, headerTimeoutMs: 20_000, totalMs: 30_000 } });
});

Deno.test("Previews refuses more than may wait", () =>
  withHost(untilGone, async (opened) => {
    const stop = new AbortController();
    const waiting = Array.from({ length: 10 }, (_, id) =>
      opened.previews.get({ imageId: id, versionId: null, width: 96 }, stop.signal));
    const ends = waiting.map((one) =>
      assertRejects(() => one, DOMException)
    );
    while (opened.previews.pending < 10) await new Promise((wake) => setTimeout(wake, 1));
    await assertRejects(() => get(opened, 11), Error, "10 are waiting");
    stop.abort();
    await Promise.all(ends);
  }, { maxWaiting: 10, timeouts: { ...QUICK, headerTimeoutMs: 500 } }));

Deno.test("Previews does not request what nobody waits for any more, and finishes what it began", async () => {
  const held = Promise.withResolvers<void>();
  await withHost(() => held.promise.then(() => new Response(PIXELS)), async (opened, requests) => {
    const stop = new AbortController();
    const ids = Array.from({ length: 100 }, (_, index) => index + 1);
    const waiting = ids.map((id) =>
      assertRejects(() => opened.previews.get({ imageId: id, versionId: null, width: 96 }, stop.signal))
    );
    const last = get(opened, 100, 96);
    while (requests.length < 4) await new Promise((wake) => setTimeout(wake, 1));
    stop.abort(new Error("the client is gone"));
    await Promise.all(waiting);
    assertEquals(opened.previews.pending, 5);
    held.resolve();
    assertEquals((await last)?.bytes, PIXELS);
    while (opened.previews.pending > 0) await new Promise((wake) => setTimeout(wake, 1));
    assertEquals(requests.length, 5);
    assertEquals((await opened.cache.find({ imageId: 1, width: 96 }))?.bytes, PIXELS);
  }, { timeouts: { ...QUICK, headerTimeoutMs: 20_000, totalMs: 30_000 } });
});

Deno.test("Previews requests nothing while the failsafe of the library has paused or refuses the host", () =>
  withHost(() => new Response(PIXELS), async (opened, requests, origin) => {
    await inTempDir(async (folder) => {
      await using failsafe = await Failsafe.open(stateFolder(folder));
      const options = { root: folder, cache: null, baseUrl: origin, timeouts: QUICK };
      const find = () => ({ url: `${origin}/key/uuid/original=true/1.jpeg`, type: "image" as const });
      const ask = async () => {
        await using previews = new Previews({ ...options, find });
        return await previews.get({ imageId: 1, versionId: null, width: 450 }, ALWAYS);
      };
      failsafe.hold("paused");
      assertEquals([await ask(), requests.length], [null, 0]);
      failsafe.release();
      failsafe.trip(new URL(origin).host);
      assertEquals([await ask(), requests.length], [null, 0]);
      failsafe.reset();
      assertEquals((await ask())?.bytes, PIXELS);
    });
    assertEquals(await opened.cache.find({ imageId: 1, width: 450 }), null);
  }));

Deno.test("Previews has none of a sound, or of an image that is unknown", () =>
  withHost(() => new Response(PIXELS), async (opened, requests) => {
    assertEquals([await get(opened, 1), await get(opened, 2)], [null, null]);
    assertEquals(requests.length, 0);
  }, {
    find: ({ imageId }) =>
      imageId === 1 ? null : { url: "https://image.civitai.com/a/b/original=true/2.mp3", type: "audio" },
  }));
