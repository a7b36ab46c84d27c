import { join } from "node:path";
import {
  asIs,
  existingFolder,
  messageOf,
  mountPoint,
  openNoFollow,
  quoteWord,
  removeIfExists,
  syncFile,
  systemFault,
} from "../../base/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";

/** How fast the disk took a file, or why it did not. */
export interface WriteFacts {
  readonly folder: string;
  /** The topmost folder of its disk. */
  readonly disk: string;
  /** Whether the library's folder itself exists. */
  readonly exists: boolean;
  /** Bytes per second, flushed to the disk; `null` if it could not be written. */
  readonly bytesPerSecond: number | null;
  /** Why it could not be written. */
  readonly problem: string | null;
}

/** The probe's name is fixed, so that the next check removes one that a kill left. */
const PROBE_NAME = ".civitai-dl-health.tmp";
const PROBE_BYTES = 8 << 20;
/** Slower than a common 100 Mbit/s line. */
const SLOW_BYTES = 12 << 20;

export const WRITE_CHECK = defineCheck({
  name: "write",
  ja: "書き込み",
  touches: "disk",
  problem: "disk",
  measure: measureWrite,
  judge: judgeWrite,
});

/** Write a file of 8 MiB, flush it, and remove it; nothing in the place of a library that is gone. */
async function measureWrite({ library, gone, clock, signal }: HealthPlace): Promise<WriteFacts | null> {
  if (gone !== null) return null;
  const folder = await existingFolder(library);
  const exists = folder === library;
  const disk = await mountPoint(folder);
  const path = join(folder, PROBE_NAME);
  const start = clock.monotonic();
  try {
    await removeIfExists(path);
    using file = await openNoFollow(path, { write: true, createNew: true, mode: 0o600 });
    const block = new Uint8Array(1 << 20).fill(0x5a);
    for (let written = 0; written < PROBE_BYTES;) {
      signal.throwIfAborted();
      written += await file.write(block.subarray(0, PROBE_BYTES - written));
    }
    await syncFile(file);
  } catch (error) {
    signal.throwIfAborted();
    if (systemFault(error) === "bad-path") throw error;
    const problem = messageOf(error);
    return { folder, disk, exists, bytesPerSecond: null, problem };
  } finally {
    await removeIfExists(path).catch(() => {});
  }
  const seconds = Math.max(1e-3, (clock.monotonic() - start) / 1000);
  return { folder, disk, exists, bytesPerSecond: PROBE_BYTES / seconds, problem: null };
}

/** Judge whether and how fast the library can be written. */
export function judgeWrite(facts: WriteFacts | null): HealthFinding {
  if (facts === null) {
    return finding("skipped", {
      en: "the library is gone: see library",
      ja: "ライブラリが見つかりません。項目 library を確認してください",
    });
  }
  const { folder, disk, exists, bytesPerSecond, problem } = facts;
  const where = exists ? asIs("") : {
    en: `; the library would be made below ${folder}`,
    ja: `（ライブラリは ${folder} の下に作成されます）`,
  };
  if (bytesPerSecond === null) {
    const isFull = /no space|quota exceeded|not enough space/i.test(problem ?? "");
    const state = {
      en: `${folder} cannot be written: ${problem}`,
      ja: `${folder} に書き込めません${isFull ? "。空き容量がありません" : `（${problem}）`}`,
    };
    const figures = { folder, problem };
    return isFull
      ? finding("reserve-reached", state, { values: { FOLDER: quoteWord(disk) }, figures })
      : finding("disk", state, { next: `ls -ld ${quoteWord(folder)}`, figures });
  }
  const figures = { folder, bytesPerSecond: Math.round(bytesPerSecond) };
  const speed = `${Math.round(bytesPerSecond / 1e6)} MB/s`;
  const state = { en: `${speed} to the disk${where.en}`, ja: `書き込み速度は ${speed}${where.ja}` };
  if (bytesPerSecond >= SLOW_BYTES) return finding("ok", state, { figures });
  return finding("slow", {
    en: `${state.en}: the disk is slower than most networks`,
    ja: `${state.ja}。一般的なネットワークより遅いディスクです`,
  }, { next: `df -h ${quoteWord(folder)}`, figures });
}
