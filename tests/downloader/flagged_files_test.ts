import { assertEquals, assertMatch } from "@std/assert";
import {
  findFlagReason,
  findRecordedFlag,
  flaggedPath,
  isFlaggedPath,
  recordFlag,
  unflaggedName,
} from "../../lib/downloader/mod.ts";
import { fetchItem } from "../../lib/downloader/fetch/fetch_item.ts";
import { createFetchTransport, writeJournal } from "../../lib/transfer/mod.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { fetchContext } from "../helpers/library/fetch_options.ts";
import { HARMFUL, zipOf } from "../helpers/library/pickle_bytes.ts";
import { sha256 } from "../helpers/servers/file_server.ts";
import { plannedFile, put, withLibrary } from "../helpers/library/kept_library.ts";
import { someFile } from "./_models.ts";
import { serveCivitai } from "../helpers/servers/small_civitai.ts";

Deno.test("findFlagReason() flags only Danger, in any letter case, of either scan", () => {
  const judge = (pickleScan: string | null, virusScan: string | null): string | null =>
    findFlagReason(someFile(1, { name: "a.pt", pickleScan, virusScan }));
  for (const result of ["Success", "Pending", "Error", "Unheard", "", null]) assertEquals(judge(result, result), null);
  assertEquals(judge("Danger", "Success"), "Civitai's pickle scan calls it dangerous");
  assertEquals(judge("danger", "DANGER"), "Civitai's pickle scan calls it dangerous");
  assertEquals(judge("Success", "Danger"), "Civitai's virus scan calls it dangerous");
});

Deno.test("findFlagReason() never flags formats without code", () => {
  for (const name of ["a.safetensors", "A.SFT", "a.gguf"]) {
    assertEquals(findFlagReason(someFile(1, { name, pickleScan: "Danger", virusScan: "Danger" })), null, name);
  }
});

Deno.test("findFlagReason() summarizes the scan in one short plain line", () => {
  const scanMessage = `**Found (1)**\n\`\`\`\nos.system\x1b[2J\u202e\n\`\`\`${"x".repeat(5000)}`;
  const reason = findFlagReason(someFile(1, { name: "a.pt", pickleScan: "Danger", scanMessage }))!;
  assertMatch(reason, /^Civitai's pickle scan calls it dangerous: Found \(1\) os\.system x+/);
  assertEquals([reason.length < 300, /[\p{Cc}\u202e]/u.test(reason)], [true, false]);
});

Deno.test("flaggedPath() moves a file below quarantine/ under a name that no program loads, and is reversible", () => {
  const path = flaggedPath("models/SD 1.5/MISC/a_b_c/style.v1.pt");
  assertEquals(path, "quarantine/style.v1.pt.flagged");
  assertEquals([isFlaggedPath(path), flaggedPath(path), unflaggedName(path)], [true, path, "style.v1.pt"]);
  assertEquals(unflaggedName("models/x/style.pt"), "style.pt");
  for (const other of ["models/quarantine/a.pt.flagged", "quarantine/a.pt", "a.pt.flagged", "quarantine"]) {
    assertEquals(isFlaggedPath(other), false, other);
  }
});

Deno.test("findRecordedFlag() identifies content, not a file", () =>
  withLibrary(({ catalog }) => {
    const promised = { key: "file:1:2", hashes: { SHA256: "AB".repeat(32) } };
    const unhashed = { key: "file:1:3", hashes: { AutoV2: "abcdef1234" } };
    recordFlag(catalog, promised, { sha256: "ab".repeat(32), reason: "it is bad" });
    recordFlag(catalog, unhashed, { sha256: "cd".repeat(32), reason: "it is worse" });
    assertEquals(findRecordedFlag(catalog, promised), "it is bad");
    assertEquals(findRecordedFlag(catalog, { ...promised, hashes: { SHA256: "cd".repeat(32) } }), null);
    assertEquals(findRecordedFlag(catalog, { ...promised, key: "file:1:9" }), null);
    assertEquals(findRecordedFlag(catalog, { ...unhashed, hashes: { AutoV2: "ABCDEF1234" } }), "it is worse");
    assertEquals(findRecordedFlag(catalog, { ...unhashed, hashes: { SHA256: "CD".repeat(32) } }), "it is worse");
    for (const hashes of [{ AutoV2: "0000000000" }, {}]) {
      assertEquals(findRecordedFlag(catalog, { ...unhashed, hashes }), null);
    }
    return Promise.resolve();
  }));

Deno.test("fetchItem() reports the fetched and resumed bytes of a flagged file", () =>
  withLibrary(async (library) => {
    const bytes = zipOf([{ name: "archive/data.pkl", content: HARMFUL }]);
    await using civitai = serveCivitai([{ modelId: 1, versionId: 1, fileId: 1, name: "1.pt", bytes }]);
    using transport = createFetchTransport();
    const hashes = { SHA256: sha256(bytes) };
    const item = library.catalog.plan(plannedFile(1, { path: "models/1.pt", hashes }), 0);
    const part = await put(library, "models/1.pt.part", bytes.subarray(0, 40));
    const identity = { key: item.key, sha256: hashes.SHA256 };
    const journal = { version: 1, identity, totalBytes: bytes.length, etag: '"v1"', blocks: [] } as const;
    await writeJournal(part.replace(/\.part$/, ""), journal);
    const context = fetchContext({
      library,
      client: civitai.client,
      transport: transport.send,
      clock: new FakeClock(),
      onEvent: () => {},
      allowFlagged: true,
    });
    const { outcome, fetchedBytes, resumedBytes } = await fetchItem(context, item);
    assertEquals([outcome, fetchedBytes, resumedBytes], ["flagged", bytes.length - 40, 40]);
  }));
