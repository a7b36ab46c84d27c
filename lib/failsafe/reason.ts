import { type Bilingual, sayDuration } from "../base/mod.ts";
import type { FailureClass } from "./failure/failure.ts";
import type { FailureKind } from "./failure/failure_kind.ts";

/** Why a breaker or the mode is as it is, as a phrase. Nobody has to read it back to translate it. */
export interface Reason {
  /** The phrase in English. */
  readonly reason: string;
  /** The same for a Japanese reader. */
  readonly ja: { readonly reason: string };
}

/** How a host with an open breaker fails, as a phrase that follows its name. */
const FAULTS: Partial<Record<FailureClass, Bilingual>> = {
  timeout: { en: "does not answer in time", ja: "時間内に応答しません" },
  stall: { en: "stalls", ja: "転送が途中で止まります" },
  connection: { en: "breaks connections", ja: "接続が切れます" },
  dns: { en: "has no address", ja: "名前を解決できません" },
  tls: { en: "fails the TLS handshake", ja: "安全な接続を確立できません" },
  integrity: { en: "sends wrong bytes", ja: "壊れたデータを送っています" },
  disk: { en: "cannot be written", ja: "書き込めません" },
};

/** How a host fails whose calls take too long. */
export const TOO_SLOW: Bilingual = { en: "is too slow", ja: "応答が遅すぎます" };

/**
 * Describe what is wrong with a host.
 *
 * @param kind The kind of its failures
 * @param options `isHard` if the host could not be reached at all
 * @returns The phrase, such as `answers with errors (500)`
 */
export function describeKind(
  { failure, status }: FailureKind,
  options: { readonly isHard?: boolean | undefined } = {},
): Bilingual {
  if (options.isHard === true && failure === "connection") return { en: "cannot be reached", ja: "接続できません" };
  if (failure === "server") {
    return {
      en: `answers with errors${status === null ? "" : ` (${status})`}`,
      ja: `エラー${status === null ? "" : `（${status}）`}を返しています`,
    };
  }
  const { en, ja } = FAULTS[failure] ?? { en: "fails", ja: "失敗しています" };
  return status === null ? { en, ja } : { en: `${en} (${status})`, ja: `${ja}（${status}）` };
}

/** What the calls to a host showed, or a person did, so that its breaker opened or closed. */
export const PROOFS = {
  inARow: (failed: number): Bilingual => ({
    en: `${failed} calls in a row failed`,
    ja: `${failed} 回連続で失敗しました`,
  }),
  ofLast: (failed: number, calls: number): Bilingual => ({
    en: `${failed} of its last ${calls} calls failed`,
    ja: `直近 ${calls} 回のうち ${failed} 回が失敗しました`,
  }),
  slow(slow: number, calls: number, limitMs: number): Bilingual {
    const limit = sayDuration(limitMs);
    return {
      en: `${slow} of its last ${calls} calls took longer than ${limit.en}`,
      ja: `直近 ${calls} 回のうち ${slow} 回が ${limit.ja}を超えました`,
    };
  },
  probeLost(limitMs: number): Bilingual {
    const limit = sayDuration(limitMs);
    return {
      en: `a probe did not end within ${limit.en}`,
      ja: `回復確認のリクエストが ${limit.ja}以内に完了しませんでした`,
    };
  },
  probesFailed: (failed: number, probes: number): Bilingual => ({
    en: `${failed} of ${probes} probes failed`,
    ja: `回復確認のリクエスト ${probes} 回のうち ${failed} 回が失敗しました`,
  }),
  probesSucceeded: (succeeded: number, probes: number): Bilingual => ({
    en: `${succeeded} of ${probes} probes succeeded`,
    ja: `回復確認のリクエスト ${probes} 回のうち ${succeeded} 回が成功しました`,
  }),
  probing: { en: "probing after the wait", ja: "待機時間が終わりました" },
  flowing: { en: "it sends bytes again", ja: "再びデータが届くようになりました" },
  opened: { en: "opened manually", ja: "手動で遮断しました" },
  closed: { en: "closed manually", ja: "手動で遮断を解除しました" },
} as const;

/** Why the mode changed, or stays. */
export const MODE_REASONS = {
  gone({ en, ja }: Bilingual, forMs: number): Bilingual {
    const span = sayDuration(forMs);
    return { en: `${en} has failed for ${span.en}`, ja: `${ja}が ${span.ja}にわたって失敗し続けています` };
  },
  opened: (key: string): Bilingual => ({
    en: `the breaker of ${key} opened`,
    ja: `${key} への接続が遮断されました`,
  }),
  openedManually: (key: string): Bilingual => ({
    en: `the breaker of ${key} was opened manually`,
    ja: `${key} への接続を手動で遮断しました`,
  }),
  ofHost: (key: string, { reason, ja }: Reason): Bilingual => ({
    en: `${key} ${reason}`,
    ja: `${key}: ${ja.reason}`,
  }),
  failing: (failed: number, calls: number): Bilingual => ({
    en: `${failed} of ${calls} calls failed within a minute`,
    ja: `1 分間のリクエスト ${calls} 回のうち ${failed} 回が失敗しました`,
  }),
  silent(forMs: number): Bilingual {
    const span = sayDuration(forMs);
    return { en: `no byte has arrived for ${span.en}`, ja: `${span.ja}にわたってデータを受信していません` };
  },
  flowing: { en: "bytes arrive again", ja: "データの受信が再開しました" },
  pauseOver: { en: "the pause is over", ja: "一時停止が終わりました" },
  calm(forMs: number): Bilingual {
    const span = sayDuration(forMs);
    return { en: `no trouble for ${span.en}`, ja: `${span.ja}にわたって問題は発生していません` };
  },
  holdEnded: { en: "the hold ended", ja: "モードの固定期間が終わりました" },
  held: { en: "held manually", ja: "手動でモードを固定しています" },
  released: { en: "released manually", ja: "手動でモードの固定を解除しました" },
  reset: { en: "reset manually", ja: "手動でリセットしました" },
  fastest: (mode: string): Bilingual => ({
    en: `${mode} is the fastest mode allowed here`,
    ja: `ここで使える最も速いモードは ${mode} です`,
  }),
  forced: (by: string): Bilingual => ({ en: by, ja: `${by} が指定されています` }),
  none: { en: "no reason to change it", ja: "問題は見つかっていません" },
} as const;

/** Nearly all calls fail, whichever hosts they go to. */
export const NEARLY_EVERY_CALL: Bilingual = { en: "nearly every call", ja: "ほぼすべてのリクエスト" };

/** Make a reason of its texts. */
export function toReason({ en, ja }: Bilingual): Reason {
  return { reason: en, ja: { reason: ja } };
}
