import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import {
  checkDownloadHost,
  checkPeer,
  createClient,
  downloadUrl,
  imageUrl,
  parseImage,
  signedUntil,
  STORAGE_HOSTS,
} from "../../../lib/civitai/mod.ts";
import { assertLinearTime } from "../../helpers/assert_linear_time.ts";
import { fixture } from "../../helpers/servers/civitai_fixture.ts";

Deno.test("downloadUrl() names the exact file at the configured base URL", () => {
  assertEquals(
    downloadUrl("https://civitai.red/", { versionId: 5, fileId: 7 }),
    "https://civitai.red/api/download/models/5?fileId=7",
  );
  assertEquals(
    downloadUrl("https://proxy.example/civitai", { versionId: 5 }),
    "https://proxy.example/civitai/api/download/models/5",
  );
});

Deno.test("downloadUrl() requests a linked file by its query, without fileId", () => {
  const url = downloadUrl("https://civitai.com", {
    versionId: 5,
    fileId: 7,
    linkedQuery: { type: "Text Encoder", fp: "fp16" },
  });
  assertEquals(url, "https://civitai.com/api/download/models/5?type=Text+Encoder&fp=fp16");
});

const item = (type: "image" | "video" | "audio", name: string) =>
  parseImage({
    id: 1,
    type,
    url: `https://image.civitai.com/xG/634cc087-7a20-45d9-aac9-a328cb34bccf/width=450/${name}`,
  });
const at = (rest: string) => `https://image.civitai.com/xG/634cc087-7a20-45d9-aac9-a328cb34bccf/${rest}`;

Deno.test("imageUrl() requests the original of an image", () => {
  assertEquals(imageUrl(item("image", "1.jpeg")), at("original=true/1.jpeg"));
});

Deno.test("imageUrl() requests a transcoded video, because its original may be a still picture", () => {
  assertEquals(imageUrl(item("video", "1.mp4")), at("transcode=true,quality=100/1.mp4"));
});

Deno.test("imageUrl() requests small, still previews", () => {
  assertEquals(imageUrl(item("image", "1.jpeg"), { variant: "preview" }), at("anim=false,width=450/1.jpeg"));
  assertEquals(
    imageUrl(item("video", "1.mp4"), { variant: "preview" }),
    at("anim=false,transcode=true,width=450/1.jpeg"),
  );
});

Deno.test("imageUrl() requests a preview of another width", () => {
  const options = { variant: "preview", width: 96 } as const;
  assertEquals(imageUrl(item("image", "1.jpeg"), options), at("anim=false,width=96/1.jpeg"));
  assertEquals(imageUrl(item("video", "1.mp4"), options), at("anim=false,transcode=true,width=96/1.jpeg"));
});

Deno.test("imageUrl() keeps audio and foreign URLs unchanged", () => {
  assertEquals(imageUrl(item("audio", "1.mp3")), at("width=450/1.mp3"));
  const foreign = parseImage({ id: 1, url: "https://example.org/a/b.png" });
  assertEquals([imageUrl(foreign), imageUrl({ ...foreign, url: "not a url" })], [
    "https://example.org/a/b.png",
    "not a url",
  ]);
});

Deno.test("signedUntil() reads the expiry of R2, old S3 and B2 signatures", () => {
  const [r2, b2] = fixture<{ response: { headers: Record<string, string> } }[]>("http/exchanges.json");
  assertEquals(signedUntil(new URL(r2!.response.headers["location"]!)), Date.UTC(2026, 10, 26, 9));
  assertEquals(signedUntil(new URL(b2!.response.headers["location"]!)), null);
  assertEquals(signedUntil(new URL("https://s3.example/x?Expires=1800000000&Signature=x")), 1_800_000_000_000);
  const token = "3_20260803004041_53982a92f631a8c7303e3266_d940c7f5_000_20260804004041_0006_dnld";
  assertEquals(
    signedUntil(new URL(`https://b2.civitai.com/file/x?Authorization=${token}`)),
    Date.UTC(2026, 7, 4, 0, 40, 41),
  );
  assertEquals(signedUntil(new URL("https://x.example/?X-Amz-Date=never&X-Amz-Expires=86400")), null);
});

const check = (url: string, allowed: readonly string[] = [], isBaseLoopback = false) =>
  checkDownloadHost(new URL(url), {
    allowedHosts: [...STORAGE_HOSTS, ...allowed],
    isBaseLoopback,
    what: "download version 5",
  });

Deno.test.each(
  [
    ["https://worker.0123.r2.cloudflarestorage.com/model/x", []],
    ["https://b2.civitai.com/file/x", []],
    ["https://f004.backblazeb2.com/file/x", []],
    ["https://files.example/x", ["files.example"]],
    ["https://9.9.9.9/x", ["9.9.9.9"]],
  ] as const,
)("checkDownloadHost() accepts the storage host of %s", (url, allowed) => {
  assertEquals(check(url, allowed), undefined);
});

/** Refused hosts, and whether the user may allow them. */
const REFUSED: readonly (readonly [url: string, mayBeAllowed: boolean])[] = [
  ["https://evil.example/x", true],
  ["https://r2.cloudflarestorage.com/x", true],
  ["https://evilr2.cloudflarestorage.com/x", true],
  ["https://b2.civitai.com.evil.example/x", true],
  ["https://127.evil.example/x", true],
  ["https://9.9.9.9/x", true],
  ["https://[2606:4700::1111]/x", true],
  ["https://127.0.0.1/x", false],
  ["https://2130706433/x", false],
  ["https://0x7f.1/x", false],
  ["https://0.0.0.0/x", false],
  ["https://[::1]/x", false],
  ["https://[::ffff:127.0.0.1]/x", false],
  ["https://localhost/x", false],
  ["https://router.localhost/x", false],
  ["https://169.254.169.254/latest/meta-data", false],
  ["https://10.0.0.5/x", false],
  ["https://192.168.1.1/x", false],
  ["https://100.64.0.1/x", false],
  ["https://[fe80::1]/x", false],
  ["https://[fd00::1]/x", false],
  ["https://[::ffff:10.0.0.1]/x", false],
  ["https://[64:ff9b::10.0.0.1]/x", false],
  ["http://b2.civitai.com/file/x", false],
  ["http://evil.example/x", false],
  ["ftp://b2.civitai.com/file/x", false],
  ["data:text/plain,hello", false],
  ["file:///etc/passwd", false],
  ["blob:https://b2.civitai.com/1", false],
  ["https://user:pass@b2.civitai.com/file/x", false],
];

for (const [url, mayBeAllowed] of REFUSED) {
  Deno.test(`checkDownloadHost() refuses ${url}`, () => {
    const error = assertThrows(() => check(url), FailureError);
    const { hostname, protocol } = new URL(url);
    assertEquals([error.failure, error.retryable], ["refused-host", false]);
    assertStringIncludes(error.message, !protocol.startsWith("http") ? `"${protocol}"` : `"${hostname}"`);
    assertEquals(error.hint?.includes("--allow-host"), mayBeAllowed);
    // What cannot be allowed stays refused even if a user tries.
    const allowed = () => check(url, [hostname]);
    if (mayBeAllowed) allowed();
    else assertThrows(allowed, FailureError);
  });
}

Deno.test("checkDownloadHost() accepts loopback and http only if the API is on loopback", () => {
  check("http://127.0.0.1:9000/x", [], true);
  check("http://localhost:9000/x", [], true);
  assertThrows(() => check("http://127.0.0.1:9000/x", ["127.0.0.1"]), FailureError);
  assertThrows(() => check("http://10.0.0.5/x", [], true), FailureError);
});

Deno.test("imageUrl() takes linear time for any URL", async () => {
  for (const piece of ["=", "/", "a=/", "/=a", "."]) {
    for (const end of ["", "/"]) {
      const read = (text: string) => imageUrl({ ...item("image", "1.jpeg"), url: at(`${text}${end}`) });
      await assertLinearTime(read, piece, { name: "imageUrl()" });
    }
  }
});

for (
  const [host, isPublic] of [
    ["b2.civitai.com", true],
    ["104.16.0.1", true],
    ["2606:4700::1111", true],
    ["198.18.3.7", true],
    ["127.0.0.1", false],
    ["10.1.2.3", false],
    ["169.254.169.254", false],
    ["0.0.0.0", false],
    ["::1", false],
    ["fe80::1%2", false],
    ["::ffff:192.168.1.1", false],
  ] as const
) {
  const address = host === "b2.civitai.com" ? "1.1.1.1" : host;
  Deno.test(`checkPeer() ${isPublic ? "accepts" : "refuses"} a name that resolves to ${address}`, () => {
    const url = new URL("https://b2.civitai.com/file/x");
    const ask = (baseUrl: string) => checkPeer(url, address, { baseUrl });
    if (isPublic) return ask("https://civitai.com");
    const error = assertThrows(() => ask("https://civitai.com"), FailureError);
    assertEquals(error.failure, "refused-host");
    assertStringIncludes(error.message, `"b2.civitai.com": it resolves to ${address}, which is `);
    // The user's own API is allowed anywhere; if it is on this machine, every host is.
    ask("https://b2.civitai.com");
    ask("http://127.0.0.1:8080");
  });
}

for (
  const [host, written] of [
    ["files.example.com", "files.example.com"],
    ["*.Example.COM", "*.example.com"],
    ["nas", "nas"],
    ["9.9.9.9", "9.9.9.9"],
    ["[2606:4700::1111]", "[2606:4700::1111]"],
    ["bücher.example", "xn--bcher-kva.example"],
  ] as const
) {
  Deno.test(`createClient() allows the host ${host}`, () => {
    assertEquals(createClient({ allowedHosts: [host] }).hostRules.allowedHosts, [written]);
  });
}

for (
  const host of [
    ...["", "*", "*.", "https://files.example", "files.example/x", "files.example:8080", "user@files.example", "a b"],
    ...["data:", "ftp:", "127.0.0.1", "2130706433", "10.0.0.5", "localhost", "[::1]", "169.254.169.254", "*.9.9.9.9"],
    ...["files..example", "-.example", "%2e", "*.*.example.com"],
  ]
) {
  Deno.test(`createClient() refuses to allow the host "${host}"`, () => {
    const error = assertThrows(() => createClient({ allowedHosts: [host] }), KitError);
    assertEquals([error.code, typeof error.hint], ["usage", "string"]);
    assertStringIncludes(error.message, `Cannot allow the host "${host}"`);
  });
}

Deno.test("createClient() allows a private host if the API is on this machine", () => {
  const { hostRules } = createClient({ baseUrl: "http://127.0.0.1:8080", allowedHosts: ["10.0.0.5"] });
  assertEquals(hostRules, { allowedHosts: ["10.0.0.5"], isBaseLoopback: true });
});
