import type { FailureClass } from "../failsafe/mod.ts";
import type { Problem } from "./problem.ts";

/** Problems of single requests and files: the classes of the failsafe. */
const FAILURES: Readonly<Record<FailureClass, Problem>> = {
  timeout: {
    next: "civitai-dl tune-timeouts --adaptive",
    severity: "critical",
    en: {
      title: "no answer came in time",
      meaning: "No answer came in time",
      remedy: "It is retried automatically; if it keeps failing, check the network, or set the --host-timeout that " +
        "tune-timeouts proposes",
    },
    ja: {
      title: "タイムアウト",
      meaning: "時間内に応答がありませんでした",
      remedy:
        "自動的に再試行します。続く場合はネットワークを確認するか、tune-timeouts が提案する値を --host-timeout に指定してください",
    },
  },
  stall: {
    next: "civitai-dl doctor",
    severity: "critical",
    en: {
      title: "a transfer stalled, or was too slow to be useful",
      meaning: "A transfer stalled, or was too slow to be useful",
      remedy: "The next attempt resumes it; if it keeps happening, check the network",
    },
    ja: {
      title: "転送停止",
      meaning: "転送が停止したか、極端に遅くなりました",
      remedy: "次の試行で続きから再開します。続く場合はネットワークを確認してください",
    },
  },
  connection: {
    next: "civitai-dl doctor",
    severity: "critical",
    en: {
      title: "a connection could not be made, or broke",
      meaning: "A connection could not be made, or broke",
      remedy: "Check the network; the next run resumes the download",
    },
    ja: {
      title: "接続エラー",
      meaning: "接続できなかったか、途中で切断されました",
      remedy: "ネットワークを確認してください。もう一度実行すると、続きから再開します",
    },
  },
  dns: {
    next: "civitai-dl doctor",
    severity: "critical",
    en: {
      title: "a host's name could not be resolved",
      meaning: "A host's name could not be resolved",
      remedy: "Check the network and the name server",
    },
    ja: {
      title: "名前解決エラー",
      meaning: "ホスト名を解決できませんでした",
      remedy: "ネットワークと DNS サーバーを確認してください。もう一度実行すると、続きから再開します",
    },
  },
  tls: {
    next: "civitai-dl doctor",
    severity: "critical",
    en: {
      title: "no secure connection could be made",
      meaning: "No secure connection could be made",
      remedy: "Check the clock of this machine, and that no proxy answers in the service's place",
    },
    ja: {
      title: "TLS エラー",
      meaning: "安全な接続を確立できませんでした",
      remedy: "このマシンの時計が合っているか、プロキシが代わりに応答していないかを確認してください",
    },
  },
  server: {
    next: "civitai-dl failsafe",
    severity: "critical",
    en: {
      title: "the service answered with an error",
      meaning: "The service answered with an error",
      remedy: "Wait until the service has recovered: the failsafe slows down automatically",
    },
    ja: {
      title: "サーバーエラー",
      meaning: "サービスがエラーを返しました",
      remedy: "サービスが回復するまでお待ちください。その間は自動的に速度を落とします",
    },
  },
  unusable: {
    next: "civitai-dl doctor",
    severity: "critical",
    en: {
      title: "a web page in place of a file",
      meaning: "A web page or JSON came with a success status in place of the requested file or data",
      remedy: "Open the file's page on the site; if it happens to all files, look for a captive portal or a proxy",
    },
    ja: {
      title: "想定外の応答",
      meaning: "ファイルやデータの代わりに、成功のステータスで Web ページか JSON が返されました",
      remedy:
        "サイトでファイルのページを開いてください。すべてのファイルで発生する場合は、キャプティブポータルやプロキシを確認してください",
    },
  },
  throttled: {
    next: "civitai-dl failsafe",
    severity: "warning",
    en: {
      title: "the service asks for fewer requests",
      meaning: "The service asks for fewer requests",
      remedy:
        "Nothing: the program slows down as requested; if it keeps happening, lower --download-rate or --api-rate",
    },
    ja: {
      title: "リクエスト数の制限",
      meaning: "サービスからリクエスト数を減らすよう求められています",
      remedy:
        "対応は不要です（自動的に間隔を空けます）。続く場合は --download-rate か --api-rate の値を小さくしてください",
    },
  },
  quota: {
    next: "civitai-dl doctor --only quota",
    severity: "critical",
    en: {
      title: "the account's quota of 24 hours is used up",
      meaning: "The account's quota of 24 hours is used up",
      remedy: "Run again later; --quota stops a run before that",
    },
    ja: {
      title: "利用枠の超過",
      meaning: "アカウントの 24 時間の利用枠を使い切りました",
      remedy: "時間をおいて再実行してください。--quota を指定すると、使い切る前に停止します",
    },
  },
  pagecap: {
    next: "civitai-dl doctor --open LINE",
    severity: "warning",
    en: {
      title: "a listing was requested beyond the page limit of the service",
      meaning: "A listing was requested beyond the page limit of the service",
      remedy: "This is a bug in the program: report it, with the line",
    },
    ja: {
      title: "一覧の上限超過",
      meaning: "サービスが返せる範囲を超えて一覧を要求しました",
      remedy: "プログラムのバグです。該当するログの行を添えて報告してください",
    },
  },
  expired: {
    next: "civitai-dl doctor --only clock",
    severity: "warning",
    en: {
      title: "a signed link had expired",
      meaning: "A signed link had expired",
      remedy: "A new link is requested automatically; if it keeps happening, check the clock of this machine",
    },
    ja: {
      title: "リンクの期限切れ",
      meaning: "署名付きリンクの期限が切れていました",
      remedy: "新しいリンクを自動的に取得します。続く場合はこのマシンの時計を確認してください",
    },
  },
  login: {
    next: "civitai-dl doctor --only key",
    severity: "critical",
    en: {
      title: "the API key is missing or wrong",
      meaning: "The service wants an API key, or another one: every download needs one",
      remedy:
        "Create a new API key on the site (https://civitai.com/user/account), and pass it with CIVITAI_API_KEY, " +
        "--token-file or api_key.md",
    },
    ja: {
      title: "ログインが必要",
      meaning: "API キーが設定されていないか、無効です。ダウンロードには必ずキーが必要です",
      remedy: "サイト（https://civitai.com/user/account）で API キーを作り直し、CIVITAI_API_KEY、--token-file、" +
        "api_key.md のいずれかで渡してください",
    },
  },
  forbidden: {
    next: "civitai-dl list --state refused",
    severity: "warning",
    en: {
      title: "this account has no access to the file",
      meaning: "This account has no access to the file",
      remedy: "Open it on the site once, or use another account's key",
    },
    ja: {
      title: "権限なし",
      meaning: "このアカウントにはファイルへのアクセス権がありません",
      remedy: "サイトで一度ファイルを開くか、別のアカウントのキーを使ってください",
    },
  },
  "early-access": {
    next: "civitai-dl list --state deferred",
    severity: "warning",
    en: {
      title: "the file is not public yet",
      meaning: "The file is available only to paying users, until a date or permanently",
      remedy: "Wait until it is free: a later run fetches it then; or buy access on the site",
    },
    ja: {
      title: "アーリーアクセス",
      meaning: "公開日まで、または常に、有料ユーザーだけが利用できるファイルです",
      remedy: "公開後の実行で取得します。すぐに必要な場合は、サイトでアクセス権を購入してください",
    },
  },
  gone: {
    next: "civitai-dl search NAME",
    severity: "warning",
    en: {
      title: "the file was removed from the service",
      meaning: "The service has no such creator, model or file: it was removed, or the name is wrong",
      remedy: "Check the name on the site; what was removed cannot be fetched again: keep the copy in the library",
    },
    ja: {
      title: "削除済み",
      meaning: "クリエイター、モデル、またはファイルが Civitai にありません。削除されたか、名前が間違っています",
      remedy:
        "サイトで名前を確認してください。削除されたものは再取得できないため、ライブラリにあるファイルは削除せずに保管してください",
    },
  },
  archived: {
    next: "civitai-dl list --state refused",
    severity: "warning",
    en: {
      title: "the creator has archived the file",
      meaning: "The creator has archived the file",
      remedy: "Nothing, unless the creator brings it back",
    },
    ja: {
      title: "アーカイブ済み",
      meaning: "クリエイターがアーカイブしました",
      remedy: "対応は不要です。クリエイターが再公開すれば取得できます",
    },
  },
  disabled: {
    next: "civitai-dl list --state refused",
    severity: "warning",
    en: {
      title: "the creator has disabled downloads",
      meaning: "The creator has disabled downloads",
      remedy: "Nothing, unless the creator allows them",
    },
    ja: {
      title: "ダウンロード不可",
      meaning: "クリエイターがダウンロードを無効にしています",
      remedy: "対応は不要です。クリエイターが許可すれば取得できます",
    },
  },
  region: {
    next: "civitai-dl list --state refused",
    severity: "warning",
    en: {
      title: "the service does not serve this country",
      meaning: "The service does not serve this country",
      remedy: "Nothing from here: Civitai does not serve this country",
    },
    ja: {
      title: "地域制限",
      meaning: "この国ではサービスが提供されていません",
      remedy: "この国から取得する方法はありません",
    },
  },
  flagged: {
    next: "civitai-dl verify --deep",
    severity: "warning",
    en: {
      title: "the file may be dangerous",
      meaning: "Civitai reports the file as dangerous, or it imports something that is not known to be harmless",
      remedy: "Do without it; if you trust it anyway, download it to quarantine/ with --allow-flagged",
    },
    ja: {
      title: "危険と判定",
      meaning: "Civitai が危険と判定したか、安全と確認できないものをインポートするファイルです",
      remedy: "取得しないことをお勧めします。信頼できる場合は、--allow-flagged を指定すると quarantine/ に取得できます",
    },
  },
  rejected: {
    next: "civitai-dl doctor --open LINE",
    severity: "warning",
    en: {
      title: "the service rejects the request, and would reject it again",
      meaning: "The service rejects the request, and would reject it again",
      remedy: "Check what was requested; report it with the line if it keeps happening",
    },
    ja: {
      title: "リクエスト拒否",
      meaning: "サービスがリクエストそのものを受け付けませんでした。再試行しても結果は同じです",
      remedy: "指定した内容を確認してください。続く場合は該当するログの行を添えて報告してください",
    },
  },
  "refused-host": {
    next: "civitai-dl download --allow-host HOST",
    severity: "warning",
    en: {
      title: "a redirect to a host that is not trusted",
      meaning: "The service redirects to a host that is not trusted, or to an address of a private network",
      remedy: "Give --allow-host HOST for a public host that you trust; report any other address to Civitai",
    },
    ja: {
      title: "未許可のホスト",
      meaning: "許可されていないホスト、またはプライベートネットワークのアドレスにリダイレクトされました",
      remedy:
        "信頼できる公開ホストであれば --allow-host HOST で許可してください。それ以外のアドレスの場合は Civitai に報告してください",
    },
  },
  "too-large": {
    next: "civitai-dl list --state failed",
    severity: "warning",
    en: {
      title: "the service sends far more bytes than it stated",
      meaning: "The service sends far more bytes than it stated",
      remedy: "Check the file's page on the site; a later run fetches it if the size there is right",
    },
    ja: {
      title: "サイズ超過",
      meaning: "申告サイズを大幅に超えるデータが送られてきました",
      remedy: "サイトでファイルのページを確認してください。表示されているサイズが正しければ、次回の実行で取得します",
    },
  },
  integrity: {
    next: "civitai-dl repair",
    severity: "warning",
    en: {
      title: "the bytes did not match the published hash in three attempts",
      meaning: "The bytes did not match the published hash in three attempts",
      remedy: "They are kept in corrupted/; if the creator replaced the file, a later run fetches the new one",
    },
    ja: {
      title: "データ破損",
      meaning: "3 回の試行すべてで、データの SHA-256 が API の公開値と一致しませんでした",
      remedy:
        "データは corrupted/ に保存されています。クリエイターがファイルを差し替えた場合は、後の実行で新しいファイルを取得します",
    },
  },
  changed: {
    next: "civitai-dl download",
    severity: "warning",
    en: {
      title: "the file changed while it was fetched",
      meaning: "The file changed while it was fetched",
      remedy: "The next run fetches the new one",
    },
    ja: {
      title: "取得中に変更",
      meaning: "取得中にファイルが変更されました",
      remedy: "次回の実行で新しいファイルを取得します",
    },
  },
  tripped: {
    next: "civitai-dl failsafe reset HOST",
    severity: "warning",
    en: {
      title: "the breaker was opened by hand",
      meaning: "The breaker of the host was opened manually, so no requests are sent to it",
      remedy: "Close it with civitai-dl failsafe reset HOST, or wait until it closes by itself",
    },
    ja: {
      title: "手動で遮断中",
      meaning: "ホストへの接続が手動で遮断されているため、リクエストを送信しません",
      remedy: "civitai-dl failsafe reset HOST を実行すると解除できます。時間が経つと自動的に解除されます",
    },
  },
  disk: {
    next: "civitai-dl doctor --only disk,write,permissions",
    severity: "critical",
    en: {
      title: "the local disk rejected a read or a write",
      meaning: "The local disk rejected a read or a write",
      remedy: "Free some space, or fix the permissions of the library's folder",
    },
    ja: {
      title: "ディスクエラー",
      meaning: "ローカルディスクの読み書きに失敗しました",
      remedy: "空き容量を増やすか、ライブラリのフォルダーの権限を修正してください",
    },
  },
  cancelled: {
    next: "civitai-dl download",
    severity: "warning",
    en: {
      title: "the run was stopped",
      meaning: "The run was stopped",
      remedy: "Run the same command again to resume",
    },
    ja: {
      title: "中止",
      meaning: "途中で中止されました",
      remedy: "同じコマンドをもう一度実行すると、続きから再開します",
    },
  },
  unknown: {
    next: "civitai-dl analyze-errors",
    severity: "warning",
    en: {
      title: "a failure of no known class",
      meaning: "A failure of no known class",
      remedy: "Read the line, and the lines around it in logs/download.log; report it if it keeps happening",
    },
    ja: {
      title: "不明",
      meaning: "分類できないエラーです",
      remedy: "logs/download.log で該当する行とその前後を確認してください。続く場合は報告してください",
    },
  },
};

/** Id of a problem of a library, its runs or this machine. */
export type OperationProblem =
  | "no-progress"
  | "run-failed"
  | "no-success"
  | "reserve-reached"
  | "own-quota"
  | "short-timeout"
  | "open-key-file"
  | "open-files"
  | "disk-filling"
  | "library-missing"
  | "no-library"
  | "no-key"
  | "host-down"
  | "paused"
  | "paused-by-hand"
  | "key-rejected"
  | "slow-host"
  | "held-by-hand"
  | "newer-state"
  | "high-memory"
  | "undelivered-alerts"
  | "creator-fails"
  | "hung"
  | "catalog"
  | "state"
  | "clock"
  | "slow"
  | "engine-mode"
  | "breaker"
  | "breaker-left"
  | "rollout"
  | "config"
  | "proxy-login";

const OPERATION: Readonly<Record<OperationProblem, Problem>> = {
  "no-progress": {
    next: "civitai-dl doctor --only api,storage",
    severity: "critical",
    alert: "NoProgress",
    en: {
      title: "nothing arrives",
      meaning: "A run has work to do, and no byte has arrived for a while: a host accepts requests and does not answer",
      remedy: "It goes on by itself when the host answers again; check the network if every host is silent",
    },
    ja: {
      title: "受信の停止",
      meaning: "実行中の処理があるのに、データがしばらく届いていません。ホストが接続を受け付けたまま応答していません",
      remedy: "ホストが応答すると自動的に続行します。すべてのホストが応答しない場合はネットワークを確認してください",
    },
  },
  "run-failed": {
    next: "civitai-dl download",
    severity: "critical",
    alert: "RunFailed",
    en: {
      title: "the last run ended badly",
      meaning: "The last run ended before its work was done, or some of its files failed",
      remedy: "Mend the cause that it names, then run it again: it resumes",
    },
    ja: {
      title: "前回の実行の失敗",
      meaning: "前回の実行が途中で終了したか、一部のファイルの取得に失敗しました",
      remedy: "表示された原因を解消してから、もう一度実行してください。続きから再開します",
    },
  },
  "no-success": {
    next: "civitai-dl download",
    severity: "critical",
    alert: "NoSuccessFor48h",
    en: {
      title: "no run has succeeded for long",
      meaning: "No run of this library has ended well for two days",
      remedy: "Check that the nightly job still runs, and why its last run failed",
    },
    ja: {
      title: "長期間の未成功",
      meaning: "このライブラリでは、正常に終わった実行が 2 日以上ありません",
      remedy: "夜間ジョブが動いているか、前回の実行がなぜ失敗したかを確認してください",
    },
  },
  "reserve-reached": {
    next: "du -xah -d 2 FOLDER | sort -h | tail",
    then: "civitai-dl doctor --only disk,write",
    severity: "critical",
    alert: "ReserveReached",
    en: {
      title: "the disk has reached its reserve",
      meaning:
        "The disk of the library has no room above the reserve (--reserve), so files that do not fit are left out",
      remedy: "Free space on that disk, or lower --reserve; then run again: it resumes",
    },
    ja: {
      title: "予備の容量への到達",
      meaning: "予備の容量（--reserve）を除くと空きがないため、入らないファイルは取得していません",
      remedy:
        "ディスクの空き容量を増やすか、--reserve の値を小さくしてから、もう一度実行してください。続きから再開します",
    },
  },
  "own-quota": {
    next: "civitai-dl download --quota LIMITS",
    severity: "warning",
    page: "quota",
    en: {
      title: "your own quota",
      meaning: "The limit of --quota is reached; the account may have room for more",
      remedy: "Run again when 24 hours have passed, or give --quota a higher limit, such as 1000,200G",
    },
    ja: {
      title: "指定した利用枠",
      meaning: "--quota の上限に達しました",
      remedy:
        "24 時間が過ぎると再開できます。すぐに続けるには、--quota に 1000,200G のような、より大きい値を指定してください",
    },
  },
  "short-timeout": {
    next: "civitai-dl download --timeout TIME",
    severity: "critical",
    page: "timeout",
    en: {
      title: "the timeout is too short",
      meaning: "The API takes longer to answer than the timeout that is set",
      remedy: "Run your own command again with a longer --timeout; if civitai-dl.yml has a timeout, raise it there",
    },
    ja: {
      title: "短すぎるタイムアウト",
      meaning: "API の応答に、設定されたタイムアウトより長い時間がかかっています",
      remedy:
        "普段のコマンドに、より長い --timeout を付けて実行してください。civitai-dl.yml で指定している場合は、その値を変更します",
    },
  },
  "open-key-file": {
    next: "chmod 600 FILE",
    severity: "warning",
    page: "login",
    en: {
      title: "the file of the API key",
      meaning: "Other users of this machine can read the file of the API key",
      remedy: "Take their permission away with chmod 600 FILE",
    },
    ja: {
      title: "API キーのファイル",
      meaning: "ほかのユーザーが読めます",
      remedy: "chmod 600 で、所有者だけが読めるようにしてください",
    },
  },
  "open-files": {
    next: "chmod -R go-rwx FOLDER",
    severity: "warning",
    page: "disk",
    en: {
      title: "permissions",
      meaning: "Other users of this machine can read or change private files of the program",
      remedy: "Take their permissions away, so that only you can use these files",
    },
    ja: {
      title: "アクセス権",
      meaning: "ほかのユーザーがアクセスできるファイルがあります",
      remedy: "所有者だけがアクセスできるように、権限を変更してください",
    },
  },
  "disk-filling": {
    next: "du -xah -d 2 FOLDER | sort -h | tail",
    then: "civitai-dl doctor --only disk,write",
    severity: "warning",
    alert: "DiskFilling",
    en: {
      title: "the disk is filling up",
      meaning: "The disk of the library is nearly full, or will be soon at the rate at which it fills",
      remedy: "Free space before a run has to stop, or move the library to a larger disk",
    },
    ja: {
      title: "ディスクの残量不足",
      meaning: "ライブラリのディスクがまもなく一杯になります",
      remedy: "実行が止まる前に空き容量を増やすか、より大きなディスクにライブラリを移してください",
    },
  },
  "library-missing": {
    next: "mount FOLDER",
    then: "civitai-dl doctor",
    severity: "critical",
    alert: "LibraryMissing",
    en: {
      title: "the library is gone",
      meaning: "There was a library here, and now there is none: its disk is not mounted, or the folder was moved",
      remedy:
        "Mount the disk again, or name the folder where the library is now with --output or --library; if you deleted it on purpose, run civitai-dl download --forget-library",
    },
    ja: {
      title: "ライブラリの消失",
      meaning: "以前あったライブラリが見つかりません。ディスクがマウントされていないか、フォルダーが移動されています",
      remedy:
        "ディスクをマウントし直すか、移動先のフォルダーを --output または --library で指定してください。意図して削除した場合は civitai-dl download --forget-library を実行してください",
    },
  },
  "no-library": {
    next: "civitai-dl download --user NAME",
    severity: "warning",
    page: "library-missing",
    en: {
      title: "there is no library yet",
      meaning: "Nothing has been downloaded to this folder yet",
      remedy: "Download something, or name the folder of your library with --output or --library",
    },
    ja: {
      title: "ライブラリなし",
      meaning: "このフォルダーには、まだ何もダウンロードされていません",
      remedy: "何かをダウンロードするか、ライブラリのフォルダーを --output または --library で指定してください",
    },
  },
  "host-down": {
    next: "civitai-dl doctor --only storage",
    severity: "warning",
    page: "connection",
    en: {
      title: "a storage host does not answer",
      meaning: "One storage host does not answer, while others do",
      remedy:
        "Wait until it is up, files of other hosts are fetched meanwhile; or let the firewall or the proxy pass it",
    },
    ja: {
      title: "一部のストレージの無応答",
      meaning: "応答しないストレージがあります。ほかのストレージは応答しています",
      remedy:
        "回復するまでお待ちください。その間もほかのストレージのファイルは取得できます。ファイアウォールやプロキシで遮断していないかも確認してください",
    },
  },
  "no-key": {
    next: "export CIVITAI_API_KEY=KEY",
    severity: "warning",
    page: "login",
    en: {
      title: "there is no API key",
      meaning: "No API key is set, and every download needs one",
      remedy:
        "Create one at https://civitai.com/user/account, and pass it with CIVITAI_API_KEY, --token-file or api_key.md",
    },
    ja: {
      title: "API キーなし",
      meaning: "API キーが設定されていません。ダウンロードには必ずキーが必要です",
      remedy:
        "https://civitai.com/user/account で API キーを作り、CIVITAI_API_KEY、--token-file、api_key.md のいずれかで渡してください",
    },
  },
  "key-rejected": {
    next: "civitai-dl doctor --only key",
    severity: "critical",
    alert: "KeyRejected",
    en: {
      title: "the API key is rejected",
      meaning: "The service does not accept the API key any more: it was deleted on the site, or it is mistyped",
      remedy: "Create a new API key at https://civitai.com/user/account, and put it where the old one is",
    },
    ja: {
      title: "API キーの拒否",
      meaning: "API キーが受け付けられなくなりました。サイトで削除されたか、入力に誤りがあります",
      remedy: "https://civitai.com/user/account で API キーを作り直し、古いキーと置き換えてください",
    },
  },
  "slow-host": {
    next: "civitai-dl failsafe",
    severity: "warning",
    en: {
      title: "a host is far slower than usual",
      meaning: "A host sends at a small part of its own usual speed",
      remedy: "Wait: the speed comes back with the host; if every host is slow, check what else uses the line",
    },
    ja: {
      title: "ホストの速度低下",
      meaning: "ホストの速度が、普段の速度を大きく下回っています",
      remedy:
        "ホストが回復すると速度も戻るので、お待ちください。すべてのホストが遅い場合は、回線を使っているものを確認してください",
    },
  },
  "held-by-hand": {
    next: "civitai-dl failsafe hold --release",
    severity: "warning",
    alert: "NoSuccessFor48h",
    en: {
      title: "the mode is held by hand",
      meaning: "Somebody holds the mode of the engine by hand, so it does not get faster or slower by itself",
      remedy: "Release it when it is no longer needed: civitai-dl failsafe hold --release",
    },
    ja: {
      title: "モードの手動固定",
      meaning: "エンジンのモードが手動で固定されているため、自動では変わりません",
      remedy: "不要になったら civitai-dl failsafe hold --release で解除してください",
    },
  },
  "newer-state": {
    next: "civitai-dl --version",
    severity: "critical",
    en: {
      title: "a newer program wrote the state",
      meaning: "A later version of the program has worked on this library, and this one cannot read what it wrote",
      remedy: "Use that version, or a later one, as docs/guide/updating.md says; this one changes nothing here",
    },
    ja: {
      title: "より新しいバージョンが書いた状態ファイル",
      meaning: "このライブラリは新しいバージョンのプログラムで処理されており、このバージョンでは読み取れません",
      remedy:
        "docs/ja/guide/updating.md の方法で、そのバージョン以降に更新してください。このバージョンは何も変更しません",
    },
  },
  "high-memory": {
    next: "kill -INT PID",
    severity: "warning",
    page: "high-memory-usage",
    alert: "HighMemoryUsage",
    en: {
      title: "a process uses much memory",
      meaning: "A process of the program uses far more memory than it normally needs",
      remedy: "Stop it with Ctrl-C and start it again: nothing is lost; memory-test says whether memory leaks",
    },
    ja: {
      title: "メモリ使用量の上昇",
      meaning: "プロセスのメモリ使用量が、通常を大きく上回っています",
      remedy:
        "Ctrl-C で停止して起動し直してください。データは失われません。メモリリークの有無は memory-test で調べられます",
    },
  },
  "undelivered-alerts": {
    next: "civitai-dl alerts status",
    severity: "warning",
    en: {
      title: "notices do not arrive",
      meaning: "Alerts could not be delivered to a receiver",
      remedy: "Correct its address or secret in config/alerts.yml, or wait until it answers: they are sent again",
    },
    ja: {
      title: "通知の未配信",
      meaning: "アラートを通知先に配信できませんでした",
      remedy: "config/alerts.yml の宛先や秘密情報を修正してください。通知先が応答すれば、再送されます",
    },
  },
  "creator-fails": {
    next: "civitai-dl download user:NAME",
    severity: "critical",
    en: {
      title: "one creator fails",
      meaning: "The service fails to list one creator, while the others work",
      remedy:
        "Wait: each run that names it tries it again; if it lasts for days, look at the creator's page on the site",
    },
    ja: {
      title: "特定のクリエイターの失敗",
      meaning: "ほかのクリエイターは取得できますが、1 人のクリエイターの一覧だけ取得できません",
      remedy:
        "このクリエイターを指定した実行のたびに再試行するので、お待ちください。数日続く場合は、サイトでクリエイターのページを確認してください",
    },
  },
  hung: {
    next: "kill -CONT PID",
    then: "civitai-dl doctor --only instance",
    severity: "critical",
    en: {
      title: "another run holds the library and makes no progress",
      meaning: "The process that holds the library lives, but has given no sign of life",
      remedy: "Wake it with kill -CONT PID if it was suspended; end it with kill -KILL PID if it stays silent",
    },
    ja: {
      title: "ライブラリを使用中のプロセスが応答しない",
      meaning: "ライブラリを使用中のプロセスは存在しますが、応答していません",
      remedy:
        "一時停止していた場合は kill -CONT PID で再開し、応答しないままの場合は kill -KILL PID で終了してください",
    },
  },
  catalog: {
    next: "civitai-dl verify --rebuild",
    then: "civitai-dl repair",
    severity: "critical",
    en: {
      title: "the catalog of the library is damaged",
      meaning: "The catalog of the library cannot be read; the files are not affected",
      remedy: "Build it again from the files, then fetch what is missing",
    },
    ja: {
      title: "ライブラリのカタログの破損",
      meaning: "ライブラリのカタログを読み取れません。ファイルには影響ありません",
      remedy: "ファイルからカタログを作り直し、足りないファイルを取得してください",
    },
  },
  state: {
    next: "civitai-dl doctor --only state",
    severity: "critical",
    page: "catalog",
    en: {
      title: "state files are damaged",
      meaning: "A state file of the library cannot be read",
      remedy: "The next run, or the monitor if it is its own, renames it to NAME.corrupt and begins a new one",
    },
    ja: {
      title: "状態ファイルの破損",
      meaning: "ライブラリの状態ファイルを読み取れません",
      remedy: "次の実行（モニターのファイルの場合はモニター）が NAME.corrupt に名前を変えて退避し、新しく作ります",
    },
  },
  clock: {
    next: "civitai-dl doctor --only clock",
    severity: "critical",
    en: {
      title: "the clock of this machine is wrong",
      meaning: "The clock of this machine differs from the clock of the service",
      remedy: "Switch on time synchronization; in a container or a virtual machine, set the clock of its host",
    },
    ja: {
      title: "このマシンの時計のずれ",
      meaning: "このマシンの時計が、サービスの時計からずれています",
      remedy: "時刻の同期を有効にしてください。コンテナや仮想マシンでは、ホスト側の時計を合わせてください",
    },
  },
  slow: {
    next: "civitai-dl doctor --only write,hash",
    severity: "warning",
    en: {
      title: "downloads or checksums take too long",
      meaning: "The disk or the processor of this machine is slower than the network",
      remedy: "Choose a faster disk with --output, or stop what else uses the processor",
    },
    ja: {
      title: "ダウンロードやハッシュ計算の遅延",
      meaning: "このマシンのディスクか CPU が、ネットワークより遅くなっています",
      remedy: "--output で速いディスクを指定するか、CPU を使っているほかのプログラムを止めてください",
    },
  },
  "engine-mode": {
    next: "civitai-dl failsafe",
    severity: "warning",
    alert: "NoProgress",
    en: {
      title: "the engine is slowed down or paused",
      meaning: "Too many requests failed, so the failsafe switched the engine to a more careful mode",
      remedy: "Nothing: it speeds up again automatically; civitai-dl failsafe shows why, and what would change it",
    },
    ja: {
      title: "エンジンのモード変更",
      meaning: "失敗したリクエストが多いため、フェイルセーフが慎重なモードに切り替えました",
      remedy: "対応は不要です。自動的に元の速度に戻ります。理由と次に変わる条件は civitai-dl failsafe で確認できます",
    },
  },
  "paused-by-hand": {
    next: "civitai-dl failsafe hold --release",
    severity: "critical",
    page: "held-by-hand",
    en: {
      title: "downloads are paused by hand",
      meaning: "Somebody has paused all downloads by hand, so no run fetches anything",
      remedy: "Release the hold when it is no longer needed: civitai-dl failsafe hold --release",
    },
    ja: {
      title: "手動による一時停止",
      meaning: "ダウンロードが手動で一時停止されているため、どの実行も何も取得しません",
      remedy: "不要になったら civitai-dl failsafe hold --release で解除してください",
    },
  },
  paused: {
    next: "civitai-dl failsafe reset",
    // A pause ends the run.
    alert: "RunFailed",
    severity: "critical",
    page: "engine-mode",
    en: {
      title: "downloads are paused",
      meaning: "Every storage host fails, so the failsafe has paused all downloads",
      remedy:
        "A run under way tries again by itself; another one ends at once with exit 6 until the time that civitai-dl failsafe shows. To resume at once, run civitai-dl failsafe reset, then the same command again",
    },
    ja: {
      title: "ダウンロードの一時停止",
      meaning: "すべてのストレージが失敗しているため、フェイルセーフがダウンロードを一時停止しています",
      remedy:
        "実行中であれば、自動的に再試行します。civitai-dl failsafe が示す時刻より前に実行した場合は、すぐに終了コード 6 で終わります。すぐに再開するには civitai-dl failsafe reset を実行してから、同じコマンドを実行してください",
    },
  },
  "breaker-left": {
    next: "civitai-dl failsafe",
    severity: "warning",
    page: "engine-mode",
    en: {
      title: "a host failed until the last request",
      meaning: "Requests to this host failed before; the next one decides whether it works again",
      remedy: "Nothing: the next run tries it; civitai-dl failsafe shows why it failed",
    },
    ja: {
      title: "直前まで失敗していたホスト",
      meaning: "このホストへのリクエストは失敗していました。次のリクエストで、回復したかどうかがわかります",
      remedy: "対応は不要です。次の実行で試します。失敗の理由は civitai-dl failsafe で確認できます",
    },
  },
  breaker: {
    next: "civitai-dl failsafe",
    severity: "critical",
    page: "engine-mode",
    alert: "NoProgress",
    en: {
      title: "a host gets no requests",
      meaning: "Too many requests to this host failed, so no requests are sent to it for a while",
      remedy: "Wait: it is retried automatically; civitai-dl failsafe shows when",
    },
    ja: {
      title: "ホストの遮断",
      meaning: "このホストへのリクエストが続けて失敗したため、しばらくリクエストを送信しません",
      remedy: "自動的に再試行するので、お待ちください。時刻は civitai-dl failsafe で確認できます",
    },
  },
  rollout: {
    next: "civitai-dl rollout status",
    severity: "warning",
    page: "rollout-stopped",
    alert: "RolloutStopped",
    en: {
      title: "the rollout has stopped",
      meaning: "The rollout of an engine was aborted, or waits for a person; everything uses the stable engine",
      remedy: "Look why with civitai-dl rollout status; civitai-dl rollout retry begins again after a fix",
    },
    ja: {
      title: "段階的ロールアウトの停止",
      meaning: "エンジンの段階的ロールアウトが中止されたか、操作を待っています。すべて stable エンジンで取得します",
      remedy: "理由は civitai-dl rollout status で確認できます。修正後に civitai-dl rollout retry でやり直せます",
    },
  },
  config: {
    next: "civitai-dl config check",
    severity: "critical",
    page: "exit-codes",
    en: {
      title: "the configuration file has a mistake",
      meaning: "The configuration file cannot be used, so no download starts with it",
      remedy: "Correct what civitai-dl config check names",
    },
    ja: {
      title: "設定ファイルの誤り",
      meaning: "設定ファイルを使用できないため、ダウンロードを始められません",
      remedy: "civitai-dl config check で示された箇所を修正してください",
    },
  },
  "proxy-login": {
    next: "civitai-dl doctor --only api",
    severity: "critical",
    page: "rejected",
    en: {
      title: "the proxy wants a login",
      meaning: "A proxy requires a user name and a password, or different ones",
      remedy: "Give them in HTTPS_PROXY (http://NAME:PASSWORD@host:port), or bypass the proxy with NO_PROXY",
    },
    ja: {
      title: "プロキシの認証",
      meaning: "プロキシがユーザー名とパスワードを求めています",
      remedy:
        "HTTPS_PROXY（http://NAME:PASSWORD@host:port）で指定するか、NO_PROXY でプロキシを経由しないようにしてください",
    },
  },
};

/** Id of a problem for each code of an error; `integrity` is a class of failure too. */
export type EndProblem =
  | "failed"
  | "usage"
  | "inconclusive"
  | "unsafe"
  | "auth"
  | "network"
  | "interrupted"
  | "unexpected";

const ENDS: Readonly<Record<EndProblem, Problem>> = {
  failed: {
    next: "civitai-dl doctor",
    severity: "critical",
    page: "exit-codes",
    en: {
      title: "something failed (exit code 1)",
      meaning: "Something that was asked for failed: a file, a gate, a threshold",
      remedy: "Do what the hint says, then run the same command again",
    },
    ja: {
      title: "失敗（終了コード 1）",
      meaning: "指定した処理の一部が失敗しました（ファイル、品質ゲート、しきい値など）",
      remedy: "ヒントに従って対処し、同じコマンドをもう一度実行してください",
    },
  },
  usage: {
    next: "civitai-dl --help",
    severity: "critical",
    page: "exit-codes",
    en: {
      title: "wrong usage (exit code 2)",
      meaning: "The command line or a file of settings is wrong",
      remedy: "Correct what the message names; --help shows what is allowed",
    },
    ja: {
      title: "使い方の誤り（終了コード 2）",
      meaning: "コマンドラインか設定ファイルに誤りがあります",
      remedy: "メッセージで示された箇所を修正してください。使える値は --help で確認できます",
    },
  },
  inconclusive: {
    next: "civitai-dl download",
    severity: "warning",
    page: "exit-codes",
    en: {
      title: "time is up, or too little evidence (exit code 3)",
      meaning:
        "download, update and repair: --max-time has passed, or --quota is used up. Commands that judge: there is not enough evidence",
      remedy: "Run the same command again to resume; for a verdict, make the run longer or take more samples",
    },
    ja: {
      title: "時間切れ、またはデータ不足（終了コード 3）",
      meaning:
        "download・update・repair：--max-time または --quota に達しました。判定を行うコマンド：データが足りません",
      remedy:
        "同じコマンドをもう一度実行すると再開します。判定の場合は、実行時間を延ばすか、測定回数を増やしてください",
    },
  },
  unsafe: {
    next: "civitai-dl doctor",
    severity: "critical",
    page: "exit-codes",
    en: {
      title: "a safety check stopped the command (exit code 4)",
      meaning: "A safety check stopped the command: the disk, a lock, a changed working tree",
      remedy: "Fix what the message names",
    },
    ja: {
      title: "安全確認による停止（終了コード 4）",
      meaning: "安全確認により停止しました（ディスク、ロック、コミットしていない変更のあるワーキングツリーなど）",
      remedy: "メッセージで示された問題を解消してください",
    },
  },
  auth: {
    next: "civitai-dl doctor --only key,permissions",
    severity: "critical",
    page: "exit-codes",
    en: {
      title: "a login or a permission is missing (exit code 5)",
      meaning: "A login or a permission is missing",
      remedy: "civitai-dl doctor --only key,permissions",
    },
    ja: {
      title: "ログインか権限の不足（終了コード 5）",
      meaning: "ログインが必要か、権限が不足しています",
      remedy: "civitai-dl doctor --only key,permissions で確認してください",
    },
  },
  network: {
    next: "civitai-dl doctor",
    severity: "critical",
    page: "exit-codes",
    en: {
      title: "no network, or no service (exit code 6)",
      meaning: "The network or the service is not available",
      remedy: "civitai-dl doctor, then the same command again: it resumes",
    },
    ja: {
      title: "ネットワークかサービスの停止（終了コード 6）",
      meaning: "ネットワークかサービスを利用できません",
      remedy: "civitai-dl doctor で確認し、同じコマンドをもう一度実行すると再開します",
    },
  },
  interrupted: {
    next: "civitai-dl download",
    severity: "warning",
    page: "exit-codes",
    en: {
      title: "stopped by a signal (exit code 129, 130 or 143)",
      meaning: "The command was stopped by SIGHUP (129), Ctrl-C (130) or SIGTERM (143)",
      remedy: "Run the same command again to resume",
    },
    ja: {
      title: "シグナルによる中断（終了コード 129、130、143）",
      meaning: "SIGHUP（129）、Ctrl-C（130）、SIGTERM（143）で中断されました",
      remedy: "同じコマンドをもう一度実行すると再開します",
    },
  },
  unexpected: {
    next: "civitai-dl debug-info --output debug.zip",
    severity: "critical",
    page: "exit-codes",
    en: {
      title: "a bug in the program",
      meaning: "A bug in the program",
      remedy: "Run again with --verbose, and report it with the details",
    },
    ja: {
      title: "プログラムのバグ",
      meaning: "プログラムのバグです",
      remedy: "--verbose を付けて再実行し、詳細を添えて報告してください",
    },
  },
};

/** Id of a problem: a class of failure, a problem of the operation, or how a command ends. */
export type ProblemId = FailureClass | OperationProblem | EndProblem;

/** The problems by their ids. Every other place that explains one reads this table. */
export const PROBLEMS: Readonly<Record<ProblemId, Problem>> = { ...FAILURES, ...OPERATION, ...ENDS };

/** All problems. */
export const PROBLEM_IDS: readonly ProblemId[] = Object.keys(PROBLEMS) as ProblemId[];

/** Classes of failure after which nobody can do anything: the site has taken the file away. */
export const FINAL_CLASSES: ReadonlySet<string> = new Set<FailureClass>(["gone", "archived", "disabled"]);

/** All classes of failure. */
export const FAILURE_CLASSES: readonly FailureClass[] = Object.keys(FAILURES) as FailureClass[];
