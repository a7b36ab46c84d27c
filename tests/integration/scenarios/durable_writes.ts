/**
 * Writes that must survive a power cut, each as its room makes it. As a program, it makes all of them below the folder of
 * its argument, and prints where each of them is and which steps it should have taken: `durable_writes_test.ts` runs it
 * under strace.
 *
 * @module
 */
import { ensureDir } from "@std/fs";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { parseReceiverUrl } from "../../../lib/alerts/mod.ts";
import { createRedactor, writeAtomic, writeAtomicSync, writeFiles } from "../../../lib/base/mod.ts";
import {
  openDayQuota,
  openLibrary,
  parseDayLimits,
  repairLibrary,
  startRebuild,
  verifyLibrary,
  writeImagesMetadata,
} from "../../../lib/downloader/mod.ts";
import { fetchItem } from "../../../lib/downloader/fetch/fetch_item.ts";
import { Failsafe } from "../../../lib/failsafe/mod.ts";
import { openRepository } from "../../../lib/git/mod.ts";
import { writeDebugInfo } from "../../../lib/health/mod.ts";
import { applyChange, setAsideCorrupt } from "../../../lib/library/mod.ts";
import { buildVersion, switchVersion } from "../../../lib/installation/mod.ts";
import { RolloutStore } from "../../../lib/rollout/mod.ts";
import { createTransport, openLine, transferFile } from "../../../lib/transfer/mod.ts";
import { notificationOf } from "../../alerts/_notifications.ts";
import { PLAIN, withBench } from "../../helpers/library/download_bench.ts";
import { BLOCK, flip, keep, plannedFile } from "../../helpers/library/kept_library.ts";
import { HARMFUL, zipOf } from "../../helpers/library/pickle_bytes.ts";
import { pictureBytes, withPictures } from "../../helpers/library/picture_bench.ts";
import { inReleaseRepository } from "../../helpers/repository/release_repository.ts";
import { sha256 } from "../../helpers/servers/file_server.ts";
import { planTrash } from "../../library/changes/_changed_library.ts";
import { USUAL } from "../../rollout/_plans.ts";

/** What a write did, or should have done. */
export interface DurableSteps {
  /** Folder to which the paths of the steps are relative. */
  readonly root: string;
  /** Steps such as `flush a.tmp`, `rename a.tmp to a`, `flush .`: each begins after the one before it has ended. */
  readonly steps: readonly string[];
}

/** A write that must survive a power cut. */
export interface DurableWrite {
  readonly name: string;
  /** Source files whose flushes it proves. */
  readonly sources: readonly string[];
  readonly write: (folder: string) => Promise<DurableSteps>;
}

/** Steps of a file that is prepared under another name. */
function replaced(path: string, temporary = `${path}.civitai-dl.tmp`): readonly string[] {
  return [`flush ${temporary}`, `rename ${temporary} to ${path}`, `flush ${dirname(path)}`];
}

const MANY = ["a.json", "b.md"];
const ATOMIC = "lib/base/files/write_atomic.ts";

/** All of them. */
export const DURABLE_WRITES: readonly DurableWrite[] = [
  {
    name: "a state file",
    sources: [ATOMIC],
    async write(root) {
      await writeAtomic(join(root, "a.json"), "{}");
      return { root, steps: replaced("a.json") };
    },
  },
  {
    name: "a state file, synchronously",
    sources: [ATOMIC],
    write(root) {
      writeAtomicSync(join(root, "a.json"), "{}", { sync: true });
      return Promise.resolve({ root, steps: replaced("a.json") });
    },
  },
  ...MANY.map((name): DurableWrite => ({
    name: `${name} of many files`,
    sources: ["lib/base/files/write_files.ts"],
    async write(root) {
      const failed = await writeFiles(new Map(MANY.map((each) => [join(root, each), "{}"])), { sync: true });
      if (failed.length > 0) throw failed[0]!.error;
      return { root, steps: replaced(name) };
    },
  })),
  {
    name: "a transferred file",
    sources: ["lib/transfer/part/part_file.ts", "lib/transfer/transfer_file.ts"],
    async write(root) {
      const bytes = new Uint8Array(300_000).fill(7);
      await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => new Response(bytes));
      using transport = createTransport();
      using line = openLine({ transport: transport.send, maxRetries: 0 });
      await transferFile({
        path: join(root, "a.pt"),
        identity: { fileId: 1 },
        sha256: sha256(bytes),
        resolve: () => Promise.resolve({ url: `http://127.0.0.1:${server.addr.port}/a` }),
      }, line);
      return { root, steps: replaced("a.pt", "a.pt.part") };
    },
  },
  {
    name: "a picture that is named by its content",
    sources: ["lib/downloader/fetch/fetch_item.ts"],
    async write() {
      let made: DurableSteps | undefined;
      await withPictures([await pictureBytes("still.png")], async ({ library, context, pictures, plan, item }) => {
        await fetchItem(context, plan(pictures[0]!));
        const { path } = item(pictures[0]!);
        const steps = [...replaced(pictures[0]!.path, `${pictures[0]!.path}.part`)];
        steps.push(`rename ${pictures[0]!.path} to ${path}`, `flush ${dirname(path)}`);
        made = { root: library.root, steps };
      });
      return made!;
    },
  },
  {
    name: "a flagged file",
    sources: ["lib/downloader/fetch/fetch_item.ts"],
    async write() {
      let made: DurableSteps | undefined;
      const bytes = zipOf([{ name: "archive/data.pkl", content: HARMFUL }]);
      await withPictures([bytes], async ({ library, context }) => {
        const planned = plannedFile(1, { path: "models/1.pt", hashes: { SHA256: sha256(bytes) } });
        await fetchItem({ ...context, allowFlagged: true }, library.catalog.plan(planned, 0));
        const { path } = library.catalog.item(planned.key)!;
        const steps = ["flush models/1.pt.part", `rename models/1.pt.part to ${path}`, `flush ${dirname(path)}`];
        made = { root: library.root, steps };
      });
      return made!;
    },
  },
  {
    name: "a repaired file",
    sources: ["lib/downloader/repair/_patch_file.ts"],
    async write() {
      let made: DurableSteps | undefined;
      // Only a file of several blocks is repaired in place.
      const bytes = new Uint8Array(BLOCK + 1000).fill(7);
      await withPictures([bytes], async ({ library, context }) => {
        await flip(await keep(library, 1, bytes), BLOCK + 77);
        await verifyLibrary(library, { deep: true });
        await repairLibrary(context);
        made = { root: library.root, steps: replaced("models/1.bin", "models/1.bin.repair") };
      });
      return made!;
    },
  },
  {
    name: "the sidecars of a model, and the catalog",
    sources: ["lib/library/catalog/_open_database.ts"],
    async write() {
      let made: DurableSteps | undefined;
      await withBench(PLAIN, async ({ library, download, firstItem }) => {
        await download();
        const info = firstItem().path.replace(/\.[^.]+$/, ".civitai.info");
        // SQLite flushes its log, then the file, when the last connection is closed.
        const steps = [...replaced(info), "flush .civitai-dl/catalog.db-wal", "flush .civitai-dl/catalog.db"];
        made = { root: library.root, steps };
      });
      return made!;
    },
  },
  {
    name: "the list of a creator's images",
    sources: [],
    async write(root) {
      using library = await openLibrary(root, { command: "test" });
      const { catalog } = library;
      const image = { key: "image:5", kind: "image", fileId: null, imageId: 5, path: "images/ann/5.png" } as const;
      catalog.plan(plannedFile(1, image), 0);
      catalog.setNote("image:5", JSON.stringify({ id: 5 }));
      const facts = { sha256: "a".repeat(64), actualBytes: 7, mtimeMs: 1, etag: null, outcome: "done" };
      catalog.markDone("image:5", facts);
      await ensureDir(join(root, "images/ann"));
      await writeImagesMetadata(library);
      return { root, steps: replaced("images/ann/images_metadata.json") };
    },
  },
  {
    name: "a damaged catalog that gives way to an empty one",
    sources: ["lib/downloader/rebuild/start_rebuild.ts"],
    async write(root) {
      const path = join(root, ".civitai-dl/catalog.db");
      await Deno.mkdir(dirname(path));
      await Deno.writeTextFile(path, "no database, only a text that is long enough");
      const aside = relative(root, (await startRebuild(root))!);
      return {
        root,
        steps: [
          "flush .civitai-dl/catalog.db.rebuild",
          `rename .civitai-dl/catalog.db to ${aside}`,
          "rename .civitai-dl/catalog.db.rebuild to .civitai-dl/catalog.db",
          "flush .civitai-dl",
        ],
      };
    },
  },
  {
    name: "a corrupt file that is moved to another folder",
    sources: ["lib/library/set_aside_corrupt.ts"],
    async write(root) {
      await put(root, "a/x.pt", "1");
      await setAsideCorrupt(root, "a/x.pt");
      return { root, steps: ["rename a/x.pt to corrupted/x.pt", "flush corrupted", "flush a"] };
    },
  },
  {
    name: "a corrupt file that is there already",
    sources: ["lib/library/set_aside_corrupt.ts"],
    async write(root) {
      await put(root, "corrupted/x.pt", "1");
      await put(root, "a/x.pt", "1");
      await setAsideCorrupt(root, "a/x.pt");
      return { root, steps: ["remove a/x.pt", "flush a"] };
    },
  },
  {
    name: "a corrupt file that is moved to another disk",
    sources: ["lib/library/set_aside_corrupt.ts"],
    async write(root) {
      await put(root, "a/x.pt", "1");
      const rename = () => Promise.reject(new Error("Invalid cross-device link (os error 18)"));
      await setAsideCorrupt(root, "a/x.pt", { rename });
      return { root, steps: ["flush corrupted/x.pt", "flush corrupted", "remove a/x.pt", "flush a"] };
    },
  },
  ...[false, true].map((isOtherDisk): DurableWrite => ({
    name: isOtherDisk ? "a change that moves a file to a trash on another disk" : "a change that moves a file",
    sources: ["lib/library/changes/_perform.ts", "lib/library/changes/_move_file.ts"],
    async write(root) {
      using library = await openLibrary(root, { command: "test" });
      await keep(library, 1, new Uint8Array(1), { path: "models/1.pt" });
      const plan = planTrash(library, 1, ["file:1:1"]);
      const rename = (): void => {
        throw new Error("Invalid cross-device link (os error 18)");
      };
      await applyChange(library, plan, isOtherDisk ? { rename } : {});
      const to = ".civitai-dl/trash/1/models/1.pt";
      const moved = isOtherDisk
        ? [...replaced(to), "remove models/1.pt"]
        : [`rename models/1.pt to ${to}`, `flush ${dirname(to)}`];
      return {
        root,
        steps: [
          ...replaced(".civitai-dl/changes/1.json"),
          ...replaced(".civitai-dl/changes/1.state.json"),
          ...moved,
          "flush .",
          "flush .civitai-dl/catalog.db-wal",
          ...replaced(".civitai-dl/changes/1.state.json"),
        ],
      };
    },
  })),
  {
    name: "a breaker that opens",
    sources: [],
    async write(root) {
      await using failsafe = await Failsafe.open(root);
      failsafe.trip("host");
      return { root, steps: replaced("failsafe.json") };
    },
  },
  {
    name: "the counts of a day's quota",
    sources: [],
    async write(root) {
      await using quota = await openDayQuota({ root }, { limits: parseDayLimits("9"), onWarning: fail });
      quota.countRequest({ url: "https://civitai.com/api/download/models/1?fileId=2", status: 307 });
      return { root, steps: replaced(".civitai-dl/state/quota.json") };
    },
  },
  {
    name: "a step of a rollout",
    sources: [],
    async write(root) {
      await new RolloutStore(root, { command: "test" }).request({ type: "start", plan: USUAL });
      return { root, steps: replaced("rollout.json") };
    },
  },
  {
    name: "an installed version, and the pointer to it",
    sources: ["lib/installation/install/store_version.ts", "lib/installation/install/_pointer.ts"],
    async write(root) {
      await inReleaseRepository(async ({ root: checkout, registry, release }) => {
        const sha = await release("v1.0.0");
        const repository = await openRepository(checkout);
        await buildVersion(repository, { tag: "v1.0.0", sha, folder: root, command: "test", registry });
        await switchVersion(root, "1.0.0");
      });
      const staging = "versions/.unfinished-UUID";
      const files = ["civitai-dl.js", "civitai-dl", "install.json"].map((name) => `flush ${staging}/${name}`);
      const placed = [`flush ${staging}`, `rename ${staging} to versions/1.0.0`, "flush versions"];
      return { root, steps: [...files, ...placed, "rename current.civitai-dl.tmp to current", "flush ."] };
    },
  },
  {
    name: "an archive for maintainers",
    sources: ["lib/health/bundle/write_debug_info.ts"],
    async write(root) {
      const head = { time: "2026-01-01T00:00:00.000Z", programVersion: "1.0.0" };
      const content = { sources: [], documents: new Map(), leftOut: [], head };
      const { signal } = new AbortController();
      await writeDebugInfo(join(root, "a.zip"), content, { redact: createRedactor(), signal, mayReplace: false });
      return { root, steps: replaced("a.zip", "a.zip.part") };
    },
  },
  {
    name: "an alert in a file",
    sources: ["lib/alerts/receivers/_file_receiver.ts", "lib/journal/log_writer.ts"],
    async write(root) {
      const receiver = parseReceiverUrl(pathToFileURL(join(root, "alerts.jsonl")).href, {});
      await receiver.send(notificationOf(), { signal: new AbortController().signal });
      return { root, steps: ["flush alerts.jsonl"] };
    },
  },
];

function fail(message: string): never {
  throw new Error(message);
}

async function put(root: string, path: string, text: string): Promise<void> {
  await ensureDir(dirname(join(root, path)));
  await Deno.writeTextFile(join(root, path), text);
}

if (import.meta.main) {
  const [root] = Deno.args;
  const made = [];
  for (const [index, { name, write }] of DURABLE_WRITES.entries()) {
    const folder = join(root!, `${index}`);
    await Deno.mkdir(folder);
    made.push({ name, ...await write(folder) });
  }
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(made)));
}
