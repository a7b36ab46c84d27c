/** The page that a browser without the token receives. */
export const LOGIN_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>civitai-dl</title>
</head>
<body>
<main>
<h1>civitai-dl</h1>
<p>This page requires its token. Open this address once with <code>/?token=…</code>, with the text of the file that
<code>--page-token-file</code> named, or with the value of the monitor's <code>--token</code>. If you have just done so
from another site, <a href="/">continue here</a>.</p>
<p lang="ja">このページにはトークンが必要です。起動時に <code>--page-token-file</code> で指定したファイルの内容、またはモニターの <code>--token</code> の値を使い、<code>/?token=…</code>
を付けたアドレスを一度開いてください。別のサイトから来た場合は、<a href="/">ここから続けてください</a>。</p>
</main>
</body>
</html>
`;
