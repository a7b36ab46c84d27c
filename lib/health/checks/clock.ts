import { sayDuration } from "../../base/mod.ts";
import type { ApiProbe } from "../api_probe.ts";
import { defineCheck, finding, type HealthFinding } from "../health_check.ts";

/** A `Date` header is cut to the second and an exchange takes seconds at worst, so less than this means nothing. */
const WARN_MS = 30_000;
/** Signed links are valid for minutes, and certificates are checked against the clock. */
const FAIL_MS = 300_000;

/** Sets the clock by the network, by operating system. */
const SET_CLOCK: Readonly<Partial<Record<typeof Deno.build.os, string>>> = {
  darwin: "sudo sntp -sS time.apple.com",
  windows: "w32tm /resync",
};

export const CLOCK_CHECK = defineCheck({
  name: "clock",
  ja: "時計",
  touches: "network",
  problem: "clock",
  measure: (place) => place.api(),
  judge: judgeClock,
});

const NO_ANSWER = {
  en: "nothing to compare with: the API gave no answer",
  ja: "API の応答がないため、比較できません",
};
const NO_DATE = {
  en: "nothing to compare with: the answer had no Date",
  ja: "API の応答に Date ヘッダーがないため、比較できません",
};

/** Judge the local clock by the skew of the API's answer. */
export function judgeClock(probe: ApiProbe): HealthFinding {
  if (probe.type !== "answered") return finding("skipped", NO_ANSWER);
  const { skewMs } = probe;
  if (skewMs === null) return finding("skipped", NO_DATE);
  const size = Math.abs(skewMs);
  const figures = { skewMs: Math.round(skewMs) };
  if (size < WARN_MS) {
    return finding("ok", { en: "agrees with the API within 30 s", ja: "API との差は 30 秒以内です" }, { figures });
  }
  const span = sayDuration(Math.round(size / 1000) * 1000);
  const state = {
    en: `${span.en} ${skewMs > 0 ? "behind" : "ahead of"} the API`,
    ja: `API より ${span.ja}${skewMs > 0 ? "遅れています" : "進んでいます"}`,
  };
  return finding("clock", state, {
    status: size < FAIL_MS ? "warn" : "fail",
    next: SET_CLOCK[Deno.build.os] ?? "sudo timedatectl set-ntp true",
    then: "civitai-dl doctor --only clock",
    figures,
  });
}
