import type { StatusDocument } from "../../lib/monitor/mod.ts";

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** What a monitor knows on a day with some trouble; `now` is its clock. */
export function sampleStatus(now: number = Date.now()): StatusDocument {
  const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();
  return {
    ...{ schema: "civitai-dl/status", version: 1, time: ago(0), startedAt: ago(3 * 24 * 60 + 250) },
    mode: {
      ...{ name: "parallel", since: ago(23), ceiling: "turbo", nextCheck: ago(-7) },
      reason: "Segments of b2.civitai.com failed in 6 of 10 calls within 60 s",
    },
    breakers: [
      { ...closed("civitai.com", ago(900)), calls: 214 },
      {
        ...{ key: "b2.civitai.com", state: "open", since: ago(2), until: ago(-1.2), failures: 6, calls: 10 },
        reason: "6 of 10 calls failed within 60 s: timeout, connection reset",
      },
      {
        ...{ key: "image.civitai.com", state: "half-open", since: ago(0.4), until: null, failures: 3, calls: 12 },
        reason: "5xx answers; 1 of 3 probes has come back",
      },
      { ...closed("civitai-delivery.r2.cloudflarestorage.com", ago(4000)), failures: 1, calls: 120 },
      { ...closed("disk", ago(4000)), calls: 388 },
    ],
    downloads: [
      download("Checkpoint/Illustrious/WAI-illustrious-SDXL/waiIllustriousSDXL_v150.safetensors", 0.625, 6.46, 38.4),
      download("LORA/Flux.1 D/Retro Anime Flux/retro_anime_flux_v2.safetensors", 0.91, 0.292, 12.7),
      download("Checkpoint/SDXL 1.0/Juggernaut XL/juggernautXL_ragnarok.safetensors", 0.08, 6.62, 35.1),
      {
        ...{ path: "TextualInversion/SD 1.5/背景スタイル集/haikei_style_night.pt", host: null, bytes: 48_120 },
        ...{ totalBytes: null, bytesPerSecond: 0, connections: 1 },
      },
    ],
    throughput: { bytesPerSecond: 86.2 * MIB, history: history(), tickMs: 30_000 },
    alerts: [
      {
        ...{ rule: "HighTimeoutRate", severity: "critical", state: "firing", since: ago(4), value: 0.0312 },
        summary: "3.1 % of the downloads from b2.civitai.com timed out in 5 minutes (limit 1 %)",
        runbook: "https://example.com/civitai-dl/runbook#timeout-rate",
      },
      {
        ...{ rule: "DiskAlmostFull", severity: "warning", state: "firing", since: ago(190), value: 91.4 },
        ...{ summary: "The library's disk is 91 % full (limit 90 %)", runbook: "docs/runbook.md#disk-usage" },
      },
      {
        ...{ rule: "HighErrorRate", severity: "warning", state: "resolved", since: ago(11), value: 0.012 },
        ...{ summary: "1.2 % of the downloads failed in 5 minutes (limit 5 %)", runbook: null },
      },
    ],
    failures: [
      {
        ...{ time: ago(1), path: "LORA/Pony/Ink Wash/ink_wash_pony.safetensors", class: "timeout" },
        message: "Cannot fetch the file: b2.civitai.com sent nothing for 30 s",
        remedy: "It is tried again by itself; --timeout gives a slow service more time.",
      },
      {
        ...{ time: ago(6), path: "Checkpoint/SDXL 1.0/Private Mix/privateMix_v3.safetensors", class: "login" },
        message: "Cannot fetch the file: the service wants a login (401)",
        remedy: "Make a new API key at https://civitai.com/user/account, and give it with CIVITAI_API_KEY.",
      },
      {
        ...{ time: ago(38), path: "VAE/kl-f8-anime2.ckpt", class: "integrity" },
        message: "SHA-256 differs from the one that was promised; the file was put into corrupted/",
        remedy: "If the creator replaced the file, a later run gets the new one.",
      },
    ],
    library: {
      ...{ files: 12_408, bytes: 1.93 * 2 ** 40 },
      byState: { planned: 211, done: 12_408, deferred: 17, refused: 42, failed: 3, quarantined: 1 },
    },
    ...{ disk: { usedPercent: 91.4, freeBytes: 171.6 * GIB }, memory: { rssBytes: 143 * MIB }, processes: 2 },
  };
}

/** The same on a day when nothing happens. */
export function quietStatus(now: number = Date.now()): StatusDocument {
  const busy = sampleStatus(now);
  return {
    ...busy,
    mode: { ...busy.mode, name: "turbo", reason: "Nothing speaks against it", nextCheck: null },
    ...{ breakers: [], downloads: [], alerts: [], failures: [], library: null, processes: 0 },
    throughput: { bytesPerSecond: 0, history: [] },
    disk: { usedPercent: 41, freeBytes: 900 * GIB },
  };
}

function closed(key: string, since: string): StatusDocument["breakers"][number] {
  return { key, state: "closed", since, until: null, reason: null, failures: 0, calls: 0 };
}

function download(path: string, share: number, gib: number, mib: number): StatusDocument["downloads"][number] {
  const totalBytes = Math.round(gib * GIB);
  return {
    ...{ path, host: "civitai-delivery.r2.cloudflarestorage.com", bytes: Math.round(totalBytes * share), totalBytes },
    ...{ bytesPerSecond: mib * MIB, connections: share < 0.9 ? 2 : 1 },
  };
}

/** An hour and a bit of throughput: steady, a dip in the trouble, and up again. */
function history(): number[] {
  return Array.from({ length: 120 }, (_, index) => {
    const wave = 96 + 9 * Math.sin(index / 5) + 6 * Math.sin(index * 1.7);
    const dip = index > 70 && index < 88 ? 0.25 + 0.04 * Math.abs(79 - index) : 1;
    return Math.max(0, wave * dip) * MIB;
  });
}
