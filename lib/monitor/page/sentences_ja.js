const UNITS = { d: "日", h: "時間", m: "分", s: "秒", ms: "ミリ秒" };
const GROUPS = {
  "every storage": "すべてのストレージ",
  "every host": "すべてのホスト",
  "the API": "API",
  disk: "ディスク",
  "nearly every call": "ほぼすべてのリクエスト",
};

/**
 * The ways in which a host with an open breaker fails, in the wording of this and earlier versions, with their Japanese
 * translations.
 */
const CAUSES = {
  "cannot be reached": "接続できません",
  "does not answer in time": "時間内に応答しません",
  stalls: "転送が途中で止まります",
  "stops sending": "転送が途中で止まります",
  "breaks connections": "接続が切れます",
  "has no address": "名前を解決できません",
  "fails the TLS handshake": "安全な接続を確立できません",
  "makes no secure connection": "安全な接続を確立できません",
  "answers with errors": "エラーを返しています",
  "sends wrong bytes": "壊れたデータを送っています",
  "cannot be written": "書き込めません",
  "takes no bytes": "書き込めません",
  "is too slow": "応答が遅すぎます",
  fails: "失敗しています",
};

/** Convert a duration such as `1m 30s` to `1 分 30 秒`. */
function time(text) {
  return text.replaceAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g, (_, number, unit) => `${number} ${UNITS[unit]}`);
}

/** English sentences of the program and their Japanese translations: about breakers, modes and the built-in rules. */
const PATTERNS = [
  [/^(\d+) calls in a row failed$/, (n) => `${n} 回連続で失敗しました`],
  [/^(\d+) of its last (\d+) calls failed$/, (failed, all) => `直近 ${all} 回のうち ${failed} 回が失敗しました`],
  [
    /^(\d+) of its last (\d+) calls took longer than (.+)$/,
    (slow, all, limit) => `直近 ${all} 回のうち ${slow} 回が ${time(limit)}を超えました`,
  ],
  [/^a probe did not end within (.+)$/, (limit) => `回復確認のリクエストが ${time(limit)}以内に完了しませんでした`],
  [
    /^(\d+) of (\d+) probes (?:succeeded|did well)$/,
    (good, all) => `回復確認のリクエスト ${all} 回のうち ${good} 回が成功しました`,
  ],
  [/^(\d+) of (\d+) probes failed$/, (bad, all) => `回復確認のリクエスト ${all} 回のうち ${bad} 回が失敗しました`],
  [/^(?:probing after the wait|the wait is over)$/, () => "待機時間が終わりました"],
  [/^(?:it sends bytes again|bytes come from it again)$/, () => "再びデータが届くようになりました"],
  [/^(?:no requests are sent to its host|its host is left alone)$/, () => "ホストへの接続を一時的に止めています"],
  [/^opened (?:manually|by hand)$/, () => "手動で遮断しました"],
  [/^closed (?:manually|by hand)$/, () => "手動で遮断を解除しました"],
  [
    /^(.+) has failed for (.+)$/,
    (group, span) =>
      Object.hasOwn(GROUPS, group) ? `${GROUPS[group]}が ${time(span)}にわたって失敗し続けています` : null,
  ],
  [/^the breaker of (\S+) was opened (?:manually|by hand)$/, (key) => `${key} への接続を手動で遮断しました`],
  [/^the breaker of (\S+) opened$/, (key) => `${key} への接続が遮断されました`],
  [
    /^(\d+) of (\d+) calls failed within a minute$/,
    (failed, all) => `1 分間のリクエスト ${all} 回のうち ${failed} 回が失敗しました`,
  ],
  [/^no byte has arrived for (.+)$/, (span) => `${time(span)}にわたってデータを受信していません`],
  [/^bytes arrive again$/, () => "データの受信が再開しました"],
  [/^the pause is over$/, () => "一時停止が終わりました"],
  [/^no trouble for (.+)$/, (span) => `${time(span)}にわたって問題は発生していません`],
  [/^the hold ended$/, () => "モードの固定期間が終わりました"],
  [/^held (?:manually|by hand)$/, () => "手動でモードを固定しています"],
  [/^released (?:manually|by hand)$/, () => "手動でモードの固定を解除しました"],
  [/^reset (?:manually|by hand)$/, () => "手動でリセットしました"],
  [/^(\S+) is the fastest mode allowed here$/, (mode) => `ここで使える最も速いモードは ${mode} です`],
  [/^no bolder mode than (\S+) is allowed here$/, (mode) => `ここで使える最も速いモードは ${mode} です`],
  [/^(?:no reason to change it|nothing has spoken against it)$/, () => "問題は見つかっていません"],
  [/^No download has run here yet$/, () => "このライブラリではまだダウンロードを実行していません"],
  [/^CIVITAI_DL_DISABLE_EXPERIMENTAL(?:=| is )1$/, () => "CIVITAI_DL_DISABLE_EXPERIMENTAL=1 が指定されています"],
  [/^(--force-sync-mode|--engine \S+)$/, (flag) => `${flag} が指定されています`],
  [
    /^High error rate: (.+) of the downloads of the last (.+) failed, more than (.+)$/,
    (value, window, limit) => `エラー率が高くなっています: 直近 ${time(window)}で ${value} が失敗（上限 ${limit}）`,
  ],
  [
    /^High timeout rate: (.+) of the downloads of the last (.+) timed out, more than (.+)$/,
    (value, window, limit) =>
      `タイムアウト率が高くなっています: 直近 ${time(window)}で ${value} がタイムアウト（上限 ${limit}）`,
  ],
  [
    /^No byte has arrived for (.+) although files wait for some$/,
    (span) => `ファイルの取得待ちが続いていますが、${time(span)}にわたってデータを受信していません`,
  ],
  [
    /^Check the network, and whether the storage answers\. The run tries again by itself for --patience \(5 min\), then it pauses and ends with exit 6; after the pause \(5 min\), the same command continues it\.$/,
    () =>
      "ネットワークと、ストレージが応答するかどうかを確認してください。--patience の時間（5 分）は自動的に再試行し、それを過ぎると一時停止して終了コード 6 で終わります。一時停止（5 分）の後に同じコマンドを実行すると、続きから再開します。",
  ],
  [
    /^High memory usage: (.+), more than (.+)$/,
    (value, limit) => `メモリの使用量が多くなっています: ${value}（上限 ${limit}）`,
  ],
  [
    /^The library's disk is (.+) full, more than (.+)$/,
    (value, limit) => `ライブラリのディスク使用率が ${value} です（上限 ${limit}）`,
  ],
  [
    /^The library is gone: it is not in its folder, and no command works there$/,
    () => "ライブラリがありません。フォルダーに見つからないため、どのコマンドもその場所では動作しません",
  ],
  [
    /^The check (\S+) of doctor fails: (.*)$/s,
    (check, found) => `自動点検（${check}）で問題が見つかりました: ${found}`,
  ],
  [
    /^Run civitai-dl doctor --only (\S+), which says what to do next\.$/,
    (check) => ["civitai-dl doctor --only", check, "を実行し、表示される手順に従ってください。"].join(" "),
  ],
  [
    /^The rollout of an engine was aborted; downloads go on with the stable engine$/,
    () => "エンジンの段階的ロールアウトが中止されました。ダウンロードは stable エンジンで続いています",
  ],
  [
    /^The last run failed: (.+), exit (.+)$/,
    (command, exit) =>
      exit === "killed"
        ? `前回の実行（${command}）は途中で強制終了されました`
        : `前回の実行（${command}）は終了コード ${exit} で失敗しました`,
  ],
  [
    /^The last line of logs\/download\.log says why and what to do; then run the same command again, it continues\.$/,
    () =>
      "理由と対処方法は logs/download.log の最後の行にあります。対処した後、同じコマンドをもう一度実行してください。続きから再開します。",
  ],
  [
    /^The nightly job has not succeeded for (.+)$/,
    (span) => `夜間のジョブが ${time(span)}にわたって一度も成功していません`,
  ],
  [
    /^Look whether the timer runs, and at the end of logs\/download\.log; silence the alert if the job was given up\.$/,
    () =>
      "タイマーが動いているかどうかと、logs/download.log の末尾を確認してください。ジョブをやめた場合は、サイレンスで通知を止めてください。",
  ],
  [/^The service refuses the API key from (.+)$/, (origin) => `サービスが ${origin} の API キーを拒否しています`],
  [
    /^Create a new API key at https:\/\/civitai\.com\/user\/account, put it in place of that one, and run again\.$/,
    () =>
      "https://civitai.com/user/account で新しい API キーを作成し、そのキーと置き換えてから、もう一度実行してください。",
  ],
  [
    /^The disk is at its reserve: downloads leave out what does not fit$/,
    () => "ディスクの空きが予備の容量に達しました。入らないファイルは取得していません",
  ],
  [
    /^Free some space, the live page says how much; or lower --reserve\. Then run the same command again\.$/,
    () =>
      "空き容量を増やす（必要な量はライブページに表示されます）か、--reserve を小さくしてから、同じコマンドをもう一度実行してください。",
  ],
  [
    /^The disk will be at its reserve in (.+) if it goes on filling$/,
    (span) => `このまま増え続けると、ディスクの空きは ${time(span)}で予備の容量に達します`,
  ],
  [
    /^Find out what fills the disk, and free some space before downloads stop\.$/,
    () => "何がディスクを使っているかを調べ、ダウンロードが止まる前に空き容量を増やしてください。",
  ],
  [
    /^Look at (.+); after a fix, (.+) begins again, rollout end forgets it\.$/,
    (status, retry) =>
      `${status} で状態を確認してください。修正した後は ${retry} で最初からやり直せます。取りやめる場合は civitai-dl rollout end を実行してください。`,
  ],
  [
    /^Wait if one host has trouble, the engine slows down by itself; make a new API key if the class is login or forbidden\.$/,
    () =>
      "特定のホストだけの障害であれば、そのままお待ちください（自動的に速度を落とします）。失敗の種類がログインや権限の場合は、API キーを作り直してください。",
  ],
  [
    /^Look at the network; if one host only is slow, lower --max-connections\. Downloads go on where they stood\.$/,
    () =>
      "ネットワークを確認してください。特定のホストだけが遅い場合は --max-connections の値を小さくしてください。ダウンロードは続きから再開します。",
  ],
  [
    /^Stop the run with Ctrl-C and start it again, nothing is lost; report it if memory grows again\.$/,
    () =>
      "Ctrl-C で停止し、もう一度実行してください（取得済みのデータは失われません）。再びメモリの使用量が増える場合は報告してください。",
  ],
  [
    /^Mount its disk; if it was moved, name its new folder\. The monitor and the next run go on by themselves\.$/,
    () =>
      "ディスクをマウントしてください。移動した場合は移動先のフォルダーを指定します。モニターと次の実行は自動的に再開します。",
  ],
  [
    /^Free some space, or move the library to a larger disk; downloads stop by themselves at the reserve\.$/,
    () =>
      "空き容量を増やすか、ライブラリを大きなディスクに移動してください。空き容量が予備の容量を下回ると、ダウンロードは自動的に停止します。",
  ],
  [
    /^(?:Cannot fetch|The disk has no room for) (\d+) files? \((.+?)\)(?:: the disk has no room; the run continued with|; what fits is there)\b.*$/,
    (files, size) =>
      `ディスクの空きが足りず、${files} 件（${size}）を取得できませんでした。空き容量に収まるファイルの取得は続行しました。`,
  ],
];

/** Translate a cause such as `answers with errors (500)`; `null` if it is unknown. */
export function causeInJapanese(text) {
  const [, words, status] = /^(.+?)(?: \((\d+)\))?$/.exec(text) ?? [];
  if (!Object.hasOwn(CAUSES, words)) return null;
  return status === undefined ? CAUSES[words] : CAUSES[words].replace(/^エラー/, `エラー（${status}）`);
}

/**
 * Translate a sentence such as `b2.example answers with errors (500): 6 of its last 10 calls failed`, with or without
 * the host; `null` if it is unknown.
 */
function explainedInJapanese(text) {
  const [, before, proof] = /^(.+?): (.+)$/.exec(text) ?? [];
  if (before === undefined) return null;
  const [, host, causeText] = /^(\S*\.\S+|\S+:\d+) (.+)$/.exec(before) ?? [undefined, null, before];
  const cause = causeInJapanese(causeText);
  const translatedProof = sentenceInJapanese(proof);
  if (cause === null || translatedProof === null) return null;
  return host === null ? `${cause}（${translatedProof}）` : `${host}: ${cause}（${translatedProof}）`;
}

/** Translate a sentence of the program; `null` if it is unknown. */
export function sentenceInJapanese(text) {
  for (const [pattern, render] of PATTERNS) {
    const match = pattern.exec(text);
    if (match !== null) return render(...match.slice(1));
  }
  return explainedInJapanese(text);
}
