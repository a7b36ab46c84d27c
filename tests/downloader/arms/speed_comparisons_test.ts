import { assertEquals } from "@std/assert";
import type { DownloadEvent } from "../../../lib/downloader/mod.ts";
import {
  type ComparedEngine,
  type FileFlow,
  SpeedComparisons,
} from "../../../lib/downloader/arms/speed_comparisons.ts";
import { assertNear } from "../../helpers/assert_near.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";

const MB = 1_000_000;
const TICK_MS = 10;

/** A file under way on a simulated line. */
interface Sent {
  readonly side: ComparedEngine;
  readonly flow: FileFlow;
  leftBytes: number;
}

interface LineOptions {
  /** Bytes of each file. */
  readonly fileBytes?: number;
  /** How many times as long the canary takes for what it gets. */
  readonly slowness?: number;
  /** Host of the canary's files; that of the others is `a`. */
  readonly canaryHost?: string;
}

function start(fileBytes: number, host: string): DownloadEvent {
  const item = { key: "k", kind: "file", path: "a", creator: null, modelId: 1, versionId: 1, fileId: 1 } as const;
  return { type: "start", item, host, totalBytes: fileBytes, resumedBytes: 0 };
}

/**
 * A line of 20 MB/s that all files under way share alike. A stable file is always under way; a canary file begins every
 * eight seconds, so that stable files have the line for themselves for most of the time.
 */
function compareOnLine(options: LineOptions): readonly number[] {
  const { fileBytes = 20 * MB, slowness = 1, canaryHost = "a" } = options;
  const clock = new FakeClock();
  const ratios: number[] = [];
  const speeds = new SpeedComparisons({ clock, onRatio: (ratio) => ratios.push(ratio) });
  let sent: Sent[] = [];
  const begin = (side: ComparedEngine): void => {
    const flow = speeds.follow(side);
    flow.note(start(fileBytes, side === "canary" ? canaryHost : "a"));
    sent.push({ side, flow, leftBytes: fileBytes });
  };
  for (let tick = 0; tick < 20_000; tick++) {
    if (!sent.some(({ side }) => side === "stable")) begin("stable");
    if (tick % 800 === 0) begin("canary");
    clock.advance(TICK_MS);
    const share = 20 * MB * TICK_MS / 1000 / sent.length;
    for (const file of sent) {
      const count = Math.min(file.leftBytes, Math.round(file.side === "canary" ? share / slowness : share));
      file.leftBytes -= count;
      file.flow.note({ type: "bytes", key: "k", count });
    }
    for (const { flow } of sent.filter(({ leftBytes }) => leftBytes === 0)) flow.end();
    sent = sent.filter(({ leftBytes }) => leftBytes > 0);
  }
  return ratios;
}

Deno.test("SpeedComparisons find a canary as fast as the stable engine although it never has the line for itself", () => {
  const ratios = compareOnLine({});
  assertEquals(ratios.length, 12);
  for (const ratio of ratios) assertNear(ratio, 1, 0.01);
});

Deno.test("SpeedComparisons find a canary that takes half as much time again", () => {
  const ratios = compareOnLine({ slowness: 1.5 });
  assertEquals(ratios.length, 12);
  for (const ratio of ratios) assertNear(ratio, 1 / 1.5, 0.01);
});

Deno.test("SpeedComparisons do not compare files below 16 MiB, nor files of different hosts", () => {
  assertEquals(compareOnLine({ fileBytes: 16 * MB }), []);
  assertEquals(compareOnLine({ canaryHost: "b" }), []);
});

Deno.test("SpeedComparisons count no file twice, and wait for two of each engine", () => {
  const clock = new FakeClock();
  const ratios: number[] = [];
  const speeds = new SpeedComparisons({ clock, onRatio: (ratio) => ratios.push(ratio) });
  const bytes = (count: number): DownloadEvent => ({ type: "bytes", key: "k", count });
  const large = speeds.follow("stable");
  large.note(start(1000 * MB, "a"));
  for (let file = 0; file < 5; file++) {
    const canary = speeds.follow("canary");
    canary.note(start(20 * MB, "a"));
    clock.advance(1000);
    large.note(bytes(20 * MB));
    canary.note(bytes(20 * MB));
    canary.end();
  }
  // One stable file is still under way: it alone decides nothing.
  assertEquals(ratios, []);
});

Deno.test("SpeedComparisons leave out the time in which a file waits for its next attempt", () => {
  const clock = new FakeClock();
  const ratios: number[] = [];
  const speeds = new SpeedComparisons({ clock, onRatio: (ratio) => ratios.push(ratio) });
  const bytes = (count: number): DownloadEvent => ({ type: "bytes", key: "k", count });
  const { item } = start(0, "a") as Extract<DownloadEvent, { readonly type: "start" }>;
  const receive = (...flows: readonly FileFlow[]): void => {
    for (let count = 0; count < 200; count++) {
      clock.advance(TICK_MS);
      for (const flow of flows) flow.note(bytes(MB / 10));
    }
  };
  for (let file = 0; file < 2; file++) {
    const canary = speeds.follow("canary");
    const stable = speeds.follow("stable");
    for (const flow of [canary, stable]) flow.note(start(40 * MB, "a"));
    receive(canary, stable);
    canary.note({ type: "retry", item, host: "a", attempt: 1, waitMs: 60_000, failure: "server" });
    clock.advance(60_000);
    canary.note({ ...start(40 * MB, "a"), resumedBytes: 20 * MB } as DownloadEvent);
    receive(canary, stable);
  }
  assertEquals(ratios.length, 1);
  assertNear(ratios[0]!, 1, 0.01);
});
