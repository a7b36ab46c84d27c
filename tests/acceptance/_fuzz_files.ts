import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import type { Random } from "../../lib/base/mod.ts";
import { ConfigError, parseAlertsConfig } from "../../lib/alerts/mod.ts";
import { decodeText, parseTargetList } from "../../lib/civitai/mod.ts";
import { sidecarModel } from "../../lib/downloader/rebuild/_sidecar_model.ts";
import {
  a1111Json,
  descriptionMarkdown,
  inspectFile,
  inspectPicture,
  planSidecar,
  scanLibrary,
} from "../../lib/library/mod.ts";
import { recognizeIssue } from "../../lib/monitor/mod.ts";
import { readLine } from "../../lib/problems/mod.ts";
import { imageBytes } from "../../lib/sandbox/content/image_bytes.ts";
import type { CatalogImage } from "../../lib/sandbox/catalog/catalog_model.ts";
import { parseResponseHead } from "../../lib/transfer/http/parse_response_head.ts";
import { readConfigFile } from "../../scripts/_frame/settings/config_file.ts";
import { gguf, safetensors, zip } from "../helpers/library/file_bytes.ts";
import { sidecarFacts } from "../helpers/library/facts.ts";
import { checkInert, refusing } from "./_fuzz_bodies.ts";
import { mutateBytes, mutateText } from "./_mutate.ts";

/** A kind of file or text that is inspected. */
interface Format {
  /** Valid samples. */
  readonly samples: readonly (Uint8Array | string)[];
  /** Inspect a mutated sample; anything thrown is a crash. */
  readonly look: (content: Uint8Array, folder: string) => Promise<void>;
}

function picture(encoding: CatalogImage["encoding"]): Uint8Array {
  return imageBytes({ id: 7, encoding, sizeBytes: 2048 } as CatalogImage);
}

const PICTURES = new URL("../library/fixtures/pictures/", import.meta.url);

/** Real files made by other programs. */
function pictures(ext: string): readonly Uint8Array[] {
  return [...Deno.readDirSync(PICTURES)].filter(({ name }) => name.endsWith(`.${ext}`))
    .map(({ name }) => Deno.readFileSync(new URL(name, PICTURES)));
}

function latin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

/** Protocol 2: imports and calls of every kind, a dictionary, a memo. */
const PICKLE = latin1(
  "\u0080\u0002}q\0X\u0005\0\0\0modelq\u0001ccollections\nOrderedDict\nq\u0002)Rq\u0003cos\nsystem\nU\u0002id\u0085R(iposix\nsystem\no\u008c\u0002os\u008c\u0006system\u0093su.",
);

/** A ZIP with one compressed entry, as torch writes it. */
function torchZip(): Uint8Array {
  const name = new TextEncoder().encode("archive/data.pkl");
  const data = deflateRawSync(PICKLE);
  const local = new DataView(new ArrayBuffer(30));
  local.setUint32(0, 0x04034b50, true);
  local.setUint16(8, 8, true);
  local.setUint32(18, data.length, true);
  local.setUint32(22, PICKLE.length, true);
  local.setUint16(26, name.length, true);
  const central = new DataView(new ArrayBuffer(46));
  central.setUint32(0, 0x02014b50, true);
  central.setUint16(10, 8, true);
  central.setUint32(20, data.length, true);
  central.setUint32(24, PICKLE.length, true);
  central.setUint16(28, name.length, true);
  const offset = 30 + name.length + data.length;
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, 1, true);
  end.setUint16(10, 1, true);
  end.setUint32(12, 46 + name.length, true);
  end.setUint32(16, offset, true);
  const parts = [local, name, data, central, name, end].map((part) =>
    part instanceof DataView ? new Uint8Array(part.buffer) : new Uint8Array(part)
  );
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

/** The inspectors of the room; new formats are covered by the same call. */
function inspected(ext: string, ...samples: readonly Uint8Array[]): Format {
  return {
    samples,
    async look(content, folder) {
      const path = join(folder, "file.part");
      await Deno.writeFile(path, content);
      for (const { format, problem } of [await inspectFile(path, { name: `a.${ext}` }), await inspectPicture(path)]) {
        if (typeof format !== "string" || (problem !== null && typeof problem !== "string")) {
          throw new Error("no result");
        }
      }
    },
  };
}

/** A text format and the function that reads it. */
function read(look: (text: string, folder: string) => unknown, ...samples: readonly string[]): Format {
  return { samples, look: async (content, folder) => void await look(decodeText(content), folder) };
}

function fixture(ending: string): string {
  return Deno.readTextFileSync(new URL(`../library/fixtures/lantern_fields_xl_v2${ending}`, import.meta.url));
}

const DESCRIPTION = `<h2>Use &amp; <em>it</em></h2><p>a <b>b</b> <a href="https://x.example/?a=(1)">c</a><br>- d</p>
<ul><li>e<ol><li>f</li></ol></li></ul><blockquote><p>g</p></blockquote><pre><code>h</code></pre><table><tr><td>i</td></tr></table>
<img src="https://t.example/1.gif" alt="j"><a href="java&#115;cript:k">k</a>&lt;script&gt;`;

/** Put a sidecar beside a model, then read and merge it like `verify --rebuild` and a run. */
async function useSidecar(text: string, folder: string, ending: string): Promise<void> {
  const path = join(folder, `a${ending}`);
  await Deno.writeTextFile(path, text);
  await Deno.writeTextFile(join(folder, "a.safetensors"), "x");
  for await (const _ of scanLibrary(folder));
  const ours = ending === ".md" ? "ours" : JSON.parse(fixture(".civitai.info"));
  const { content } = planSidecar(path, ours, { previous: {} });
  if (content !== null && ending !== ".md") JSON.parse(content);
  await sidecarModel(folder, "a.civitai.info");
}

/** Everything that is inspected, by name. */
export const FORMATS: Readonly<Record<string, Format>> = {
  safetensors: inspected("safetensors", safetensors(64, { "ss_tag_frequency": '{"a":1}' })),
  gguf: inspected("gguf", gguf(3)),
  zip: inspected("zip", zip("comment"), torchZip()),
  torch: inspected("pt", torchZip(), PICKLE),
  pickle: inspected("ckpt", PICKLE),
  onnx: inspected("onnx", Uint8Array.of(8, 7, 0x12, 7, 112, 121, 116)),
  jpeg: inspected("jpeg", picture("jpeg"), ...pictures("jpeg")),
  png: inspected("png", picture("png"), ...pictures("png")),
  webp: inspected("webp", picture("webp"), ...pictures("webp")),
  gif: inspected("gif", ...pictures("gif")),
  avif: inspected("avif", ...pictures("avif")),
  mp4: inspected("mp4", picture("mp4"), ...pictures("mp4")),
  webm: inspected("webm", ...pictures("webm")),
  mp3: inspected("mp3", picture("mp3"), ...pictures("mp3")),
  info: read((text, folder) => useSidecar(text, folder, ".civitai.info"), fixture(".civitai.info")),
  metadata: read((text, folder) => useSidecar(text, folder, ".metadata.json"), fixture(".metadata.json")),
  json: read((text, folder) => useSidecar(text, folder, ".json"), fixture(".json")),
  markdown: read((text, folder) => useSidecar(text, folder, ".md"), "# A\n\nours"),
  description: read(async (text) => {
    checkInert(await descriptionMarkdown(sidecarFacts({ modelDescription: text, versionDescription: text })));
    await a1111Json(sidecarFacts({ versionDescription: text }));
  }, DESCRIPTION),
  targets: read(
    (text) => parseTargetList(text, { source: "list" }),
    "bob\nmodel:1 # c\nhttps://civitai.com/models/1?modelVersionId=2\nciviai:1@2\n",
  ),
  log: read(
    (text) => text.split("\n").forEach((line) => recognizeIssue(readLine(line))),
    '{"time":"2026-01-02T03:04:05Z","level":"ERROR","item":{"path":"a"},"failure":"dns","message":"m"}\nERROR timeout\n',
  ),
  head: {
    samples: [
      'HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-1/2\r\nKeep-Alive: timeout=5, max=10\r\nETag: "x"\r\n',
    ],
    look: (content) => Promise.resolve(void refusing(() => parseResponseHead(content))),
  },
  config: read(async (text, folder) => {
    const path = join(folder, "c.yml");
    await Deno.writeTextFile(path, text);
    await readConfigFile(path, () => undefined).catch((error) =>
      refusing(() => {
        throw error;
      })
    );
  }, "output: a\nexclude: [a, b]\ndownload:\n  base-model: &x Pony\n  tag: *x\n"),
  alerts: read((text) => {
    try {
      parseAlertsConfig(text);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
    }
  }, Deno.readTextFileSync(new URL("../../config/alerts.yml", import.meta.url)).slice(0, 3000)),
};

/** Inspect one mutated file of a format. */
export async function runFileCase(name: string, random: Random, folder: string): Promise<void> {
  const { samples, look } = FORMATS[name]!;
  const sample = samples[Math.floor(random() * samples.length)]!;
  const content = typeof sample === "string"
    ? new TextEncoder().encode(mutateText(random, sample))
    : mutateBytes(random, sample);
  await look(content, folder);
}
