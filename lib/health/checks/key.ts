import { isLoopback, quoteWord } from "../../base/mod.ts";
import type { ApiProbe } from "../api_probe.ts";
import { defineCheck, finding, type HealthFinding, type HealthKey, type HealthPlace } from "../health_check.ts";
import { editFile } from "../shell_commands.ts";

/** Facts about the API key. */
export interface KeyFacts extends HealthKey {
  /** Files with a key that other users may read. */
  readonly openFiles: readonly string[];
  readonly api: ApiProbe;
  /** Whether the API is on this machine. */
  readonly isLocal: boolean;
}

export const KEY_CHECK = defineCheck({
  name: "key",
  ja: "API キー",
  touches: "network",
  measure: measureKey,
  judge: judgeKey,
});

async function measureKey(place: HealthPlace): Promise<KeyFacts> {
  const { key, client } = place;
  const openFiles: string[] = [];
  for (const path of key.files) {
    const { mode } = await Deno.stat(path);
    if (Deno.build.os !== "windows" && mode !== null && (mode & 0o077) !== 0) openFiles.push(path);
  }
  const isLocal = isLoopback(new URL(client.baseUrl).hostname);
  // Without a key, the answer says nothing about it.
  return { ...key, openFiles, isLocal, api: key.isPresent ? await place.api() : { type: "offline" } };
}

/** Judge the key. Its value is not among the facts, so it cannot be shown. */
export function judgeKey({ isPresent, problem, openFiles, api, isLocal, origin }: KeyFacts): HealthFinding {
  const figures = { isPresent, openFiles };
  const setKey = { next: "export CIVITAI_API_KEY=KEY", then: "civitai-dl doctor --only key", figures };
  if (problem !== null) {
    return finding("login", { en: problem, ja: `API キーを読み取れません（${problem}）` }, setKey);
  }
  if (!isPresent && isLocal) {
    return finding("ok", {
      en: "no key; the API is on this machine",
      ja: "キーはありません（API はこのマシンにあるため不要）",
    }, { figures });
  }
  if (!isPresent) {
    return finding("no-key", {
      en: "Civitai wants one for every download",
      ja: "ダウンロードには必ずキーが必要です",
    }, setKey);
  }
  if (api.type === "answered" && api.refusal?.failure === "login") {
    return finding("key-rejected", {
      en: `the service does not accept ${origin === null ? "it" : `the one of ${origin}`}`,
      ja: `API が${origin === null ? "" : ` ${origin} の`}キーを受け付けません`,
    }, { ...setKey, next: replaceKey(origin) });
  }
  const accepted = api.type === "answered" && api.account !== null;
  const state = accepted ? { en: "present and accepted", ja: "設定済みで、有効です" } : {
    en: "present; not verified, because the API gave no verdict",
    ja: "設定済みです。API の応答がないため、有効かどうかは確認していません",
  };
  const more = { figures: { ...figures, isAccepted: accepted } };
  // The check "api" says why there is no verdict.
  if (openFiles.length === 0) return finding(accepted ? "ok" : "skipped", state, more);
  return finding("open-key-file", {
    en: `other users can read ${openFiles.join(", ")}`,
    ja: `ほかのユーザーが ${openFiles.join("、")} を読めます。キーは${state.ja}`,
  }, { ...more, values: { FILE: openFiles.map(quoteWord).join(" ") } });
}

/** A key is replaced where it comes from: another place might lose against it. */
function replaceKey(origin: string | null): string {
  const file = /^"([^"]+)"/.exec(origin ?? "")?.[1];
  if (file !== undefined) return editFile(file);
  return `export ${origin?.startsWith("CIVITAI_") === true ? origin : "CIVITAI_API_KEY"}=KEY`;
}
