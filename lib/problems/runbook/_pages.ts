// Written by `deno task docs` from docs/runbook and docs/ja/runbook; do not edit.
// deno-fmt-ignore-file

/** The pages by name, each as Markdown in every language. */
export const PAGES: Readonly<Record<string, { readonly en: string; readonly ja: string }>> = {
  "archived": {
    en: `# archived: the creator has archived the file

The creator has archived the file. If the listing says so, it is requested as soon as the listing no longer does; if
only the download was refused, after a week, or at once if a target names it (\`civitai-dl download model:ID\`).

## Check

- \`civitai-dl list --state refused\` shows all of them.

## Then

Nothing, unless the creator brings it back.
`,
    ja: `# archived: アーカイブ済み

クリエイターがアーカイブしました。一覧にその旨が載っている場合は、載らなくなった時点で再度リクエストします。ダウンロードだけが拒否された場合は、1 週間後に再度リクエストします。\`civitai-dl download model:ID\` のように個別に指定すると、すぐにリクエストします。

## 確認

- \`civitai-dl list --state refused\` で、該当するファイルを確認します。

## 対処

対応は不要です。クリエイターが再公開すれば取得できます。
`,
  },
  "bad-release": {
    en: `# Bad release

A new version of the program damages files, loses speed or does not start.

## Check

- \`civitai-dl self-test\` says within seconds whether an installation works.
- \`civitai-dl emergency-test\` tries the paths that must never break, in less than a minute.

## Then

- At once, run \`civitai-dl rollback\`: it goes back to the last version that passed its production test, and verifies it.
  Nothing is lost: \`civitai-dl rollback undo\` leads forward again. [rollback.md](../rollback.md) has three commands for
  the first minute.
- Maintainers withdraw it from \`self-update\`: \`deno task release-share v1.2.0 0\`, then upload \`rollout.json\`
  ([releases.md](../releases.md#raise-the-share)).
- Only the new engine is bad: \`CIVITAI_DL_DISABLE_EXPERIMENTAL=1\`, or \`civitai-dl failsafe hold stable\`, is enough.
- [emergency.md](emergency.md) has the rest: the analysis, the fix and the staged recovery.
`,
    ja: `# 新しいバージョンの不具合

新しいバージョンで、ファイルの破損、速度の低下、起動の失敗などが発生しました。

## 確認

- \`civitai-dl self-test\` で、インストールされたプログラムが動作するかどうかを数秒で確認できます。
- \`civitai-dl emergency-test\` で、決して壊れてはならない経路を 1 分以内に確認できます。

## 対処

- まず \`civitai-dl rollback\` を実行してください。本番環境テストに合格した最新のバージョンに戻し、動作を検証します。データは失われません。\`civitai-dl rollback undo\` で新しいバージョンに戻せます。最初の 1 分で実行する 3 つのコマンドは [rollback.md](../rollback.md) にあります。
- メンテナーは \`deno task release-share v1.2.0 0\` で \`self-update\` の配布を取り下げ、\`rollout.json\` をアップロードします（[releases.md](../releases.md#配布の割合を広げる)）。
- 新しいエンジンだけの問題であれば、\`CIVITAI_DL_DISABLE_EXPERIMENTAL=1\` か \`civitai-dl failsafe hold stable\` だけで十分です。
- その後の原因の調査、修正、段階的な復旧は [emergency.md](emergency.md) にあります。
`,
  },
  "cancelled": {
    en: `# cancelled: the run was stopped

The run was stopped. The first Ctrl-C stops the transfers cleanly, a second one at least a second later stops at once;
both leave parts that a later run resumes.

## Check

- \`civitai-dl list --state planned\` shows what is left.

## Then

Run the same command again to resume. \`civitai-dl download\` without a target resumes everything that is unfinished.
`,
    ja: `# cancelled: 中止

途中で中止されました。1 回目の Ctrl-C では転送を安全に停止し、1 秒以上経ってから 2 回目を押すと即座に停止します。どちらの場合も、次の実行で続きから再開できます。

## 確認

- \`civitai-dl list --state planned\` で、残っているものを確認します。

## 対処

同じコマンドをもう一度実行すると、続きから再開します。ターゲットを付けない \`civitai-dl download\` は、未完了のものをすべて再開します。
`,
  },
  "catalog": {
    en: `# catalog: the catalog of the library is damaged

\`.civitai-dl/catalog.db\` cannot be read: the disk lost a write, or another program changed it. Files of the library are
not affected.

## Check

- \`civitai-dl doctor --only catalog\` says what is wrong with it.

## Then

- \`civitai-dl verify --rebuild\` keeps the damaged catalog aside, and builds a new one from the files and their sidecars.
  Then \`civitai-dl repair\` fetches what is missing.
- Only files without a sidecar of their own need the network. If some cannot be looked up, the command ends with 6 and
  names them, and the catalog counts as unfinished: \`doctor\` and \`verify\` say so, \`update\` and \`repair\` refuse it. Run
  the same command again later, or leave those files out with \`civitai-dl verify --rebuild --offline\`.
- It happens again: check the disk. Keep the library on a local disk: the catalog is SQLite in WAL mode, which SQLite
  does not support on NFS or SMB.

[transcripts.md](transcripts.md#a-damaged-catalog) shows it in a real run.
`,
    ja: `# catalog: ライブラリのカタログの破損

\`.civitai-dl/catalog.db\` を読み取れません。ディスクへの書き込みが失われたか、ほかのプログラムが変更しました。ライブラリのファイルには影響ありません。

## 確認

- \`civitai-dl doctor --only catalog\` で、破損の内容を確認します。

## 対処

- \`civitai-dl verify --rebuild\` を実行すると、破損したカタログを退避し、ファイルとサイドカーから新しいカタログを作成します。その後 \`civitai-dl repair\` で、不足しているファイルを取得します。
- ネットワークが必要なのは、自分のサイドカーがないファイルだけです。照会できないファイルが残ると、そのファイルを表示して終了コード 6 で終わり、カタログは再構築の途中として扱われます。\`doctor\` と \`verify\` はそのことを報告し、\`update\` と \`repair\` は実行を拒否します。後で同じコマンドをもう一度実行するか、\`civitai-dl verify --rebuild --offline\` でそれらのファイルを除いて完了させてください。
- 繰り返し発生する場合は、ディスクを検査してください。ライブラリはローカルディスクに置いてください。カタログは WAL モードの SQLite で、SQLite は NFS や SMB 上の WAL をサポートしていません。

実行例は、[10 件の実行記録](transcripts.md#カタログの破損)にあります。
`,
  },
  "changed": {
    en: `# changed: the file changed while it was fetched

The file changed while it was fetched. Only the fetched bytes of the old file are lost.

## Check

- \`civitai-dl analyze-errors\` shows which files it happened to, and how often.

## Then

The next run fetches the new one. \`civitai-dl download\` starts it at once.
`,
    ja: `# changed: 取得中に変更

取得中にファイルが変更されました。失われるのは、古いファイルの取得済みの部分だけです。

## 確認

- \`civitai-dl analyze-errors\` で、どのファイルで何回起きたかを確認します。

## 対処

次回の実行で新しいファイルを取得します。\`civitai-dl download\` を実行すると、すぐに取得します。
`,
  },
  "clock": {
    en: `# clock: the clock of this machine is wrong

The clock differs from the clock of the service by more than 30 seconds. Signed links then seem expired as soon as they
arrive, and secure connections may be refused.

## Check

- \`civitai-dl doctor --only clock\` shows the difference.

## Then

Switch on time synchronization: \`sudo timedatectl set-ntp true\` on Linux, Settings on macOS and Windows. In a container
or a virtual machine, set the clock of its host. Then run the same command again.

[transcripts.md](transcripts.md#a-clock-that-is-ten-minutes-off) shows it in a real run.
`,
    ja: `# clock: このマシンの時計のずれ

このマシンの時計が、サービスの時計から 30 秒を超えてずれています。署名付きリンクが届いた時点で期限切れとみなされたり、安全な接続が拒否されたりします。

## 確認

- \`civitai-dl doctor --only clock\` で、ずれの大きさを確認します。

## 対処

時刻の同期を有効にしてください。Linux では \`sudo timedatectl set-ntp true\`、macOS と Windows では設定画面で有効にできます。コンテナや仮想マシンでは、ホスト側の時計を合わせてください。その後、同じコマンドをもう一度実行してください。

実行例は、[10 件の実行記録](transcripts.md#時計の-10-分のずれ)にあります。
`,
  },
  "connection": {
    en: `# connection: a connection could not be made, or broke

A connection could not be made, or broke. If one host refuses, it is down; its breaker opens, and \`civitai-dl failsafe\`
says until when. If all hosts refuse, check the network and the firewall.

## Check

- \`civitai-dl doctor\` says which hosts can be reached.
- \`civitai-dl failsafe\` shows open breakers, and until when.
- \`curl -sSI --max-time 10 https://HOST\` shows whether other programs on this machine reach the host.

## Then

Check the network; the next run resumes the download.

[transcripts.md](transcripts.md#a-storage-host-that-is-blocked) shows it in a real run.
`,
    ja: `# connection: 接続エラー

接続できなかったか、途中で切断されました。1 つのホストだけが拒否する場合は、そのホストが停止しています。サーキットブレーカーがそのホストへの接続を遮断します。解除予定の時刻は \`civitai-dl failsafe\` で確認できます。すべてのホストが拒否する場合は、ネットワークとファイアウォールを確認してください。

## 確認

- \`civitai-dl doctor\` で、接続できるホストを確認します。
- \`civitai-dl failsafe\` で、遮断中のホストと解除予定の時刻を確認します。
- \`curl -sSI --max-time 10 https://HOST\` で、ほかのプログラムからも接続できないかどうかを確認します。

## 対処

ネットワークを確認してください。もう一度実行すると、続きから再開します。

実行例は、[10 件の実行記録](transcripts.md#ストレージのホストへの接続拒否)にあります。
`,
  },
  "creator-fails": {
    en: `# creator-fails: one creator fails

The service fails to list one creator, while the others work. The run reports it, fetches the others, and ends with exit
code 1.

## Check

- \`civitai-dl download user:NAME\` tries this creator alone. Once it is listed, nothing is wrong any more.
- The creator's page on the site shows whether the name is right, and whether the service has the same trouble there.

## Then

Wait: each run that names it tries it again; if it lasts for days, look at the creator's page on the site. Files that
are in the library stay there.
`,
    ja: `# creator-fails: 特定のクリエイターの失敗

ほかのクリエイターは取得できますが、1 人のクリエイターの一覧だけ取得できません。結果に表示したうえで、ほかのクリエイターの取得を続け、終了コード 1 で終わります。

## 確認

- \`civitai-dl download user:NAME\` で、このクリエイターだけを試します。一覧を取得できると解消します。
- サイトでクリエイターのページを開き、名前が正しいか、サイトでも同じ問題が起きているかを確認します。

## 対処

このクリエイターを指定した実行のたびに再試行するので、お待ちください。数日続く場合は、サイトでクリエイターのページを確認してください。ライブラリにあるファイルはそのまま残ります。
`,
  },
  "disabled": {
    en: `# disabled: the creator has disabled downloads

The creator has disabled downloads. If the listing says so, it is requested as soon as the listing no longer does; if
only the download was refused, after a week, or at once if a target names it (\`civitai-dl download model:ID\`).

## Check

- \`civitai-dl list --state refused\` shows all of them.

## Then

Nothing, unless the creator allows them.
`,
    ja: `# disabled: ダウンロード不可

クリエイターがダウンロードを無効にしています。一覧にその旨が載っている場合は、載らなくなった時点で再度リクエストします。ダウンロードだけが拒否された場合は、1 週間後に再度リクエストします。\`civitai-dl download model:ID\` のように個別に指定すると、すぐにリクエストします。

## 確認

- \`civitai-dl list --state refused\` で、該当するファイルを確認します。

## 対処

対応は不要です。クリエイターが許可すれば取得できます。
`,
  },
  "disk": {
    en: `# disk: the local disk rejected a read or a write

The local disk rejected a read or a write. The run ends, because everything else would fail as well. See
[high disk usage](high-disk-usage.md).

## Check

- \`civitai-dl doctor --only disk,write,permissions\` measures free space, speed and permissions of the library's disk,
  and names the command that lists what is large.

## Then

Free some space, or fix the permissions of the library's folder.

[transcripts.md](transcripts.md#a-full-disk) shows it in a real run.
`,
    ja: `# disk: ディスクエラー

ローカルディスクの読み書きに失敗しました。ほかのファイルも同じように失敗するため、実行を終了します。[ディスク使用率の上昇](high-disk-usage.md)も参照してください。

## 確認

- \`civitai-dl doctor --only disk,write,permissions\` で、空き容量・速度・権限を確認します。容量の大きいファイルを調べるコマンドも表示されます。

## 対処

空き容量を増やすか、ライブラリのフォルダーの権限を修正してください。

実行例は、[10 件の実行記録](transcripts.md#空きのないディスク)にあります。
`,
  },
  "disk-filling": {
    en: `# disk-filling: the disk is filling up

At the rate of the last quarter of an hour, the disk of the library will be at the reserve of the downloads within two
hours. What a run under way still has to fetch is taken into account: it fills the disk only as far as its plan.

## Check

- \`civitai-dl doctor --only disk\` shows the free space, and the command that lists what is large.
- If no run is under way, another program writes to the disk.

## Then

- Stop what fills the disk, or free some space before downloads stop at the [reserve](reserve-reached.md).
`,
    ja: `# disk-filling: ディスクの残量不足

直近 15 分間の速さで増え続けると、2 時間以内に、ライブラリのディスクの空きがダウンロードの予備の容量に達します。実行中のダウンロードについては、計画の残りの分だけ増えるものとして計算します。

## 確認

- \`civitai-dl doctor --only disk\` で、空き容量と、容量の大きいファイルを調べるコマンドを確認します。
- ダウンロードを実行していないなら、ほかのプログラムがディスクに書き込んでいます。

## 対処

- ダウンロードが[予備の容量](reserve-reached.md)で止まる前に、書き込みの原因を止めるか、空き容量を増やします。
`,
  },
  "dns": {
    en: `# dns: a host's name could not be resolved

A host's name could not be resolved. \`civitai-dl failsafe\` shows the names. Without a name server nothing works: if a
run is still listing, it ends with 6 within seconds; if it is downloading, it pauses after \`--patience\`.

## Check

- \`civitai-dl doctor\` shows whether any name can be resolved.

## Then

Check the network and the name server. The next run resumes the download.
`,
    ja: `# dns: 名前解決エラー

ホスト名を解決できませんでした。解決できなかったホスト名は \`civitai-dl failsafe\` で確認できます。DNS サーバーが使えないと何も取得できません。一覧の取得中は数秒で終了コード 6 で終わり、ダウンロード中は \`--patience\` の時間が過ぎると一時停止します。

## 確認

- \`civitai-dl doctor\` で、名前解決の状態を確認します。

## 対処

ネットワークと DNS サーバーを確認してください。もう一度実行すると、続きから再開します。
`,
  },
  "early-access": {
    en: `# early-access: the file is not public yet

The file is available only to paying users, until a date or permanently. \`--early-access\` tries now.

## Check

- \`civitai-dl list --state deferred\` shows the waiting files, and until when they wait.

## Then

Wait until it is free: a later run fetches it then; or buy access on the site.
`,
    ja: `# early-access: アーリーアクセス

公開日まで、または常に、有料ユーザーだけが利用できるファイルです。\`--early-access\` を指定すると、すぐに取得を試みます。

## 確認

- \`civitai-dl list --state deferred\` で、公開待ちのファイルと公開日を確認します。

## 対処

公開後の実行で取得します。すぐに必要な場合は、サイトでアクセス権を購入してください。
`,
  },
  "emergency": {
    en: `# Emergency

Something is badly wrong and every minute counts: all downloads fail, files are damaged, or a new version made it worse.

## In the first five minutes

- \`export CIVITAI_DL_DISABLE_EXPERIMENTAL=1\`, or \`civitai-dl failsafe hold stable\` for all runs on a library: the most
  careful engine, whatever else is set.
- \`civitai-dl doctor\` names the cause in its first line, and below it the one command that comes next.
- A download that must go on meanwhile: \`civitai-dl download --force-sync-mode --max-retries 5\`.
- A new version is the cause: \`civitai-dl rollback\` ([bad-release](bad-release.md)).

## Within half an hour: the cause

- \`civitai-dl debug-info --output debug.zip\` keeps logs, metrics and state as they are now, without secrets.
- \`civitai-dl analyze-metrics --timerange 1h\` compares the last hour with the hour before.
- \`civitai-dl analyze-errors --log-file logs/download.log\` counts the kinds of errors, by host and time.
- Timeouts: \`civitai-dl tune-timeouts --adaptive --log-file logs/timeouts.log\`. Memory: \`civitai-dl memory-test\`.

## The fix

- The cause is here, such as a disk, a key or a network: mend it, then \`civitai-dl doctor\` again until it says that
  nothing is wrong.
- The cause is the program: \`civitai-dl rollback\` is enough for an operator. Developers fix it on a branch of its own
  ([branches.md](../branches.md)), and \`civitai-dl emergency-test\` tries what must never break.

## Back to full speed, in stages

- \`civitai-dl canary --percentage 10\`, then \`civitai-dl rollout --percentage 50\`, then \`civitai-dl deploy\`: the faster
  engine gets more of the files each time, if the judge agrees.
- \`civitai-dl failsafe hold --release\` ends the hold of the first minutes.
- Write down what it was, what showed it, and what would have shown it earlier.
`,
    ja: `# 緊急時の対応

すべてのダウンロードが失敗する、ファイルが破損する、新しいバージョンで悪化したなど、一刻を争う場合の手順です。

## 最初の 5 分

- \`export CIVITAI_DL_DISABLE_EXPERIMENTAL=1\` を設定するか、\`civitai-dl failsafe hold stable\` を実行します。ほかの設定にかかわらず、最も慎重なエンジンを使います。
- \`civitai-dl doctor\` の 1 行目に原因が、その下に次に実行するコマンドが 1 つ表示されます。
- その間もダウンロードを続ける必要がある場合は、\`civitai-dl download --force-sync-mode --max-retries 5\` を実行します。
- 新しいバージョンが原因の場合は、\`civitai-dl rollback\` で戻します（[bad-release](bad-release.md)）。

## 30 分以内: 原因の特定

- \`civitai-dl debug-info --output debug.zip\` で、現在のログ、メトリクス、状態を秘密情報なしで保存します。
- \`civitai-dl analyze-metrics --timerange 1h\` で、直近 1 時間とその前の 1 時間を比較します。
- \`civitai-dl analyze-errors --log-file logs/download.log\` で、エラーの種類をホストと時刻ごとに集計します。
- タイムアウトの場合は \`civitai-dl tune-timeouts --adaptive --log-file logs/timeouts.log\`、メモリの場合は \`civitai-dl memory-test\` を実行します。

## 修正

- ディスク、キー、ネットワークなど、原因が手元にある場合は、それを解消してから \`civitai-dl doctor\` を再度実行し、問題がないことを確認します。
- プログラムが原因の場合、運用者は \`civitai-dl rollback\` で十分です。開発者は専用のブランチで修正し（[branches.md](../branches.md)）、決して壊れてはならない経路を \`civitai-dl emergency-test\` で確認します。

## 段階的な復旧

- \`civitai-dl canary --percentage 10\`、\`civitai-dl rollout --percentage 50\`、\`civitai-dl deploy\` の順に実行します。自動判定で問題がなければ、速いエンジンで取得するファイルの割合が増えていきます。
- \`civitai-dl failsafe hold --release\` で、最初の 5 分に行った固定を解除します。
- 何が起きたか、何によって判明したか、どうすればもっと早く気づけたかを記録します。
`,
  },
  "engine-mode": {
    en: `# engine-mode: the engine is slowed down or paused

The failsafe changed the mode of the engine, along \`turbo → parallel → resilient → stable → paused\`;
[failsafe.md](../failsafe.md) has the rules.

## Check

- \`civitai-dl failsafe\` shows the mode, why, since when, what would change it, and which hosts get no requests.

## Then

- A step down: do nothing. Downloads continue more slowly, and get faster when the host recovers.
- \`paused\`: the required hosts have been gone, or no byte has arrived, for five minutes (\`--patience\`). Check the
  network and the disk with \`civitai-dl doctor\`. A run before the time that \`civitai-dl failsafe\` names ends at once
  with exit 6; a later one resumes. To go on now, end the pause with \`civitai-dl failsafe reset\`, then run the same
  command.
- The mode goes down every day at the same time: the network or the host is overloaded then. \`--limit-rate\` takes a
  timetable.
`,
    ja: `# engine-mode: エンジンのモード変更

フェイルセーフがエンジンのモードを変更しました。モードは \`turbo → parallel → resilient → stable → paused\` の順に下がります。詳しい規則は [failsafe.md](../failsafe.md) にあります。

## 確認

- \`civitai-dl failsafe\` で、現在のモード、理由、変更時刻、次に変わる条件、リクエストを止めているホストを確認します。

## 対処

- モードが下がった場合、操作は不要です。速度を落として続行し、ホストが回復すると元の速度に戻ります。
- \`paused\` の場合は、必要なホストに 5 分間（\`--patience\`）接続できていないか、何も受信できていません。\`civitai-dl doctor\` でネットワークとディスクを確認してください。\`civitai-dl failsafe\` に表示される時刻より前に実行すると、すぐに終了コード 6 で終わります。その後の実行で続きから再開します。すぐに再開するには、\`civitai-dl failsafe reset\` を実行してから、同じコマンドを実行してください。
- 毎日同じ時刻にモードが下がる場合は、その時間帯に回線かホストが混雑しています。\`--limit-rate\` には時間帯を指定できます。
`,
  },
  "exit-codes": {
    en: `# Exit codes

Every command ends with one of these codes. \`civitai-dl doctor 4\` shows one of them.

| code        | name           | meaning                                                                                                                                | what to do                                                                                                                      |
| ----------- | -------------- | -------------------------------------------------------------------------------------------------------------------------------------- | ------------------------------------------------------------------------------------------------------------------------------- |
| 0           |                | Done                                                                                                                                   | Nothing                                                                                                                         |
| 1           | \`failed\`       | Something that was asked for failed: a file, a gate, a threshold                                                                       | Do what the hint says, then run the same command again                                                                          |
| 2           | \`usage\`        | The command line or a file of settings is wrong                                                                                        | Correct what the message names; \`--help\` shows what is allowed                                                                  |
| 3           | \`inconclusive\` | \`download\`, \`update\` and \`repair\`: \`--max-time\` has passed, or \`--quota\` is used up. Commands that judge: there is not enough evidence | Run the same command again to resume; for a verdict, make the run longer or take more samples                                   |
| 4           | \`unsafe\`       | A safety check stopped the command: the disk, a lock, a changed working tree                                                           | Fix what the message names                                                                                                      |
| 5           | \`auth\`         | A login or a permission is missing                                                                                                     | \`civitai-dl doctor --only key,permissions\`                                                                                      |
| 6           | \`network\`      | The network or the service is not available                                                                                            | \`civitai-dl doctor\`, then the same command again: it resumes                                                                    |
| 7           | \`integrity\`    | Bytes do not match their hash                                                                                                          | \`download\` and \`update\`: run the same command again; files of the library: \`civitai-dl verify --deep\`, then \`civitai-dl repair\` |
| 1           | \`unexpected\`   | A bug in the program                                                                                                                   | Run again with \`--verbose\`, and report it with the details                                                                      |
| 129 130 143 | \`interrupted\`  | The command was stopped by SIGHUP (129), Ctrl-C (130) or SIGTERM (143)                                                                 | Run the same command again to resume                                                                                            |
`,
    ja: `# 終了コード

すべてのコマンドは、次のいずれかのコードで終了します。\`civitai-dl doctor 4\` のように指定すると、そのコードの説明だけを表示します。

| コード      | 名前           | 意味                                                                                    | 対処                                                                                                     |
| ----------- | -------------- | --------------------------------------------------------------------------------------- | -------------------------------------------------------------------------------------------------------- |
| 0           |                | 正常終了                                                                                | 不要です                                                                                                 |
| 1           | \`failed\`       | 指定した処理の一部が失敗しました（ファイル、品質ゲート、しきい値など）                | ヒントに従って対処し、同じコマンドをもう一度実行してください                                             |
| 2           | \`usage\`        | コマンドラインか設定ファイルに誤りがあります                                            | メッセージで示された箇所を修正してください。使える値は \`--help\` で確認できます                           |
| 3           | \`inconclusive\` | \`download\`・\`update\`・\`repair\`：\`--max-time\` または \`--quota\` に達しました。判定を行うコマンド：データが足りません | 同じコマンドをもう一度実行すると再開します。判定の場合は、実行時間を延ばすか、測定回数を増やしてください |
| 4           | \`unsafe\`       | 安全確認により停止しました（ディスク、ロック、コミットしていない変更のあるワーキングツリーなど）| メッセージで示された問題を解消してください                                                               |
| 5           | \`auth\`         | ログインが必要か、権限が不足しています                                                  | \`civitai-dl doctor --only key,permissions\` で確認してください                                      |
| 6           | \`network\`      | ネットワークかサービスを利用できません                                                  | \`civitai-dl doctor\` で確認し、同じコマンドをもう一度実行すると再開します                           |
| 7           | \`integrity\`    | データがハッシュと一致しません                                                          | \`download\`・\`update\`：同じコマンドをもう一度実行すると取得し直します。ライブラリのファイル：\`civitai-dl verify --deep\` で確認し、\`civitai-dl repair\` で再取得してください |
| 1           | \`unexpected\`   | プログラムのバグです                                                                    | \`--verbose\` を付けて再実行し、詳細を添えて報告してください                                               |
| 129 130 143 | \`interrupted\`  | SIGHUP（129）、Ctrl-C（130）、SIGTERM（143）で中断されました                            | 同じコマンドをもう一度実行すると再開します                                                               |
`,
  },
  "expired": {
    en: `# expired: a signed link had expired

A signed link had expired. Links are valid for hours; if the clock of the machine is off by more, every link expires at
once.

## Check

- \`civitai-dl doctor --only clock\` compares the clock of this machine with the clock of the service.

## Then

A new link is requested automatically; if it keeps happening, check the clock of this machine.
`,
    ja: `# expired: リンクの期限切れ

署名付きリンクの期限が切れていました。リンクの有効期間は数時間です。このマシンの時計がそれ以上ずれていると、すべてのリンクがすぐに期限切れになります。

## 確認

- \`civitai-dl doctor --only clock\` で、このマシンの時計のずれを確認します。

## 対処

新しいリンクを自動的に取得します。続く場合はこのマシンの時計を確認してください。
`,
  },
  "flagged": {
    en: `# flagged: the file may be dangerous

Civitai reports the file as dangerous, or it imports something that is not known to be harmless.
[flagged.md](../flagged.md) has the rules; the line in the log names the imports. The file is not fetched again as long
as its content is the same.

## Check

- \`civitai-dl verify --deep\` finds such files in the library.

## Then

Do without it; if you trust it anyway, download it to \`quarantine/\` with \`--allow-flagged\`.
`,
    ja: `# flagged: 危険と判定

Civitai が危険と判定したか、安全と確認できないものをインポートするファイルです。判定の基準は [flagged.md](../flagged.md) にあります。インポートの名前は、ログの該当行に記録されます。内容が同じである限り、再取得しません。

## 確認

- \`civitai-dl verify --deep\` で、ライブラリにある同様のファイルを検出します。

## 対処

取得しないことをお勧めします。信頼できる場合は、\`--allow-flagged\` を指定すると \`quarantine/\` に取得できます。
`,
  },
  "forbidden": {
    en: `# forbidden: this account has no access to the file

This account has no access to the file. A plan requests it again after a week, or at once with the key of another
account or if a target names it (\`civitai-dl download model:ID\`).

## Check

- \`civitai-dl list --state refused\` shows the files that the service refuses.

## Then

Open it on the site once, or use another account's key.
`,
    ja: `# forbidden: 権限なし

このアカウントにはファイルへのアクセス権がありません。1 週間後の計画で再度リクエストします。別のアカウントのキーに替えた場合と、\`civitai-dl download model:ID\` のように個別に指定した場合は、すぐにリクエストします。

## 確認

- \`civitai-dl list --state refused\` で、拒否されたファイルを確認します。

## 対処

サイトで一度ファイルを開くか、別のアカウントのキーを使ってください。
`,
  },
  "gone": {
    en: `# gone: the file was removed from the service

The service has no such creator, model or file: it was removed, or the name is wrong.

## Check

- \`civitai-dl search NAME\` shows what the service has under a name.
- \`civitai-dl list --json\` has \`removed on Civitai\` and the date as \`reason\` of the files of a removed model.
- \`civitai-dl list --state refused\` shows the files that were removed before they were fetched.

## Then

Check the name on the site; what was removed cannot be fetched again: keep the copy in the library. A file that is still
listed and that the library never had is requested again after a week, since each request costs one of the account's
downloads; \`civitai-dl download model:ID\` requests it at once.

\`update\` says once "Removed on Civitai, kept" for a model of the library, ends with 0, and asks for the model no more;
if it is listed again, \`update\` fetches its new versions as before. A model or creator that the library does not know is
an error with exit code 1: check the spelling.
`,
    ja: `# gone: 削除済み

クリエイター、モデル、またはファイルが Civitai にありません。削除されたか、名前が間違っています。

## 確認

- \`civitai-dl search NAME\` で、その名前のものが Civitai にあるかを確認します。
- 削除されたモデルのファイルは、\`civitai-dl list --json\` の \`reason\` に \`removed on Civitai\` と日付が入ります。
- 取得する前に削除されたファイルは、\`civitai-dl list --state refused\` で確認できます。

## 対処

サイトで名前を確認してください。削除されたものは再取得できないため、ライブラリにあるファイルは削除せずに保管してください。一覧には載っているのに一度も取得できていないファイルは、1 週間後に再度リクエストします（リクエストのたびにアカウントのダウンロード枠を 1 つ使うため）。\`civitai-dl download model:ID\` とすると、すぐにリクエストします。

ライブラリにあるモデルの場合、\`update\` は一度だけ「Removed on Civitai, kept」と表示し、終了コード 0 で終わります。以後、そのモデルについては問い合わせません。再び公開されると、\`update\` は以前と同じように新しいバージョンを取得します。ライブラリにないモデルやクリエイターの場合はエラー（終了コード 1）になるため、綴りを確認してください。
`,
  },
  "health-check-failing": {
    en: `# A check fails

The monitor runs the checks of \`civitai-dl doctor\` every ten minutes, and one of them has failed twice in a row. The
alert names the check and says what it found. While it fails, the check is repeated every half minute. The alert
resolves when the check is good again, or with the second round that cannot judge it.

## Check

- \`civitai-dl doctor\` says what is wrong and which command comes next; \`civitai-dl doctor --only catalog\` shows one
  check.
- \`civitai-dl status\` and the live page show since when it fails.

## Then

- Follow what \`doctor\` says; each problem that it names has a page of its own.
- The check is good by hand, and the alert goes on: the monitor runs as another user, or in another folder, with another
  configuration. Run \`doctor\` as that user and there.
- The check cannot be good on this machine: silence the alert with
  \`civitai-dl alerts silence add alertname=HealthCheckFailing check=CHECK --for 30d\`.

[The monitor](../monitor.md#the-checks-of-doctor) says which checks it runs.
`,
    ja: `# 診断項目の失敗

モニターは \`civitai-dl doctor\` の項目を 10 分ごとに確認します。そのうちの 1 つが 2 回続けて失敗しました。アラートには、項目の名前と見つかった内容が入っています。失敗している項目は、30 秒ごとに確認します。問題がなくなるか、2 回続けて判定できなかったときに、アラートは解消します。

## 確認

- \`civitai-dl doctor\` で、何が起きているかと次に実行するコマンドを確認します。\`civitai-dl doctor --only catalog\` のように指定すると、1 つの項目だけを確認できます。
- いつから失敗しているかは、\`civitai-dl status\` とライブページに表示されます。

## 対処

- \`doctor\` の指示に従ってください。表示された問題には、それぞれのページがあります。
- 手動で実行すると問題がないのにアラートが続く場合は、モニターが別のユーザー、別のフォルダー、または別の設定で動いています。同じユーザー、同じフォルダーで \`doctor\` を実行してください。
- このマシンでは解消できない場合は、\`civitai-dl alerts silence add alertname=HealthCheckFailing check=CHECK --for 30d\` で通知を止めてください。

モニターが確認する項目については、[モニター](../monitor.md#doctor-の項目の確認)を参照してください。
`,
  },
  "held-by-hand": {
    en: `# held-by-hand: the mode is held by hand

Somebody holds the mode of the engine by hand (\`civitai-dl failsafe hold\`), so it does not get faster or slower by
itself. A pause that is held stops every download.

## Check

- \`civitai-dl failsafe\` shows the mode, since when it is held, and until when.

## Then

Release it when it is no longer needed: \`civitai-dl failsafe hold --release\`. The engine continues with the mode that it
had before.
`,
    ja: `# held-by-hand: モードの手動固定

エンジンのモードが手動で固定されているため（\`civitai-dl failsafe hold\`）、自動では変わりません。\`paused\` で固定されている間は、何もダウンロードしません。

## 確認

- \`civitai-dl failsafe\` で、固定されているモード、固定した時刻、解除予定の時刻を確認します。

## 対処

不要になったら \`civitai-dl failsafe hold --release\` で解除してください。固定する前のモードから続行します。
`,
  },
  "high-disk-usage": {
    en: `# High disk usage

The disk of the library is more than 90 % full. Downloads stop automatically when less than \`--reserve\` (1 GiB) is free.

## Check

- \`civitai-dl doctor --only disk\` shows the free space, and the command that lists what is large.
- \`civitai-dl list\` shows totals. \`corrupted/\` in the library has files that arrived damaged three times or were found
  damaged, and can be deleted.

## Then

- Fetch less: \`--latest-only\`, \`--size pruned\`, \`--no-images\`.
- Move the library to a larger disk: stop all runs, move the folder, and name the new one with \`--output\`.
`,
    ja: `# ディスク使用率の上昇

ライブラリのディスクの使用率が 90 % を超えています。空き容量が \`--reserve\`（既定値 1 GiB）を下回ると、ダウンロードは自動的に停止します。

## 確認

- \`civitai-dl doctor --only disk\` で、空き容量と、容量の大きいファイルを調べるコマンドを確認します。
- \`civitai-dl list\` で合計サイズを確認します。ライブラリの \`corrupted/\` にあるのは、3 回続けて破損して届いたファイルか、検証で破損が見つかったファイルです。削除しても問題ありません。

## 対処

- 取得するファイルを減らします（\`--latest-only\`、\`--size pruned\`、\`--no-images\`）。
- より大きなディスクに移します。実行中の処理をすべて停止してフォルダーを移動し、移動先を \`--output\` で指定してください。
`,
  },
  "high-error-rate": {
    en: `# High error rate

More than 5 % of the downloads of the last five minutes failed, out of twenty or more. Downloads that were refused for a
good reason, such as early access or a removed model, do not count.

## Check

- \`civitai-dl analyze-errors\` groups the failures by message, host and class, and names the page for each.
- \`civitai-dl doctor\` says whether the service, the key, the disk and the network are in order.
- \`civitai-dl list --state failed\` shows the files.

## Then

- One host, class [server](server.md) or [connection](connection.md): the host has problems. The engine slows down and
  continues by itself; wait.
- Class [login](login.md) or [forbidden](forbidden.md): create a new API key and set \`CIVITAI_API_KEY\`.
- Class [integrity](integrity.md): damaged bytes arrived. The usual cause is a proxy or a cache in between; bypass it.
- Run \`civitai-dl download\` to fetch what failed.
`,
    ja: `# エラー率の上昇

直近 5 分間のダウンロード（20 件以上）のうち、5 % を超える件数が失敗しました。アーリーアクセスや削除済みのモデルなど、正当な理由で取得できなかったものは含みません。

## 確認

- \`civitai-dl analyze-errors\` で、失敗をメッセージ・ホスト・分類ごとにまとめ、対応するページを確認します。
- \`civitai-dl doctor\` で、サービス・キー・ディスク・ネットワークの状態を確認します。
- \`civitai-dl list --state failed\` で、該当するファイルを確認します。

## 対処

- 1 つのホストで [server](server.md) か [connection](connection.md) が発生している場合は、ホスト側の障害です。速度を落として自動的に続行するので、そのままお待ちください。
- [login](login.md) か [forbidden](forbidden.md) の場合は、API キーを作り直して \`CIVITAI_API_KEY\` に設定してください。
- [integrity](integrity.md) の場合は、データが破損して届いています。主な原因は途中のプロキシやキャッシュです。経由しない設定にしてください。
- \`civitai-dl download\` を実行すると、失敗したファイルを取得し直します。
`,
  },
  "high-memory-usage": {
    en: `# High memory usage

A process of this program uses more than 2048 MiB, or the limit in your \`config/alerts.yml\`. It normally needs about 150
MiB.

## Check

- \`civitai-dl doctor --only memory\` shows the memory of the running process.
- \`civitai-dl memory-test\` repeats downloads on the built-in sandbox, and says whether memory is lost and what holds it.

## Then

- It is below 150 MiB: the limit in \`config/alerts.yml\` is too low; raise it there.
- Its memory grows steadily: stop it with Ctrl-C and start it again. Nothing is lost. Report it with the output of
  \`civitai-dl memory-test\` and the file of \`civitai-dl debug-info\`.
- Its memory is constant: several thousand planned items at once need more; raise the limit in \`config/alerts.yml\`,
  which \`doctor\` reads as well.

[transcripts.md](transcripts.md#a-memory-leak) shows it in a real run.
`,
    ja: `# メモリ使用量の上昇

このプログラムのプロセスが、2048 MiB、または \`config/alerts.yml\` の上限を超えるメモリを使っています。通常は 150 MiB 程度です。

## 確認

- \`civitai-dl doctor --only memory\` で、実行中のプロセスのメモリ使用量を確認します。
- \`civitai-dl memory-test\` は、内蔵のサンドボックスでダウンロードを繰り返し、メモリリークの有無と、メモリを保持しているオブジェクトを調べます。

## 対処

- 150 MiB 以下の場合は、上限が通常の使用量より低く設定されています。\`config/alerts.yml\` の上限を引き上げてください。
- 使用量が増え続ける場合は、Ctrl-C で停止してから起動し直してください。データは失われません。\`civitai-dl memory-test\` の結果と \`civitai-dl debug-info\` のファイルを添えて報告してください。
- 使用量が一定の場合は、数千件を一度に計画したことが原因です。\`config/alerts.yml\` の上限を引き上げてください。\`doctor\` も同じ上限を使います。

実行例は、[10 件の実行記録](transcripts.md#メモリリーク)にあります。
`,
  },
  "high-timeout-rate": {
    en: `# High timeout rate

More than 1 % of the downloads of the last five minutes timed out, out of twenty or more. This is critical because a
network that is too slow makes everything else fail too.

## Check

- \`civitai-dl analyze-errors --log-file logs/timeouts.log\` counts the timeouts by host and phase.
- \`civitai-dl doctor\` measures the network. Other programs may fill it.

## Then

- One host only: it is overloaded. Lower \`--max-connections\`, or wait.
- All hosts: the network is full or down. \`--limit-rate\` leaves room for others.
- The limits are too tight for this network: \`civitai-dl tune-timeouts --adaptive\` computes better ones, and \`--apply\`
  writes them.
- Downloads resume where they stopped; nothing else is needed.
`,
    ja: `# タイムアウト率の上昇

直近 5 分間のダウンロード（20 件以上）のうち、1 % を超える件数がタイムアウトしました。ネットワークが遅すぎると、ほかの処理もすべて失敗するおそれがあるため、重大度を「重大」（critical）にしています。

## 確認

- \`civitai-dl analyze-errors --log-file logs/timeouts.log\` で、ホストと段階ごとのタイムアウト数を確認します。
- \`civitai-dl doctor\` で、ネットワークの状態を測定します。ほかのプログラムが帯域を使っていることもあります。

## 対処

- 1 つのホストだけの場合は、ホストが過負荷です。\`--max-connections\` の値を小さくするか、お待ちください。
- すべてのホストの場合は、回線が混雑しているか、切断されています。\`--limit-rate\` を指定すると、ほかの通信のために帯域を空けられます。
- 制限時間がこのネットワークに対して短すぎる場合は、\`civitai-dl tune-timeouts --adaptive\` で適切な値を求められます。\`--apply\` を付けると設定に書き込みます。
- ダウンロードは停止した位置から再開します。ほかの操作は不要です。
`,
  },
  "hung": {
    en: `# hung: another run holds the library and makes no progress

Only one run works on a library. The process that holds it lives, but has given no sign of life for 15 seconds or more.

## Check

- \`civitai-dl doctor --only instance\` shows its process ID (PID), since when it runs, and how long it has been silent.

## Then

- It was suspended (Ctrl-Z, or the machine slept): \`kill -CONT PID\` lets it continue.
- It stays silent: \`kill -INT PID\`, and after ten seconds \`kill -KILL PID\`. Nothing is lost: the next run resumes.
- It happens again: run \`civitai-dl debug-info --output debug.zip\` while it hangs, and report it with the file.

[transcripts.md](transcripts.md#a-process-that-hangs) shows it in a real run.
`,
    ja: `# hung: ライブラリを使用中のプロセスが応答しない

1 つのライブラリを同時に処理できるのは 1 つの実行だけです。ライブラリを使用中のプロセスは存在しますが、15 秒以上応答していません。

## 確認

- \`civitai-dl doctor --only instance\` で、プロセス ID（PID）、開始時刻、応答していない時間を確認します。

## 対処

- 一時停止していた場合（Ctrl-Z やスリープ）は、\`kill -CONT PID\` で再開できます。
- 応答しないままの場合は、\`kill -INT PID\` で停止し、10 秒待っても終了しない場合は \`kill -KILL PID\` で強制終了してください。データは失われず、次の実行で続きから再開します。
- 繰り返し発生する場合は、停止している間に \`civitai-dl debug-info --output debug.zip\` を実行し、作成されたファイルを添えて報告してください。

実行例は、[10 件の実行記録](transcripts.md#応答しないプロセス)にあります。
`,
  },
  "integrity": {
    en: `# integrity: the bytes did not match the published hash in three attempts

The bytes did not match the published hash in three attempts. The SHA-256 differs from the one that the API publishes.
Creators replace files, so the program asked the API for the hash again before it put the file aside.

## Check

- A \`download\` found it: run the same \`download\` again.
- \`civitai-dl verify --deep\` says which files of the library are damaged; \`civitai-dl repair\` fetches only those again.
- All files of one network are damaged: a proxy or a cache in between changes them. Bypass it.

## Then

They are kept in corrupted/; if the creator replaced the file, a later run fetches the new one. \`civitai-dl update\` does
so as soon as Civitai publishes its hash; the old file of the library stays under its name until then.

A damaged file stays under its name too, until the whole one is verified. Then \`repair\` and \`update\` move it to
corrupted/ and name it. \`verify\` ends with 7 until the right file is there, even if an attempt to fetch it failed or
Civitai no longer has it.
`,
    ja: `# integrity: データ破損

3 回の試行すべてで、データの SHA-256 が API の公開値と一致しませんでした。クリエイターがファイルを差し替えることもあるため、退避する前に公開値を取得し直して確認しています。

## 確認

- ダウンロード中に見つかった場合は、同じ \`download\` をもう一度実行します。
- ライブラリのファイルは \`civitai-dl verify --deep\` で確認し、破損していれば \`civitai-dl repair\` で再取得します。
- 同じネットワークで取得したファイルがすべて破損する場合は、途中のプロキシやキャッシュが内容を変えています。プロキシやキャッシュを経由しないように設定してください。

## 対処

データは \`corrupted/\` に保存されています。クリエイターがファイルを差し替えた場合は、後の実行で新しいファイルを取得します（Civitai が新しいハッシュを公開した後の \`civitai-dl update\`）。それまで、ライブラリの古いファイルは元の名前のまま残ります。

破損したファイルも、正しいファイルの検証が済むまで元の名前のまま残ります。その後、\`repair\` と \`update\` が \`corrupted/\` に移し、名前を示します。正しいファイルがそろうまで、\`verify\` は終了コード 7 で終わります。取得に失敗した場合も、Civitai から削除された場合も同じです。
`,
  },
  "key-rejected": {
    en: `# key-rejected: the API key is rejected

The service refused the API key: it is wrong, was deleted on the site, or its account is banned. A run stops at its
first request, or after three refused downloads in a row, with exit code 5; what is left stays planned. The alert says
where the key came from. It is over after the next run whose key works.

## Check

- \`civitai-dl doctor --only key\` says which key is used now, and whether the service accepts it.

## Then

- Create a new key at https://civitai.com/user/account, and put it in the place that the alert names. A key in another
  place may never be read: \`--token\` comes before \`--token-file\`, then \`CIVITAI_API_KEY\`, \`civitai-dl.yml\`,
  \`api_key.md\`.
- Run the same command again; it continues.
`,
    ja: `# key-rejected: API キーの拒否

サービスが API キーを拒否しました。キーが誤っているか、サイトで削除されたか、アカウントが停止されています。実行は、最初のリクエストか、ダウンロードが 3 件続けて断られた時点で、終了コード 5 で終わります。残りは計画に残ります。キーの取得元はアラートに書いてあります。有効なキーでの実行が正常に終わると、アラートは解消します。

## 確認

- \`civitai-dl doctor --only key\` で、現在使われるキーと、サービスが受け付けるかどうかを確認します。

## 対処

- https://civitai.com/user/account で新しいキーを作成し、アラートに書かれた場所のキーを置き換えます。別の場所に書いたキーは読まれないことがあります。優先順位は、\`--token\`、\`--token-file\`、\`CIVITAI_API_KEY\`、\`civitai-dl.yml\`、\`api_key.md\` の順です。
- 同じコマンドをもう一度実行します。続きから再開します。
`,
  },
  "library-missing": {
    en: `# library-missing: the library is gone

There was a library here, and now there is none: its disk is not mounted, or the folder was moved, renamed or deleted.
Every command that works on the library refuses the place with exit code 4, so that nothing fills the disk below the
mount point. A run that was under way has stopped. While a monitor runs, the alert LibraryMissing fires, \`/healthz\`
answers 503, and the page says since when.

## Check

- \`findmnt -T FOLDER\` names the disk that the folder is on now; \`ls -la FOLDER\` shows what is there.
- \`dmesg | tail -n 50\` shows a disk that failed or was unplugged; for a network share, check that its server answers.

## Then

- Mount the disk: \`mount FOLDER\`. The monitor notices it within a second and goes on; run the last command again.
- If you moved the library, name its new folder with \`--output\` or \`--library\`: it is still the same library.
- If you deleted or replaced it on purpose, run \`civitai-dl download --forget-library\`; \`update\`, \`verify\` and \`repair\`
  take the flag as well, and commands that only look refuse it. A running monitor notices it within a second and goes
  on. Files without a library are taken over by \`civitai-dl verify --rebuild\`.
- So that a job waits for its disk: \`RequiresMountsFor=\` in its unit ([nas.md](../guide/nas.md)).
`,
    ja: `# library-missing: ライブラリの消失

以前あったライブラリが見つかりません。ディスクがマウントされていないか、フォルダーが移動、改名、または削除されています。マウントポイントの下のディスクに書き込まないよう、ライブラリを扱うコマンドはすべて終了コード 4 で拒否します。実行中だった処理は停止しています。モニターの動作中は、アラート LibraryMissing が発報し、\`/healthz\` は 503 を返し、ページに、いつから見つからないかを表示します。

## 確認

- \`findmnt -T FOLDER\` で、フォルダーが現在どのディスクにあるかを確認します。\`ls -la FOLDER\` で中身を確認します。
- \`dmesg | tail -n 50\` で、ディスクの故障や取り外しがないかを確認します。ネットワーク共有の場合は、サーバーが応答するかを確認します。

## 対処

- ディスクをマウントします（\`mount FOLDER\`）。モニターは 1 秒以内に検出し、自動的に再開します。最後のコマンドは、もう一度実行してください。
- ライブラリを移動した場合は、移動先のフォルダーを \`--output\` または \`--library\` で指定します。同じライブラリとして使えます。
- 意図して削除または入れ替えた場合は、\`civitai-dl download --forget-library\` を実行します。\`update\`、\`verify\`、\`repair\` にも指定できます。表示するだけのコマンドには指定できません。動作中のモニターは 1 秒以内に検出し、監視を続けます。ライブラリのないファイルは、\`civitai-dl verify --rebuild\` で取り込めます。
- ジョブにディスクのマウントを待たせるには、ユニットに \`RequiresMountsFor=\` を書きます（[nas.md](../guide/nas.md)）。
`,
  },
  "login": {
    en: `# login: the API key is missing or wrong

The service wants an API key, or another one: every download needs one. A key that worked before may have been deleted
on the site. A wrong key ends a run at its first request, with exit code 5. A key that is deleted during a run ends it
after three refused downloads in a row at the latest; what is left stays planned. A single refused file is reported as
\`login\` and the run continues.

## Check

- \`civitai-dl doctor --only key\` says whether there is a key, and whether the service accepts it.

## Then

Create a new API key on the site (https://civitai.com/user/account), and pass it with \`CIVITAI_API_KEY\`, \`--token-file\`
or \`api_key.md\`. Then run the same command again: it continues.

[transcripts.md](transcripts.md#a-wrong-key) shows it in a real run.
`,
    ja: `# login: ログインが必要

API キーが設定されていないか、無効です。ダウンロードには必ずキーが必要です。サイトで削除したキーは使えなくなります。無効なキーの場合、最初のリクエストの後に終了コード 5 で終わります。実行中にキーが削除されると、遅くとも 3 件続けてダウンロードを断られた時点で実行を終え、残りは計画に残します。断られたファイルが 1 つだけなら、\`login\` として報告し、実行を続けます。

## 確認

- \`civitai-dl doctor --only key\` で、キーが設定されているかどうかと、サービスが受け付けるかどうかを確認します。

## 対処

サイト（https://civitai.com/user/account）で API キーを作り直し、\`CIVITAI_API_KEY\`、\`--token-file\`、\`api_key.md\` のいずれかで渡してください。同じコマンドをもう一度実行すると、続きから再開します。

実行例は、[10 件の実行記録](transcripts.md#api-キーの誤り)にあります。
`,
  },
  "newer-state": {
    en: `# newer-state: a newer program wrote the state

A later version of the program has worked on this library, and this one cannot read what it wrote. Nothing is changed
and nothing is moved aside.

## Check

- \`civitai-dl doctor --only versions,state\` names what the later version wrote.
- \`civitai-dl self-update --check\` says which version is the newest.

## Then

Use that version, or a later one; this one changes nothing here. Two installations that work on the same library, such
as a container and a package, need the same version.
`,
    ja: `# newer-state: より新しいバージョンが書いた状態ファイル

このライブラリは新しいバージョンのプログラムで処理されており、このバージョンでは読み取れません。何も変更せず、ファイルを退避することもありません。

## 確認

- \`civitai-dl doctor --only versions,state\` で、新しいバージョンが書き込んだものを確認します。
- \`civitai-dl self-update --check\` で、最新のバージョンを確認します。

## 対処

そのバージョン以降を使ってください。このバージョンは何も変更しません。コンテナとパッケージのように、2 つのインストールが同じライブラリを使う場合は、バージョンをそろえてください。
`,
  },
  "no-progress": {
    en: `# no-progress: nothing arrives

Files wait for bytes, and none has arrived for a minute or longer. Other alerts count downloads that have ended, so they
say nothing while a storage accepts requests and does not answer.

The time counts from the last byte of any file, while at least one file waits for its link, a connection, a response,
the rest of its body, or its next attempt. It does not count while you are asked about the plan, while what has arrived
is checked, during a wait that the server asked for (\`Retry-After\`), while a host is blocked by
\`civitai-dl failsafe trip\`, or when the run is paused.

## Check

- \`civitai-dl failsafe\` shows the mode and the breakers: a host that refuses or breaks connections has an open breaker.
- \`civitai-dl analyze-errors --log-file logs/timeouts.log\` counts the timeouts by host and phase.
- \`civitai-dl doctor\` asks the API and a storage, and names the host that is silent.

## Then

- Nothing, at first: the run tries again for \`--patience\` (5 min), with fewer connections: at least every half minute if
  the host has answered in this run, otherwise at least every two minutes. It returns to its mode ten seconds after
  bytes arrive again, and the alert resolves within a minute.
- All hosts are silent: the network or a proxy is down. Other programs on this machine show the same.
- One host only, while others send bytes: its operator has to mend it. A file fails after \`--patience\`, and the next
  pass of the run tries it again if the host has sent bytes since.
- The run has ended with exit 6: no byte arrived for \`--patience\`, so it paused, whether the host answers other requests
  or not. A run with \`--engine\`, \`--force-sync-mode\` or a held mode does not pause; it ends when at least eight files
  have failed one after another, about a quarter of an hour after the last byte with the defaults. The alert goes on,
  and \`RunFailed\` is not sent beside it. While \`civitai-dl failsafe\` says \`paused\`, a run ends at once with exit 6: wait
  until the time that it names, or end the pause with \`civitai-dl failsafe reset\`. Then run the same command again: it
  continues, and the alert resolves with the first bytes. If that run is silent too, nobody is told a second time.
  Ctrl-C ends the alert as well.
- Silent again soon after each return: the storage cannot handle the connections.
  \`civitai-dl failsafe hold stable --for 4h\` keeps one.
`,
    ja: `# no-progress: 受信の停止

取得待ちのファイルがあるのに、1 分以上データを受信していません。ほかのアラートは終了したダウンロードを数えるため、ストレージがリクエストを受け付けたまま応答しない間は発報しません。

経過時間は、いずれかのファイルのデータを最後に受信した時点から数えます。数えるのは、リンク、接続、応答、本文の続き、次の試行のいずれかを待っているファイルがある間だけです。計画の確認を求めている間、受信済みのデータを検証している間、サーバーが指定した待ち時間（\`Retry-After\`）、\`civitai-dl failsafe trip\` でホストを遮断している間、一時停止中は数えません。

## 確認

- \`civitai-dl failsafe\` で、モードとブレーカーを確認します。接続を拒否または切断するホストでは、ブレーカーが開いています。
- \`civitai-dl analyze-errors --log-file logs/timeouts.log\` で、ホストと段階ごとのタイムアウト数を確認します。
- \`civitai-dl doctor\` で、API とストレージの応答を確認し、応答しないホストを特定します。

## 対処

- まずはお待ちください。接続数を減らしながら、\`--patience\`（5 分）の間は再試行を続けます。間隔は、その実行で応答したことのあるホストなら 30 秒以内、それ以外は 2 分以内です。受信が再開すると 10 秒後に元のモードへ戻り、アラートは 1 分以内に解消します。
- すべてのホストから受信できない場合は、ネットワークまたはプロキシの障害です。同じマシンのほかのプログラムでも確認してください。
- ほかのホストからは受信でき、1 つのホストだけから受信できない場合は、そのホストの復旧を待つ必要があります。ファイルは \`--patience\` を過ぎると失敗となりますが、その後にそのホストから受信できていれば、同じ実行の中でもう一度試行します。
- 実行が終了コード 6 で終わっている場合は、\`--patience\` の間何も受信できなかったため、一時停止しています。ホストがほかのリクエストに応答するかどうかは関係ありません。\`--engine\`、\`--force-sync-mode\`、モードの固定を使った実行は一時停止せず、8 件以上のファイルが続けて失敗した時点で終わります。既定値では、最後の受信からおよそ 15 分後です。アラートは続き、\`RunFailed\` は別に通知されません。\`civitai-dl failsafe\` でモードが \`paused\` と表示される間は、実行してもすぐに終了コード 6 で終わります。表示された時刻まで待つか、\`civitai-dl failsafe reset\` で解除してください。その後、同じコマンドをもう一度実行すると続きから再開し、受信が始まるとアラートは解消します。その実行でも受信できない場合、改めて通知されることはありません。Ctrl-C で停止した場合も、アラートは解消します。
- 復帰するたびに受信が止まる場合は、ストレージが接続数に耐えられません。\`civitai-dl failsafe hold stable --for 4h\` で接続を 1 本にできます。
`,
  },
  "no-success": {
    en: `# no-success: no run has succeeded for long

The nightly job has not succeeded for two days, whether it failed every night or did not run at all. A library has a
nightly job once \`download\` or \`update\` ran on two nights without a terminal, as from a timer; a library without one
never causes this alert. A run that ends with 0 or 3, by the timer or by hand, clears it.

## Check

- Does the timer run? \`systemctl list-timers 'civitai-dl*'\`, and \`journalctl -u civitai-dl-nightly\` for the service
  (\`civitai-dl-update\` if it came with the Debian package).
- Did the job fail? The last line of \`logs/download.log\` says why; see [run failed](run-failed.md).

## Then

- Mend what the line names, and start the job once by hand: \`systemctl start civitai-dl-nightly\` (Debian package:
  \`civitai-dl-update\`).
- If you have given up the job, silence the alert: \`civitai-dl alerts silence add alertname=NoSuccessFor48h --for 30d\`.
`,
    ja: `# no-success: 長期間の未成功

夜間のジョブが 2 日間、一度も成功していません。毎晩失敗した場合も、まったく実行されなかった場合も含みます。端末なしの \`download\` か \`update\` が（タイマーなどから）二晩実行されると、夜間のジョブがあるとみなします。夜間のジョブがないライブラリでは、このアラートは発報しません。タイマーでも手動でも、終了コード 0 か 3 で終わる実行があれば解消します。

## 確認

- タイマーが動いているかどうかを、\`systemctl list-timers 'civitai-dl*'\` と \`journalctl -u civitai-dl-nightly\` で確認します（Debian パッケージでは、サービス名は \`civitai-dl-update\` です）。
- ジョブが失敗していれば、\`logs/download.log\` の最後の行に理由があります。[実行の失敗](run-failed.md)も参照してください。

## 対処

- 行に書かれた原因を取り除き、ジョブを一度手動で起動します（\`systemctl start civitai-dl-nightly\`、Debian パッケージでは \`systemctl start civitai-dl-update\`）。
- ジョブをやめた場合は、\`civitai-dl alerts silence add alertname=NoSuccessFor48h --for 30d\` で通知を止めます。
`,
  },
  "pagecap": {
    en: `# pagecap: a listing was requested beyond the page limit of the service

A listing was requested beyond the page limit of the service. Request less: a creator, a model, or a smaller search.

## Check

- \`civitai-dl doctor --open LINE\` writes the text of a report.

## Then

This is a bug in the program: report it, with the line.
`,
    ja: `# pagecap: 一覧の上限超過

サービスが返せる範囲を超えて一覧を要求しました。範囲を絞って要求してください（クリエイター、モデル、条件を絞った検索など）。

## 確認

- \`civitai-dl doctor --open LINE\` で、報告用の文面を作成します。

## 対処

プログラムのバグです。該当するログの行を添えて報告してください。
`,
  },
  "quota": {
    en: `# quota: the account's quota of 24 hours is used up

The account's quota of 24 hours is used up. Valid links are kept between runs, so unfinished files need no new link.

## Check

- \`civitai-dl doctor --only quota\` shows how many links were requested in the last 24 hours.

## Then

Run again later; \`--quota\` stops a run before that. If it was the limit of \`--quota\` that stopped the run, a higher one
lets it go on.

[transcripts.md](transcripts.md#a-quota-that-is-used-up) shows it in a real run.
`,
    ja: `# quota: 利用枠の超過

アカウントの 24 時間の利用枠を使い切りました。有効なリンクは次の実行まで保存されるため、取得途中のファイルに新しいリンクは必要ありません。

## 確認

- \`civitai-dl doctor --only quota\` で、直近 24 時間に要求したリンクの数を確認します。

## 対処

時間をおいて再実行してください。\`--quota\` を指定すると、使い切る前に停止します。\`--quota\` の上限で停止した場合は、より大きな値を指定すると続行できます。

実行例は、[10 件の実行記録](transcripts.md#利用枠の超過)にあります。
`,
  },
  "refused-host": {
    en: `# refused-host: a redirect to a host that is not trusted

The service redirects to a host that is not trusted, or to an address of a private network. Signed links lead to a few
known storage hosts. A new host needs \`--allow-host\`, and with \`deno task\` also an entry in the permission set \`library\`
of \`deno.json\`.

Addresses of this machine and of private networks, \`http:\`, \`data:\` and the like are refused even with \`--allow-host\`,
and so is a host name that resolves to such an address. Behind a proxy the proxy resolves names, so only the name is
checked.

## Check

- The message names the host. \`civitai-dl analyze-errors\` lists all refused hosts.

## Then

Give \`--allow-host HOST\` for a public host that you trust; report any other address to Civitai.
\`civitai-dl download --allow-host HOST\` allows it for one run.
`,
    ja: `# refused-host: 未許可のホスト

許可されていないホスト、またはプライベートネットワークのアドレスにリダイレクトされました。署名付きリンクの転送先は、既知のストレージのホストに限られます。新しいホストを使うには \`--allow-host\` が必要です。\`deno task\` で実行する場合は、\`deno.json\` の権限セット \`library\` にも追加してください。

このマシンやプライベートネットワークのアドレス、\`http:\` や \`data:\` などは、\`--allow-host\` を指定しても拒否します。そのようなアドレスに解決されるホスト名も同様です。プロキシ経由では名前解決をプロキシが行うため、名前だけを確認します。

## 確認

- ホスト名はメッセージに表示されます。\`civitai-dl analyze-errors\` で、拒否されたホストの一覧を確認できます。

## 対処

信頼できる公開ホストであれば \`--allow-host HOST\` で許可してください。それ以外のアドレスの場合は Civitai に報告してください。\`civitai-dl download --allow-host HOST\` とすると、その実行だけ許可します。
`,
  },
  "region": {
    en: `# region: the service does not serve this country

The service does not serve this country. A plan requests the file again after a week, or at once if a target names it
(\`civitai-dl download model:ID\`), from wherever the machine is then.

## Check

- \`civitai-dl list --state refused\` shows all of them.

## Then

Nothing from here: Civitai does not serve this country.
`,
    ja: `# region: 地域制限

この国ではサービスが提供されていません。1 週間後の計画で、その時点のネットワークから再度リクエストします。\`civitai-dl download model:ID\` のように個別に指定すると、すぐにリクエストします。

## 確認

- \`civitai-dl list --state refused\` で、該当するファイルを確認します。

## 対処

この国から取得する方法はありません。
`,
  },
  "rejected": {
    en: `# rejected: the service rejects the request, and would reject it again

The service rejects the request, and would reject it again.

## Check

- \`civitai-dl doctor LINE\` explains the line; with \`--open\` it writes the text of a report.

## Then

Check what was requested; report it with the line if it keeps happening.
`,
    ja: `# rejected: リクエスト拒否

サービスがリクエストそのものを受け付けませんでした。再試行しても結果は同じです。

## 確認

- \`civitai-dl doctor LINE\` で行の意味を確認します。\`--open\` を付けると、報告用の文面を作成します。

## 対処

指定した内容を確認してください。続く場合は該当するログの行を添えて報告してください。
`,
  },
  "reserve-reached": {
    en: `# reserve-reached: the disk has reached its reserve

The disk has no room above the reserve that downloads keep free (\`--reserve\`, 1 GiB). Files that do not fit are left
out, smaller ones may still fit, and the run ends with exit code 4. What is left stays planned.

## Check

- \`civitai-dl status\` and the live page say how many files are left, their size, and how much more space all of them
  need; the hint of the last line of \`logs/download.log\` says how much was missing when the run ended.
- Another program may have filled the disk: \`civitai-dl doctor --only disk\` shows the command that lists what is large.

## Then

- Free some space, or move the library to a larger disk: stop all runs, move the folder, and name the new one with
  \`--output\`. A lower \`--reserve\` gives the difference at once.
- Run the same command again; it continues. The alert is over when there is room.
`,
    ja: `# reserve-reached: 予備の容量への到達

ダウンロードが空けておく予備の容量（\`--reserve\`、既定値 1 GiB）を除くと、ディスクに空きがありません。入らないファイルは取得せず、小さいファイルだけを取得して、終了コード 4 で終わります。残りは計画に残ります。

## 確認

- 残りの件数とサイズ、すべてを取得するためにあとどれだけ空きが必要かは、\`civitai-dl status\` とライブページに表示されます。実行が終わった時点で不足していた容量は、\`logs/download.log\` の最後の行のヒントにもあります。
- ほかのプログラムがディスクを使っていることもあります。\`civitai-dl doctor --only disk\` は、容量の大きいファイルを調べるコマンドを表示します。

## 対処

- 空き容量を増やすか、より大きなディスクに移します。実行中の処理をすべて停止してフォルダーを移動し、移動先を \`--output\` で指定してください。\`--reserve\` を小さくすると、その差の分だけすぐに取得を続けられます。
- 同じコマンドをもう一度実行します。続きから再開します。空きができるとアラートは解消します。
`,
  },
  "rollout-stopped": {
    en: `# Rollout stopped

The judge aborted the rollout of an engine, or a person did: the stable engine fetches everything, more slowly, until
somebody decides. Or its measurements failed, and it keeps its share. No file is lost; [rollout.md](../rollout.md) has
the rules. The alert fires for as long as this lasts.

## Check

- \`civitai-dl rollout status\` says why, with the figures of both arms. \`state/rollout.jsonl\` in the library's
  \`.civitai-dl\` has each transition.

## Then

- After a fix, \`civitai-dl rollout retry\` begins again at the first share; \`civitai-dl rollout end\` forgets the rollout,
  and downloads use the engine of their settings again. Both end the alert.
- Paused because measurements fail: \`civitai-dl rollout resume\` goes on.
`,
    ja: `# 段階的ロールアウトの停止

新しいエンジンの段階的ロールアウトが、自動判定または手動操作で中止されたか、測定の失敗により一時停止しています。中止された場合は、対処するまで、すべてのファイルを \`stable\` エンジンで取得するため、ダウンロードは遅くなります。一時停止の場合は、割合が変わりません。失われるファイルはありません。詳しい規則は [rollout.md](../rollout.md) にあります。この状態が続いている間、アラートは発報し続けます。

## 確認

- \`civitai-dl rollout status\` で、理由と両方のエンジンの測定値を確認します。状態の変化は、ライブラリの \`.civitai-dl\` にある \`state/rollout.jsonl\` にすべて記録されています。

## 対処

- 修正後に \`civitai-dl rollout retry\` を実行すると、最初の割合からやり直します。\`civitai-dl rollout end\` でロールアウトを取りやめると、設定どおりのエンジンに戻ります。どちらでもアラートは解消します。
- 測定の失敗による一時停止の場合は、\`civitai-dl rollout resume\` で再開します。
`,
  },
  "run-failed": {
    en: `# run-failed: the last run ended badly

The last run did not do its work: it ended with an exit code other than 0 and 3, or it was killed. Which command and
which code, the alert says. A later run of the same kind that ends well clears it: \`download\` or \`update\` for one
another, \`verify\` or \`repair\` for one another. While such a run is under way, the alert stays as it is. A run that gave
up because nothing arrived is told by [NoProgress](no-progress.md) alone.

## Check

- The last line of \`logs/download.log\` has \`type\` \`run-end\`, with the exit code, what is done and left, why it ended and
  what to do. The live page shows the same. The library keeps all runs in \`.civitai-dl/state/runs.jsonl\`.
- \`civitai-dl doctor CODE\` says what an exit code means.
- Killed: the system had too little memory (\`journalctl -k | grep -i oom\`), the machine was switched off, or somebody
  stopped it with SIGKILL. Nothing is lost, the next run goes on where it was.

## Then

- Do what the line says, then run the same command again.
`,
    ja: `# run-failed: 前回の実行の失敗

前回の実行が、0 と 3 以外の終了コードで終わったか、強制終了されました。コマンドと終了コードは、アラートに書いてあります。同じ種類の実行（\`download\` と \`update\`、または \`verify\` と \`repair\`）が正常に終われば、アラートは解消します。その実行の間は、アラートの状態は変わりません。受信できないために終了した実行は、[NoProgress](no-progress.md) だけが通知します。

## 確認

- \`logs/download.log\` の最後にある、\`type\` が \`run-end\` の行を確認します。終了コード、完了した件数と残りの件数、終わった理由、対処方法が書いてあります。ライブページにも同じ内容が表示されます。すべての実行の記録は、ライブラリの \`.civitai-dl/state/runs.jsonl\` にあります。
- 終了コードの意味は、\`civitai-dl doctor CODE\` で調べられます。
- 強制終了された場合は、メモリ不足（\`journalctl -k | grep -i oom\`）、電源断、SIGKILL のいずれかです。取得済みのデータは失われず、次の実行が続きから再開します。

## 対処

- 行に書かれた対処を行い、同じコマンドをもう一度実行します。
`,
  },
  "server": {
    en: `# server: the service answered with an error

The service answered with an error. This usually lasts minutes, rarely hours. The status page of the site says whether
the problem is known.

## Check

- \`civitai-dl failsafe\` shows which hosts get no requests now, and until when.

## Then

Wait until the service has recovered: the failsafe slows down automatically.
`,
    ja: `# server: サーバーエラー

サービスがエラーを返しました。通常は数分、まれに数時間続きます。既知の障害かどうかは、サイトのステータスページで確認できます。

## 確認

- \`civitai-dl failsafe\` で、リクエストを止めているホストと解除予定の時刻を確認します。

## 対処

サービスが回復するまでお待ちください。その間は自動的に速度を落とします。
`,
  },
  "slow": {
    en: `# slow: downloads or checksums take too long

A run is slower than the network and the disk allow.

## Check

- \`civitai-dl failsafe\` compares each host with its usual speed; [slow-host](slow-host.md) says what to do.
- \`civitai-dl doctor --only write,hash\` measures the disk and the speed of SHA-256.
- \`civitai-dl analyze-metrics --timerange 1h\` compares the last hour with the hour before.
- From a checkout, \`deno task profile -- download --sandbox\` records where the time goes, and
  \`deno task analyze-profile FILE\` shows it.

## Then

- The disk is slow: use a local disk for the library, or accept its speed.
- SHA-256 is slow: another program uses the processor, or the machine has no instructions for it. \`--engine parallel\`
  needs less of it at the same time.
- A version became slower: \`civitai-dl rollback\`, then report it with both profiles.

[transcripts.md](transcripts.md#hashing-that-is-too-slow) shows it in a real run.
`,
    ja: `# slow: ダウンロードやハッシュ計算の遅延

ネットワークとディスクの性能に比べて、処理に時間がかかっています。

## 確認

- \`civitai-dl failsafe\` で、各ホストの速度を普段の速度と比較できます。対処は [slow-host](slow-host.md) を参照してください。
- \`civitai-dl doctor --only write,hash\` で、ディスクと SHA-256 の速度を測定します。
- \`civitai-dl analyze-metrics --timerange 1h\` で、直近 1 時間とその前の 1 時間を比較します。
- クローンしたディレクトリでは、\`deno task profile -- download --sandbox\` で処理時間の内訳を記録し、\`deno task analyze-profile FILE\` で確認できます。

## 対処

- ディスクが遅い場合は、ライブラリをローカルディスクに置いてください。
- SHA-256 が遅い場合は、ほかのプログラムが CPU を使っているか、専用の命令がないマシンです。\`--engine parallel\` を指定すると、同時に必要な計算量が減ります。
- 新しいバージョンで遅くなった場合は、\`civitai-dl rollback\` で戻し、両方のプロファイルを添えて報告してください。

実行例は、[10 件の実行記録](transcripts.md#ハッシュ計算の遅延)にあります。
`,
  },
  "slow-host": {
    en: `# slow-host: a host is far slower than usual

The page says "Slow: b2.civitai.com, 1/110 of its usual speed since 02:10": for more than ten seconds, the host has sent
less than a fifth of what it usually sends, or the API takes five times as long as usual to answer. Downloads go on;
nothing is lost. [How it is measured](../metrics.md#the-usual-speed-of-a-host).

## Check

- \`civitai-dl failsafe\` lists the hosts with their speed, what is usual, and the number of connections.
- Are all hosts slow? Then it is your line or this machine: look for another program that uses the network.
- Is it one host? Look at the status page of the site, and at \`civitai-dl doctor --only storage,api\`.

## Then

- One host is slow: nothing. The next run, or this one, is fast again when the host is.
- Your line is busy: stop the other program, or limit it. \`--limit-rate\` does the same for this one.
- The number of connections is low ("1 of 4"): the host refused more. It rises by one every five seconds once the host
  accepts them, and within a minute at most.
- The host stays slow, such as with a new line: after a week the new speed is the usual one.
`,
    ja: `# slow-host: ホストの速度低下

ライブページに「b2.civitai.com が遅くなっています（普段の 1/110、02:10 から）」のように表示されます。10 秒以上、ホストの転送速度が普段の 5 分の 1 を下回っているか、API の応答に普段の 5 倍以上の時間がかかっている状態です。ダウンロードは続き、失われるものはありません。測定方法は[ホストの普段の速度](../metrics.md#ホストの普段の速度)を参照してください。

## 確認

- \`civitai-dl failsafe\` で、各ホストの現在の速度、普段の速度、接続数を確認できます。
- すべてのホストが遅い場合は、回線かこのマシンに原因があります。ネットワークを使っているほかのプログラムを探してください。
- 1 つのホストだけが遅い場合は、サイトの稼働状況と、\`civitai-dl doctor --only storage,api\` の結果を確認してください。

## 対処

- 1 つのホストが遅い場合、対応は不要です。ホストが回復すれば、自動的に元の速度に戻ります。
- 回線が混んでいる場合は、ほかのプログラムを止めるか、速度を制限してください。このプログラムの速度は \`--limit-rate\` で制限できます。
- 接続数が少ない場合（「4 本中 1 本」など）は、ホストが接続を拒否したためです。受け付けるようになると 5 秒ごとに 1 本ずつ増え、遅くとも 1 分以内に元に戻ります。
- 回線の変更などで遅い状態が続く場合は、1 週間たつと、その速度が普段の速度になります。
`,
  },
  "stall": {
    en: `# stall: a transfer stalled, or was too slow to be useful

A transfer stalled, or was too slow to be useful. Less than 4 KiB arrived in a minute (1 byte in two minutes with the
stable engine). \`--limit-rate\` is not the cause: its pauses do not count.

## Check

- \`civitai-dl doctor\` shows whether the storage hosts can be reached.
- \`civitai-dl analyze-errors\` shows whether one host causes it.

## Then

The next attempt resumes it; if it keeps happening, check the network.
`,
    ja: `# stall: 転送停止

転送が停止したか、極端に遅くなりました。1 分間に 4 KiB 未満しか届かなかった場合（\`stable\` エンジンでは 2 分間に 1 バイト未満）に該当します。\`--limit-rate\` による待ち時間は含みません。

## 確認

- \`civitai-dl doctor\` で、ストレージのホストに接続できるかを確認します。
- \`civitai-dl analyze-errors\` で、特定のホストだけの問題かどうかを確認します。

## 対処

次の試行で続きから再開します。続く場合はネットワークを確認してください。
`,
  },
  "throttled": {
    en: `# throttled: the service asks for fewer requests

The service asks for fewer requests. By default, the program keeps to 0.5 listings and 2 links per second. Other
programs with the same key count too.

## Check

- \`civitai-dl failsafe\` shows how long each host is given a rest.

## Then

Nothing: the program slows down as requested; if it keeps happening, lower \`--download-rate\` or \`--api-rate\`.
`,
    ja: `# throttled: リクエスト数の制限

サービスからリクエスト数を減らすよう求められています。既定では、一覧の取得は 2 秒に 1 回、リンクの取得は 1 秒に 2 回までに抑えています。同じキーを使うほかのプログラムのリクエストも合算されます。

## 確認

- \`civitai-dl failsafe\` で、ホストごとの待ち時間を確認します。

## 対処

対応は不要です（自動的に間隔を空けます）。続く場合は \`--download-rate\` か \`--api-rate\` の値を小さくしてください。
`,
  },
  "timeout": {
    en: `# timeout: no answer came in time

No answer came in time. Timeouts adapt to each host, from 10 s to 120 s for the first byte. If many hosts time out at
once, the network is the cause.

## Check

- \`civitai-dl doctor\` measures the network and the disk, and says whether the timeout is too short for the API.
- \`civitai-dl analyze-errors --log-file logs/timeouts.log\` counts the timeouts by host and phase.
- \`civitai-dl tune-timeouts --adaptive\` computes limits from what this network really needs; \`--apply\` writes them.

## Then

It is retried automatically; if it keeps failing, check the network, or set the \`--host-timeout\` that \`tune-timeouts\`
proposes.

[transcripts.md](transcripts.md#timeouts-that-are-too-short) shows it in a real run.
`,
    ja: `# timeout: タイムアウト

時間内に応答がありませんでした。制限時間はホストごとに自動調整されます（最初の 1 バイトまで 10〜120 秒）。多くのホストで同時に発生する場合は、ネットワークが原因です。

## 確認

- \`civitai-dl doctor\` で、ネットワークとディスクの状態を測定し、API に対して制限時間が短すぎないかを確認します。
- \`civitai-dl analyze-errors --log-file logs/timeouts.log\` で、ホストと段階ごとのタイムアウト数を確認します。
- \`civitai-dl tune-timeouts --adaptive\` で、実測値から適切な制限時間を求めます。\`--apply\` を付けると設定に書き込みます。

## 対処

自動的に再試行します。続く場合はネットワークを確認するか、\`tune-timeouts\` が提案する値を \`--host-timeout\` に指定してください。

実行例は、[10 件の実行記録](transcripts.md#短すぎる制限時間)にあります。
`,
  },
  "tls": {
    en: `# tls: no secure connection could be made

No secure connection could be made. The proxy of a company needs its certificate authority in the system's store;
\`DENO_TLS_CA_STORE=system\` makes Deno use that store.

## Check

- \`civitai-dl doctor\` compares the clock of this machine with the clock of the service.

## Then

Check the clock of this machine, and that no proxy answers in the service's place.
`,
    ja: `# tls: TLS エラー

安全な接続を確立できませんでした。会社などのプロキシを経由する場合は、その認証局の証明書がシステムに登録されている必要があります。\`DENO_TLS_CA_STORE=system\` を設定すると、Deno はシステムの証明書を使います。

## 確認

- \`civitai-dl doctor\` で、このマシンの時計とサービスの時計の差を確認します。

## 対処

このマシンの時計が合っているか、プロキシが代わりに応答していないかを確認してください。
`,
  },
  "too-large": {
    en: `# too-large: the service sends far more bytes than it stated

The service sends far more bytes than it stated. A file may have twice its stated size plus 64 MiB, so that rounded and
outdated sizes pass; a file without a stated size may have 256 GiB, an image or a video 1 GiB. The part was removed.

## Check

- \`civitai-dl list --state failed\` shows the files, with the size that the service states.

## Then

Check the file's page on the site; a later run fetches it if the size there is right.
`,
    ja: `# too-large: サイズ超過

申告サイズを大幅に超えるデータが送られてきました。ファイルは、申告サイズの 2 倍に 64 MiB を加えた大きさまで許容します（丸められたサイズや古いサイズに対応するためです）。サイズの申告がないファイルは 256 GiB、画像と動画は 1 GiB が上限です。取得した部分は削除済みです。

## 確認

- \`civitai-dl list --state failed\` で、該当するファイルと申告サイズを確認します。

## 対処

サイトでファイルのページを確認してください。表示されているサイズが正しければ、次回の実行で取得します。
`,
  },
  "tripped": {
    en: `# tripped: the breaker was opened by hand

The breaker of the host was opened manually, so no requests are sent to it.

## Check

- \`civitai-dl failsafe\` shows which host, and until when.

## Then

Close it with \`civitai-dl failsafe reset HOST\`, or wait until it closes by itself.
`,
    ja: `# tripped: 手動で遮断中

ホストへの接続が手動で遮断されているため、リクエストを送信しません。

## 確認

- \`civitai-dl failsafe\` で、対象のホストと解除予定の時刻を確認します。

## 対処

\`civitai-dl failsafe reset HOST\` を実行すると解除できます。時間が経つと自動的に解除されます。
`,
  },
  "undelivered-alerts": {
    en: `# undelivered-alerts: notices do not arrive

Alerts could not be delivered to a receiver: its address or secret is wrong, or it does not answer.

## Check

- \`civitai-dl alerts status\` shows what waits, for which receiver, and the error of the last attempt.
- \`civitai-dl alerts send-test\` sends a test message to every receiver.

## Then

Correct its address or secret in \`config/alerts.yml\`, or wait until it answers: they are sent again. The waits between
attempts grow. Nobody gets a notice twice, except in rare cases ([alerts.md](../alerts.md#who-is-notified-and-when)).
`,
    ja: `# undelivered-alerts: 通知の未配信

アラートを通知先に配信できませんでした。宛先か秘密情報が間違っているか、通知先が応答していません。

## 確認

- \`civitai-dl alerts status\` で、未配信の件数、通知先、直近のエラーを確認します。
- \`civitai-dl alerts send-test\` で、すべての通知先にテストメッセージを送信します。

## 対処

\`config/alerts.yml\` の宛先や秘密情報を修正してください。通知先が応答すれば、再送されます。再送の間隔は徐々に長くなり、同じ通知が重複して届くことは、まれな場合を除いてありません（[alerts.md](../alerts.md#誰にいつ通知するか)）。
`,
  },
  "unknown": {
    en: `# unknown: a failure of no known class

A failure of no known class. Failures without a class are not retried.

## Check

- \`civitai-dl analyze-errors\` groups such lines, with the first and the last time.
- \`civitai-dl doctor --open LINE\` writes the text of a report.

## Then

Read the line, and the lines around it in \`logs/download.log\`; report it if it keeps happening.
`,
    ja: `# unknown: 不明

分類できないエラーです。再試行は行いません。

## 確認

- \`civitai-dl analyze-errors\` で、同様の行を件数と発生時刻でまとめます。
- \`civitai-dl doctor --open LINE\` で、報告用の文面を作成します。

## 対処

\`logs/download.log\` で該当する行とその前後を確認してください。続く場合は報告してください。
`,
  },
  "unusable": {
    en: `# unusable: a web page in place of a file

A web page or JSON came with a success status in place of the requested file or data. Each file is requested nine times,
in three passes, and the failsafe does not count it against the host. If it happens to one file, its page on the site
often says why; if it happens to all files, something between this machine and Civitai answers.

## Check

- \`civitai-dl doctor\` shows whether the API itself answers or something in between.

## Then

Open the file's page on the site; if it happens to all files, look for a captive portal or a proxy.
`,
    ja: `# unusable: 想定外の応答

ファイルやデータの代わりに、成功のステータスで Web ページか JSON が返されました。各ファイルは 3 周に分けて合計 9 回リクエストします。フェイルセーフはこの失敗をホストの障害として数えません。1 つのファイルだけで発生する場合は、サイトのファイルのページに理由が書かれていることがよくあります。すべてのファイルで発生する場合は、このマシンと Civitai の間にある何かが応答しています。

## 確認

- \`civitai-dl doctor\` で、応答しているのが API そのものかどうかを確認します。

## 対処

サイトでファイルのページを開いてください。すべてのファイルで発生する場合は、キャプティブポータルやプロキシを確認してください。
`,
  },
};
