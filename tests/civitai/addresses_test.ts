import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { FailureError } from "../../lib/failsafe/mod.ts";
import {
  checkDownloadHost,
  downloadUrl,
  imageUrl,
  parseImage,
  signedUntil,
  STORAGE_HOSTS,
} from "../../lib/civitai/mod.ts";
import { assertLinearTime } from "../helpers/assert_linear_time.ts";
import { fixture } from "./_fixture.ts";

Deno.test("downloadUrl() names the exact file on the base that the user chose", () => {
  assertEquals(
    downloadUrl("https://civitai.red/", { versionId: 5, fileId: 7 }),
    "https://civitai.red/api/download/models/5?fileId=7",
  );
  assertEquals(
    downloadUrl("https://proxy.example/civitai", { versionId: 5 }),
    "https://proxy.example/civitai/api/download/models/5",
  );
});

Deno.test("downloadUrl() asks for a linked file by its query, without fileId", () => {
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

Deno.test("imageUrl() asks for the untouched original of an image", () => {
  assertEquals(imageUrl(item("image", "1.jpeg")), at("original=true/1.jpeg"));
});

Deno.test("imageUrl() asks for a transcoded video, because its original may be a still picture", () => {
  assertEquals(imageUrl(item("video", "1.mp4")), at("transcode=true,quality=100/1.mp4"));
});

Deno.test("imageUrl() makes previews small and still", () => {
  assertEquals(imageUrl(item("image", "1.jpeg"), { variant: "preview" }), at("anim=false,width=450/1.jpeg"));
  assertEquals(
    imageUrl(item("video", "1.mp4"), { variant: "preview" }),
    at("anim=false,transcode=true,width=450/1.jpeg"),
  );
});

Deno.test("imageUrl() leaves audio and foreign addresses alone", () => {
  assertEquals(imageUrl(item("audio", "1.mp3")), at("width=450/1.mp3"));
  const foreign = parseImage({ id: 1, url: "https://example.org/a/b.png" });
  assertEquals([imageUrl(foreign), imageUrl({ ...foreign, url: "not a url" })], [
    "https://example.org/a/b.png",
    "not a url",
  ]);
});

Deno.test("signedUntil() reads the end of R2, old S3 and B2 signatures", () => {
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

Deno.test("checkDownloadHost() lets the storage hosts pass", () => {
  check("https://worker.0123.r2.cloudflarestorage.com/model/x");
  check("https://b2.civitai.com/file/x");
  check("https://f004.backblazeb2.com/file/x");
  check("https://files.example/x", ["files.example"]);
  check("https://10.0.0.5/x", ["10.0.0.5"]);
});

const REFUSED: readonly string[] = [
  "https://evil.example/x",
  "https://r2.cloudflarestorage.com/x",
  "https://evilr2.cloudflarestorage.com/x",
  "https://b2.civitai.com.evil.example/x",
  "https://127.0.0.1/x",
  "https://[::1]/x",
  "https://localhost/x",
  "https://169.254.169.254/latest/meta-data",
  "https://10.0.0.5/x",
  "https://192.168.1.1/x",
  "https://0x7f.1/x",
  "https://[fe80::1]/x",
  "https://[::ffff:10.0.0.1]/x",
  "http://b2.civitai.com/file/x",
  "ftp://b2.civitai.com/file/x",
  "https://user:pass@b2.civitai.com/file/x",
];

for (const url of REFUSED) {
  Deno.test(`checkDownloadHost() refuses ${url}`, () => {
    const error = assertThrows(() => check(url), FailureError);
    assertEquals(error.failure, "refused-host");
    assertStringIncludes(error.message, `"${new URL(url).hostname}"`);
  });
}

Deno.test("checkDownloadHost() says how to allow a host", () => {
  const error = assertThrows(() => check("https://evil.example/x"), FailureError);
  assertStringIncludes(error.hint ?? "", "--allow-host evil.example");
});

Deno.test("checkDownloadHost() lets loopback and http pass only when the API is on loopback", () => {
  check("http://127.0.0.1:9000/x", [], true);
  check("http://localhost:9000/x", [], true);
  assertThrows(() => check("http://127.0.0.1:9000/x", ["127.0.0.1"]), FailureError);
  assertThrows(() => check("http://10.0.0.5/x", [], true), FailureError);
});

Deno.test("imageUrl() takes linear time for any address", async () => {
  for (const piece of ["=", "/", "a=/", "/=a", "."]) {
    for (const end of ["", "/"]) {
      const read = (text: string) => imageUrl({ ...item("image", "1.jpeg"), url: at(`${text}${end}`) });
      await assertLinearTime(read, piece, { name: "imageUrl()" });
    }
  }
});
