import type { Format } from "./format.ts";
import type { StatusWords } from "./english.ts";
import type { EventWords, FindingWords, Sayings } from "./sayings.ts";
import type { StatusLastRun } from "./status_document.ts";

/** How a run ended. */
type RunEnd = Omit<StatusLastRun, "command" | "left">;

const hostList = (hosts: readonly string[]) =>
  hosts.length <= 2 ? hosts.join(" と ") : `${hosts[0]} ほか ${hosts.length - 1} ホスト`;
const endWords = ({ done, failed }: Pick<StatusLastRun, "done" | "failed">, count: Sayings["count"]) =>
  `完了 ${count(done)} 件${(failed ?? 0) > 0 ? `、失敗 ${count(failed)} 件` : ""}`;

/** What stopped a run, by its exit code. */
const STOPPED: Readonly<Record<number, string>> = { 130: "Ctrl-C（SIGINT）", 143: "SIGTERM " };

/** A reason behind what it explains. */
const after = (reason: string) => reason === "" ? "" : `: ${reason}`;

/** Why a run ended, empty if it ended well; a reason without a translation remains in English. */
function endReason(
  { cause, message, pause, failed, failure, exitCode, target }: RunEnd,
  { time, problem }: Pick<Sayings, "time" | "problem">,
): string {
  const stopped = STOPPED[exitCode ?? -1];
  if (stopped !== undefined) return `${stopped}により途中で終了`;
  if (pause !== null) {
    const until = pause.until === null ? "" : ` ${time(pause.until)} まで`;
    const title = problem(failure)?.title;
    const kind = title === undefined ? "" : `（${title}）`;
    const files = (failed ?? 0) > 0 ? `。${failed} 件が失敗しました${kind}` : "";
    return `フェイルセーフが${until}一時停止しました（${pause.ja.reason}）${files}`;
  }
  const reason = problem(cause)?.title ?? message ?? "";
  return target === null || reason === "" ? reason : `${reason}（${target}）`;
}

/** The command that goes on; it ends the text, so that it can be copied. */
const againWords = (again: string | null) =>
  again === null
    ? "同じコマンドをもう一度実行してください。続きから再開します。"
    : `次のコマンドで続きから再開します: ${again}`;

/** What a run before the end of a pause would do; empty if the end is not known. */
function pausedUntil(until: number | null, time: Sayings["time"]): string {
  if (until === null) return "";
  return `${time(new Date(until).toISOString())} より前に実行すると、すぐに終了コード 6 で終わります。` +
    "すぐに再開するには、ネットワークを確認して civitai-dl failsafe reset を実行してください。";
}

function endRemedy(
  { cause, hint, again, pause, keyOrigin }: RunEnd,
  { time, problem }: Pick<Sayings, "time" | "problem">,
): string {
  if (cause === "key-rejected") {
    return `https://civitai.com/user/account で API キーを作り直し、${keyOrigin} のキーを置き換えてください。${
      againWords(again)
    }`;
  }
  if (pause !== null) {
    const early = pause.until === null
      ? ""
      : `${time(pause.until)} より前に実行すると、すぐに終了コード 6 で終わります。`;
    return `${early}${againWords(again)}`;
  }
  const remedy = problem(cause)?.remedy ?? hint;
  if (remedy === null) return againWords(again);
  return again === null ? `${remedy}。` : `${remedy}。次のコマンド: ${again}`;
}

/** Whether an outage lasts, and the time when it ended, if that is known. */
interface OutageState {
  readonly isOn: boolean;
  readonly end: string | null;
}

/** The start of an event about a host that failed. */
function outageWords(place: string, { isOn, end }: OutageState): string {
  if (end !== null) return `${place} では ${end} まで障害が発生していました`;
  return isOn ? `${place} で障害が発生しています` : `${place} で障害が発生しました`;
}

/** The start of an event about a host that somebody blocked. */
function blockWords(place: string, { isOn, end }: OutageState): string {
  if (end !== null) return `${place} への接続を ${end} まで手動で遮断していました`;
  return isOn ? `${place} への接続を手動で遮断しています` : `${place} への接続を手動で遮断しました`;
}

const share = (ratio: number) => ratio > 0.5 ? `${Math.round(ratio * 100)} %` : `1/${Math.round(1 / ratio)}`;
/** The time of an answer; most take less than a second. */
const answerTime = (ms: number, format: Format) => ms < 1000 ? `${Math.round(ms)} ms` : format.duration(ms);
const LIMITS: Readonly<Record<string, string>> = {
  refused: "。同時接続をホストが拒否したため",
  latency: "。接続が多いと遅くなったため",
  recovered: "。増やしています",
  room: "。増やしています",
  measure: "。少ない接続で測定中",
};
const limitWords = (reason: string | null) => LIMITS[reason ?? ""] ?? "";

const findings: FindingWords = {
  paused: ({ ja, until, isRunning, again }, { left, time }) => ({
    text: `一時停止中です: ${ja.reason}${until === null ? "" : `（次の試行まで ${left(until)}）`}`,
    todo: isRunning
      ? "ネットワークとサービスの稼働状況を確認してください。応答が戻れば自動的に再開します。すぐに再開するには civitai-dl failsafe reset を実行します。"
      : pausedUntil(until, time) + againWords(again),
  }),
  diskFull: ({ freeBytes }, { format }) => ({
    text: `ディスクの空き容量がありません（空き ${format.bytes(freeBytes ?? 0)}）`,
    todo:
      "空き容量を増やすか、ライブラリを大きなディスクに移動してから、同じコマンドをもう一度実行してください。続きから再開します。",
  }),
  reserve: ({ leftFiles, leftBytes, missingBytes, freeBytes, reserveBytes }, { format, count }) => ({
    text: leftFiles === 0
      ? `ディスクの空きが予備の容量を下回っています（空き ${format.bytes(freeBytes ?? 0)}、予備 ${
        format.bytes(reserveBytes ?? 0)
      }）`
      : `ディスクの空きが予備の容量に達し、${count(leftFiles)} 件（${format.bytes(leftBytes)}）が未取得です`,
    todo: `${
      format.bytes(missingBytes)
    } 以上の空きを作るか、ライブラリを大きなディスクに移動するか、--reserve を小さくしてから、同じコマンドをもう一度実行してください。続きから再開します。`,
  }),
  diskFilling: ({ seconds }, { format }) => ({
    text: `このまま増え続けると、ディスクの空きは約 ${format.duration(seconds * 1000)}で予備の容量に達します`,
    todo: "何がディスクを使っているかを調べ、ダウンロードが止まる前に空き容量を増やしてください。",
  }),
  runFailed: ({ command, left, isLast, isOver, ...end }, { count, time, problem }) => ({
    text: `${
      end.exitCode === null
        ? `${isLast ? "前回" : "以前"}の実行（${command}）は途中で強制終了されました`
        : `${isLast ? "前回" : "以前"}の実行（${command}）は終了コード ${end.exitCode} で終わりました${
          after(endReason(end, { time, problem }))
        }`
    }${left === null || left === 0 ? "" : `。未取得 ${count(left)} 件`}`,
    todo: isOver ? againWords(end.again) : endRemedy(end, { time, problem }),
  }),
  libraryGone: ({ path, time: lastSeen }, { time }) => ({
    text: `ライブラリが見つかりません：${path}（最後の確認 ${time(lastSeen)}）`,
    todo:
      "ディスクをマウントしてください。モニターは自動的に再開します。それまで、どのコマンドもその場所では動作しません。",
  }),
  damaged: () => ({
    text: "ライブラリのカタログが破損しています",
    todo: "civitai-dl doctor を実行すると、原因と修復方法を確認できます。",
  }),
  diskFails: () => ({
    text: "ディスクに書き込めません",
    todo:
      "ディスクが正常にマウントされていることと、ライブラリのフォルダーに書き込めることを確認してから、もう一度実行してください。",
  }),
  outage: ({ hosts, ja, until }, { left }) => ({
    text: `${hostList(hosts)}: ${ja.fault ?? "失敗が続いたため接続を一時的に止めています"}（${
      until === null ? "次のリクエストで再試行" : `次の試行まで ${left(until)}`
    }）`,
    todo:
      "現時点で対応は不要です。自動的に再試行し、続きから再開します。長引く場合は、ネットワークとサイトの稼働状況を確認してください。",
  }),
  leftOpen: ({ hosts }) => ({
    text: `前回の実行では ${hostList(hosts)} への接続が失敗しました`,
    todo: "ネットワークを確認してから、同じコマンドをもう一度実行してください。続きから再開します。",
  }),
  probing: ({ hosts }) => ({ text: `${hostList(hosts)} の回復を確認しています`, todo: "" }),
  undelivered: ({ count: notices, address }, { count }) => ({
    text: `アラートの通知 ${count(notices)} 件が届いたことを確認できていません: ${address}`,
    todo: "civitai-dl alerts status と alerts send-test で、通知先に届くかどうかを確認してください。",
  }),
  slow: ({ host, of, ratio, current, since, more }, { time, format }) => ({
    text:
      (of === "answer"
        ? `${host} の応答が遅くなっています（${answerTime(current, format)}、普段の ${Math.round(1 / ratio)} 倍、${
          time(since ?? "")
        } から）`
        : `${host} が遅くなっています（普段の ${share(ratio)}、${time(since ?? "")} から）`) +
      (more === 0 ? "" : `。ほかに ${more} 件のホストも遅くなっています`),
    todo: more === 0
      ? "対応は不要です。ダウンロードは続き、ホストが回復すれば元の速度に戻ります。すべてが遅い場合は、ネットワークを使っているほかのプログラムを探してください。"
      : "複数のホストが同時に遅くなっています。ネットワークやこのマシンを使っているほかのプログラムを探してください。ダウンロードは続きます。",
  }),
  alert: ({ summary, ja, remedy }) => ({ text: ja.summary ?? summary, todo: ja.remedy ?? remedy ?? "" }),
  lowered: ({ mode, ja: { reason }, isRunning }) => ({
    text: isRunning
      ? `${mode} モードに切り替えて速度を落としています: ${reason}`
      : `次回の実行は ${mode} モードから始まります: ${reason}`,
    todo: "対応は不要です。問題が解消すると、自動的に速度が戻ります。",
  }),
  noProgress: ({ ms, since, hosts, files }, { time, format }) => ({
    text: `${hostList(hosts)} から ${time(since)} 以降（${format.duration(ms)}間）データを受信していません。${
      files === 0 ? "一覧の取得" : `${format.number(files)} 件`
    }が待機しています`,
    todo:
      "現時点で対応は不要です。自動的に再試行し、続きから再開します。長引く場合は、ネットワークとサイトの稼働状況を確認してください。",
  }),
  held: ({ mode, until }, { left }) => ({
    text: `手動で ${mode} モードに固定しています${until === null ? "" : `（残り ${left(until)}）`}`,
    todo: "固定を解除するには civitai-dl failsafe hold --release を実行します。",
  }),
  rising: ({ mode, next, isRunning }, { left }) => ({
    text: isRunning
      ? `速度を戻しています: ${mode} モード${next === null ? "" : `（次の段階まで ${left(next)}）`}`
      : `次回の実行は ${mode} モードから始まり、徐々に速度を戻します`,
    todo: "",
  }),
  waiting: ({ files, until, reason, ja }, { left }) => ({
    text: `${files} 件が待機中です: ${ja.reason ?? reason}` +
      (until === null ? "" : `（次の試行まで ${left(until)}）`),
    todo: "",
  }),
  failed: ({ files, class: name, remedy: english, isRunning }, { count, failure, remedy }) => ({
    text: `${count(files)} 件が失敗しました（最も多い理由: ${failure(name)}）`,
    todo: english === ""
      ? ""
      : `${remedy(name, english)}。${isRunning ? "" : "失敗したファイルは次回の実行で再試行します。"}`,
  }),
  refused: ({ files, class: name, remedy: english, isAskedAgain }, { count, failure, remedy }) => ({
    text: `${count(files)} 件は取得できません（${failure(name)}）`,
    todo: isAskedAgain ? "1 週間後に再度リクエストします。" : `${remedy(name, english)}。`,
  }),
  failedEarlier: ({ files, class: name }, { count, failure }) => ({
    text: `以前の失敗により ${count(files)} 件が未取得です（${failure(name)}）`,
    todo: "その後のダウンロードは成功しています。同じコマンドをもう一度実行すると、未取得のファイルを再試行します。",
  }),
  starting: ({ command, startedAt }, { time }) => ({
    text: `実行中です（${command}、${time(startedAt)} から）`,
    todo: "",
  }),
  idle: ({ left, again }, { count }) => ({
    text: `実行中のダウンロードはありません${left === 0 ? "" : `（前回の未取得 ${count(left)} 件）`}`,
    todo: left === 0 || again === null ? "" : againWords(again),
  }),
  noLibrary: ({ path }) => ({
    text: `ライブラリはまだありません：${path} には何もダウンロードされていません`,
    todo: "何かをダウンロードするか、ライブラリのフォルダーを指定してください。",
  }),
  listing: ({ target, models }, { count }) => ({
    text: `${target === null ? "" : `${target} の`}一覧を取得しています（現在 ${count(models)} モデル）`,
    todo: "",
  }),
  fetching: ({ files }) => ({ text: `${files} 件をダウンロードしています`, todo: "" }),
  silent: ({ files }) => ({ text: `現在、データを受信していません（${files} 件が接続中）`, todo: "" }),
  running: () => ({ text: "ダウンローダーは起動していますが、転送中のファイルはありません", todo: "" }),
};

const happened: EventWords = {
  run: ({ files, bytes }, { count, format }) => `実行を開始: ${count(files)} 件、${format.bytes(bytes)}`,
  end: (event, { count, format, problem }) =>
    `実行が終了（${event.exitCode === 0 ? "" : `終了コード ${event.exitCode}、`}${
      format.duration(event.durationMs)
    }）: ${endWords(event, count)}、取得 ${format.bytes(event.fetchedBytes)}${
      after(problem(event.cause)?.title ?? event.message ?? "")
    }`,
  mode: ({ from, to, reason, ja }) => `モード ${from} → ${to}: ${ja.reason ?? reason}`,
  outage: (event, { time, span, isOut }) => {
    const { key, time: from, until, tries, reason, ja, isByHand } = event;
    const facts = [
      ...until === null ? [] : [span(from, until)],
      ...tries === 0 ? [] : [`再試行 ${tries} 回`],
    ];
    const details = facts.length === 0 ? "" : `（${facts.join("、")}）`;
    const words = isByHand ? blockWords : outageWords;
    const what = words(key === "disk" ? "ディスク" : key, {
      isOn: until === null && isOut(key),
      end: until === null ? null : time(until),
    });
    return `${what}${details}${isByHand ? "" : `: ${ja.reason ?? reason}`}`;
  },
  retries: ({ host, failure: name, count, until }, { time, failure }) =>
    `${host === "" ? "API" : host} で ${count} 回再試行: ${failure(name)}` +
    (count > 1 ? `（最後は ${time(until)}）` : ""),
  alert: ({ rule, state, summary, ja }) =>
    state === "resolved" ? `アラート解消: ${rule}` : `アラート: ${ja.summary ?? (summary === "" ? rule : summary)}`,
  warning: ({ message, problem: name, count }, { problem }) => {
    const title = problem(name)?.title;
    const text = title === undefined ? message : `${title}: ${message}`;
    return count > 1 ? `${text}（${count} 回）` : text;
  },
};

/** All that is said of a status, in Japanese. */
export const japanese: StatusWords = {
  choose: (text, ja) => ja === null ? { text, lang: "en" } : { text: ja, lang: null },
  problem: ({ ja: { problems } }, name) =>
    name !== null && Object.hasOwn(problems, name) ? problems[name] ?? null : null,
  throughput: "転送速度",
  mode: "エンジンモード",
  alerts: "アラート",
  breakers: "ホスト",
  downloads: "ダウンロード",
  failures: "失敗したファイル",
  events: "イベント",
  noEvents: "過去 24 時間のイベントはありません。",
  totals: "ライブラリとマシン",
  noAlerts: "アラートはありません。",
  noBreakers: "まだどのホストにも接続していません。",
  noDownloads: "ダウンロード中のファイルはありません。始まると自動的にここに表示されます。",
  noFailures: "過去 24 時間に失敗したファイルはありません。",
  spark: (speed, peak) => `転送速度のグラフ: 現在 ${speed}、最大 ${peak}`,
  ago: (duration) => `${duration}前`,
  peak: (speed) => `最大 ${speed}`,
  modes: {
    turbo: "複数ファイルを分割して取得",
    parallel: "複数ファイルを同時に取得",
    resilient: "1 件ずつ取得し、失敗時は再試行・再開",
    stable: "1 件ずつ順番に取得",
    paused: "すべてのダウンロードを一時停止",
  },
  now: "現在",
  ceiling: "上限",
  since: (time, duration) => `${time} から（${duration}）`,
  nextCheck: (time, left) => `次の判定は ${time}（あと ${left}）`,
  severity: { critical: "重大", warning: "警告", info: "情報" },
  alertState: { pending: "保留中", firing: "発報中", resolved: "解消" },
  pastAlert: (summary) => `発報時の状況: ${summary}`,
  alertSince: (state, time, duration) => `${state} ${time} から（${duration}）`,
  undelivered: "届いたことを確認できていない通知",
  undeliveredState: { waiting: "未配信", unanswered: "応答なし" },
  sentAgain: (time) => `${time} に再送します。`,
  mayHaveArrived: "送信済みで、届いている可能性があるため、これを理由に再送することはありません。",
  value: (value) => `値 ${value}`,
  noData: "データなし",
  runbook: "ランブック",
  runbookOf: (rule) => `ランブック: ${rule}`,
  hostState: {
    working: "正常",
    unused: "未使用",
    slow: "低速",
    someFail: "一部失敗",
    silent: "受信なし",
    failing: "失敗",
    tried: "回復の確認中",
    blocked: "接続停止中",
  },
  breakerCalls: (failures, calls) => calls === 0 ? "直近 1 分のリクエストなし" : `${calls} 回中 ${failures} 回失敗`,
  speedOf: ({ kind, current, usual }, format) =>
    kind === "answer"
      ? `応答時間 ${answerTime(current, format)}（普段は ${answerTime(usual, format)}）`
      : `1 接続あたり ${format.speed(current)}（普段は ${format.speed(usual)}）`,
  limitOf: ({ value, ceiling, reason }, changed) =>
    `接続数 ${value} / ${ceiling}${limitWords(reason)}${changed === "" ? "" : `（${changed} から）`}`,
  opensAgain: (time, left) => `${time} に再試行（あと ${left}）`,
  triesNext: "次のリクエストで再試行",
  waits: "待機中",
  waitsFor: (reason) => `待機の理由: ${reason}`,
  connections: (number) => `接続 ${number}`,
  ofTotal: (done, total) => `${done} / ${total}`,
  left: (duration) => `残り ${duration}`,
  progressOf: (name) => `進捗: ${name}`,
  unknownHost: "ホスト未定",
  remedy: "対処:",
  tones: { bad: "問題あり", warn: "要確認", busy: "処理中", good: "正常", idle: "待機" },
  allWell: "。異常はありません",
  modeIs: (mode) => `モード ${mode}`,
  lastRun: (last, { time, count }) => {
    if (last === null) return "実行の記録はまだありません";
    if (last.endedAt === null) return `前回の実行は強制終了（開始 ${time(last.startedAt)}）`;
    return `前回の実行は ${time(last.endedAt)} に終了: ${endWords(last, count)}`;
  },
  filesOf: (done, all) => `${all} 件中 ${done} 件完了`,
  failedSoFar: (_, text) => `失敗 ${text} 件`,
  runProgress: "全体の進捗",
  more: (number) => `ほか ${number} 件`,
  andMore: (_, text) => `ほか ${text} 件`,
  fileCount: (_, text) => `${text} 件`,
  failedFiles: (number, files, tries) => number === 0 ? `${tries} 回` : `${files} 件`,
  whichFiles: (_, text) => `対象のファイル（${text} 件）`,
  findings,
  happened,
  endReason,
  files: "ファイル数",
  size: "合計サイズ",
  states: {
    done: "完了",
    planned: "予定",
    deferred: "アーリーアクセス",
    refused: "取得不可",
    failed: "失敗",
    corrupted: "破損",
  },
  noLibrary: "カタログはまだありません",
  library: "ライブラリ",
  disk: "ディスク",
  unknownForNow: "ライブラリが戻るまで不明です",
  diskUse: (percent, free) => `${percent} 使用、空き ${free}`,
  memory: "メモリ",
  processes: "プロセス",
  checks: "自動点検",
  checked: (failing, time) =>
    `${failing.length === 0 ? "問題なし" : `${failing.join("、")} に問題`}（最終確認 ${time}）`,
  monitorSince: (time, duration) => `モニターは ${time} から稼働しています（${duration}）。`,
  sourceIs: (machine, library) => `マシン ${machine}、ライブラリ ${library}。`,
  newsAlert: ({ severity, rule, summary }) => `${severity}: ${rule}。${summary}。`,
  newsResolved: (rule) => `解消: ${rule}。`,
  newsMode: (mode, reason) => `エンジンモードが ${mode} になりました。理由: ${reason}。`,
};
