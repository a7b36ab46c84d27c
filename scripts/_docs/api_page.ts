import { describedRoutes, isWrite, placeholdersOf, type Route, schemaOf } from "../../lib/app/mod.ts";
import { renderShape } from "./render_shape.ts";

const ORIGIN = "http://127.0.0.1:9847";

const BOOKMARKLET = `javascript:void open("${ORIGIN}/#/add?url=" + encodeURIComponent(location.href))`;

const SCRIPT = `#!/usr/bin/env bash
# queue.sh URL…: put pages of Civitai into the queue, and wait until the queue is done
set -euo pipefail
api=${ORIGIN}/api/v1
targets=$(jq --null-input --compact-output '$ARGS.positional' --args "$@")
curl --fail-with-body --silent --json "{\\"targets\\": $targets}" "$api/queue"
while curl --fail --silent "$api/queue" |
  jq --exit-status 'any(.entries[]; .state == "running" or .state == "waiting")' > /dev/null; do
  sleep 5
done`;

const INTRODUCTION = `
Made from the routes themselves by \`deno task docs\`; do not edit.

\`civitai-dl serve\` and \`civitai-dl monitor --listen ADDRESS:PORT\` serve this API; the page uses nothing else.
[serve.md](serve.md) says who may use it. \`GET /api/v1/openapi.json\` is the same as an OpenAPI 3.1 document, for
programs.

## What all routes share

- Answers are JSON. Times are ISO 8601 in UTC, sizes are bytes, ids are numbers. Within \`/api/v1\`, fields may be
  added; none is removed, and none changes its meaning.
- With a token, each request needs it: \`curl --header "Authorization: Bearer $TOKEN"\`.
- \`POST\`, \`PATCH\` and \`DELETE\` need \`content-type: application/json\`, which \`curl --json\` sends, and a body of
  at most 1 MiB; \`{}\` where there is nothing to say. Unknown fields are refused. With \`--read-only\`, all of them are
  refused.
- \`HEAD\` answers wherever \`GET\` does.
- \`Idempotency-Key: TEXT\` (at most 200 characters) with \`POST /api/v1/queue\` or \`POST /api/v1/plans\`: the same key
  gives the same answer, and nothing is queued twice.

A request that is refused or fails is answered with \`application/problem+json\` (RFC 9457). \`code\` is that of an
[exit code](runbook/exit-codes.md), or \`not-found\`, \`forbidden\` or \`read-only\`; \`hint\` says what to do, or is
\`null\`.

\`\`\`json
{
  "type": "about:blank",
  "title": "Conflict",
  "status": 409,
  "detail": "Cannot pause entry 3: it is done",
  "code": "unsafe",
  "hint": null
}
\`\`\`

| status        | code                                                         |
| ------------- | ------------------------------------------------------------ |
| 400           | \`usage\`: the request is not as described here                |
| 401           | \`forbidden\`: the token is missing or wrong                   |
| 403           | \`forbidden\`, or \`read-only\`                                  |
| 404           | \`not-found\`                                                  |
| 405, 413, 415 | \`usage\`: method, size or type of the body                    |
| 408           | \`usage\`: the body takes too long                             |
| 409           | \`unsafe\`: the state does not allow it                        |
| 421           | \`forbidden\`: the \`Host\` is not one of the server             |
| 424           | \`auth\`: Civitai needs a key, or refuses it                   |
| 500           | \`failed\`, or \`integrity\`                                     |
| 502           | \`network\`                                                    |
| 503           | \`inconclusive\`, such as too many clients that follow events  |

## Events

\`GET /api/v1/events\` sends server-sent events. Each has a whole state, so a client that reconnects misses nothing:
after \`hello\` it gets the current state of each event. A client that reads slowly gets the newest of each. A \`beat\`
comes every 15 seconds; a client that hears nothing for three of them should connect again.

| event     | data                                              |
| --------- | ------------------------------------------------- |
| \`hello\`   | \`{ beatMs }\`, first                               |
| \`status\`  | what \`GET /api/v1/status\` answers                 |
| \`queue\`   | what \`GET /api/v1/queue\` answers, after a change |
| \`progress\` | \`{ revision, entries }\`: the running entries, each second; \`revision\` is that of the queue |
| \`plan\`    | \`{ id }\`: this plan has changed                   |
| \`library\` | \`{ stamp }\`: the library has changed              |
| \`beat\`    | nothing: the server is there                      |

## A bookmarklet

Save this as the address of a bookmark. On a page of Civitai, it opens the page of the program, which plans what is
there:

\`\`\`text
${BOOKMARKLET}
\`\`\`

## A script

It needs \`curl\` 7.82 or newer, and \`jq\`:

\`\`\`bash
${SCRIPT}
\`\`\`

## Routes
`.trim();

/** Render the page that describes the API, as Markdown that is not formatted. */
export function renderApiPage(): string {
  const routes = describedRoutes();
  return `# The API\n\n${INTRODUCTION}\n\n${routes.map(renderRoute).join("\n\n")}\n`;
}

function renderRoute(route: Route): string {
  const { method, path, summary, query, body, answer, status = 200 } = route;
  const types = [
    ...query === undefined ? [] : [`type Query = ${renderShape(schemaOf(query, "input"))};`],
    ...body === undefined ? [] : [`type Body = ${renderShape(schemaOf(body, "input"))};`],
    ...answer === null ? [] : [
      `${status === 200 ? "" : `// Status ${status}\n`}type Answer = ${renderShape(schemaOf(answer, "output"))};`,
    ],
  ];
  return [
    `### \`${method} ${path}\``,
    `${summary}.`,
    block("sh", curlOf(route)),
    ...types.length === 0 ? [] : [block("ts ignore", types.join("\n\n"))],
  ].join("\n\n");
}

function block(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** An example of a request, which a shell understands. */
function curlOf(route: Route): string {
  const { method, path, example = {} } = route;
  const params = Object.fromEntries(placeholdersOf(route).map((name) => [name, example.params?.[name] ?? "1"]));
  const place = path.replaceAll(/\{(\w+)(?:\.\.\.)?\}/g, (_, name: string) => params[name]!);
  const url = `${ORIGIN}${place}${example.query === undefined ? "" : `?${example.query}`}`;
  const words = [
    "curl",
    ...method === "GET" || method === "POST" ? [] : ["--request", method],
    ...path.endsWith("/events") ? ["--no-buffer"] : [],
    ...isWrite(route) ? ["--json", `'${JSON.stringify(example.body ?? {}).replaceAll("'", String.raw`'\''`)}'`] : [],
    /^[\w:/.-]+$/.test(url) ? url : `'${url}'`,
  ];
  return words.join(" ");
}
