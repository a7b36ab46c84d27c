const LATER = "もう一度実行すると、続きから再開します";
const NEW_KEY =
  "https://civitai.com/user/account で API キーを作り直し、CIVITAI_API_KEY、--token-file、api_key.md のいずれかで渡してください";

/**
 * What to do about each class of failure, in Japanese: the program itself writes English only. A class that is not here
 * shows what the program wrote.
 */
export const remedies = {
  login: NEW_KEY,
  forbidden: "アカウントに権限がない可能性があります。サイトで一度開くか、別のアカウントのキーを使ってください",
  region: "Civitai はこの国からのアクセスに対応していません",
  flagged:
    "信頼できるファイルなら、--allow-flagged を付けると quarantine/ に取得できます（プログラムには読み込まれません）",
  "early-access": "無料公開まで待つか、サイトでアクセス権を購入してください",
  timeout: `${LATER}。遅いサービスには --timeout で時間を延ばせます`,
  stall: LATER,
  connection: `ネットワークを確認してください。${LATER}`,
  dns: `ネットワークと DNS サーバーを確認してください。${LATER}`,
  tls: "このマシンの時計と、プロキシが代わりに応答していないかを確認してください",
  server: `サービス側の不調です。${LATER}`,
  unusable:
    "サイトのファイルのページを開いてください。すべてのファイルで起きる場合は、キャプティブポータルやプロキシを確認してください",
  throttled: `${LATER}。または --download-rate を下げてください`,
  quota: "24 時間の利用枠を使い切りました。時間をおいて再実行してください",
  rejected: "サービスに拒否されました。続く場合は logs/download.log を添えて報告してください",
  "too-large": "サイトのファイルのページを確認してください。表示されるサイズが正しければ、次回の実行で取得します",
  "refused-host":
    "表示された公開ホストを信頼できる場合は --allow-host で指定できます。それ以外のアドレスからは取得しません",
  integrity: "corrupted/ に移動しました。作者が差し替えた場合は、次の実行で新しいファイルを取得します",
  changed: LATER,
  tripped: "ホストのブレーカーが手動で開かれています。`civitai-dl failsafe reset ホスト名` で閉じられます",
};
