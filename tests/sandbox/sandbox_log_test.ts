import { assertEquals } from "@std/assert";
import { type LoggedRequest, SandboxLog } from "../../lib/sandbox/mod.ts";

const REQUEST: LoggedRequest = {
  at: 1,
  host: "api",
  method: "GET",
  route: "/api/v1/models",
  target: "/api/v1/models",
  status: 200,
  userAgent: "x/1",
  toxics: [],
};

Deno.test("SandboxLog keeps complete counters and bounded lists", () => {
  const log = new SandboxLog();
  for (let at = 0; at < 30_000; at++) log.addRequest({ ...REQUEST, at });
  assertEquals(log.counts.get("GET /api/v1/models"), 30_000);
  assertEquals(log.requests.length <= 12_000 && log.requests.length >= 10_000, true);
  assertEquals(log.requests.at(-1)?.at, 29_999);
});

Deno.test("SandboxLog counts bytes, downloads and peaks", () => {
  const log = new SandboxLog();
  const ends = [log.beginDownload(), log.beginDownload()];
  assertEquals([log.activeDownloads, log.peakDownloads], [2, 2]);
  for (const end of ends) end();
  log.addConnections("storage", 3);
  log.addConnections("storage", 1);
  log.addBytes("storage", 10);
  log.addBytes("image", 5);
  log.addRequest({ ...REQUEST, route: "/api/download/models/:id" });
  assertEquals([log.activeDownloads, log.peakDownloads, log.peakConnections], [0, 2, { api: 0, storage: 3 }]);
  assertEquals([log.storageBytes, log.imageBytes, log.downloadHits], [10, 5, 1]);
});

Deno.test("SandboxLog.clear() drops everything except active requests", () => {
  const log = new SandboxLog();
  log.beginDownload();
  log.addRequest(REQUEST);
  log.addViolation({ type: "pageUsed", at: 1, path: "/" });
  log.addCrash(new Error("x"));
  log.clear();
  assertEquals([log.requests.length, log.violations.length, log.crashes.length, log.counts.size, log.userAgents.size], [
    0,
    0,
    0,
    0,
    0,
  ]);
  assertEquals([log.activeDownloads, log.peakDownloads], [1, 1]);
});
