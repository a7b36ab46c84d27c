import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { dispatch, parseReceiverUrl } from "../../../lib/alerts/mod.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { CA, serveMail } from "../_mail_server.ts";
import { alertOf, notificationOf } from "../_notifications.ts";
import { closedPort } from "../../helpers/servers/closed_port.ts";
import { sendOnce } from "../_send.ts";

const login = { user: "me@x.example", pass: "s3cr3t/:@%" };
const LOGIN = "me%40x.example:s3cr3t%2F%3A%40%25";
const ADDRESSES = "from=dl@x.example&to=ops+prod@x.example";

async function failureOf(url: string, ca: string | undefined = CA): Promise<FailureError> {
  const error = await assertRejects(() => sendOnce(url, { ca }), FailureError);
  assert(!Deno.inspect(error).includes("s3cr3t"), Deno.inspect(error));
  assertStringIncludes(error.message, 'Cannot notify "smtp');
  return error;
}

Deno.test("mail receiver encrypts by STARTTLS, logs in and mails the address", async () => {
  await using server = await serveMail({ login });
  await sendOnce(`smtp://${LOGIN}@127.0.0.1:${server.port}/?${ADDRESSES}&subject=Home+server`, { ca: CA });
  assertEquals(server.mails.length, 1);
  const { text, ...rest } = server.mails[0]!;
  assertEquals(rest, {
    from: "dl@x.example",
    to: ["ops+prod@x.example"],
    user: "me@x.example",
    isSecure: true,
  });
  assertStringIncludes(text, "\r\nSubject: Home server [FIRING:1] timeout_rate\r\n");
  assertStringIncludes(text, "\r\nTo: ops+prod@x.example\r\n");
  assertStringIncludes(text, "Auto-Submitted: auto-generated\r\n");
});

Deno.test("mail receiver encrypts an smtps connection from the first byte", async () => {
  await using server = await serveMail({ login, isSecure: true });
  await sendOnce(`smtps://${LOGIN}@127.0.0.1:${server.port}/?${ADDRESSES}`, { ca: CA });
  assertEquals(server.mails.map(({ isSecure, user }) => [isSecure, user]), [[true, "me@x.example"]]);
});

Deno.test("mail receiver skips encryption and login if the URL says so", async () => {
  await using server = await serveMail({ isPlain: true });
  await sendOnce(`smtp://127.0.0.1:${server.port}/?${ADDRESSES}&starttls=no`);
  assertEquals(server.mails.map(({ isSecure, user }) => [isSecure, user]), [[false, undefined]]);
});

Deno.test("mail receiver sends no password to a server without encryption", async () => {
  await using server = await serveMail({ login, isPlain: true });
  const error = await failureOf(`smtp://${LOGIN}@127.0.0.1:${server.port}/?${ADDRESSES}`);
  assertEquals([error.failure, error.retryable], ["tls", false]);
  assertEquals([server.logins.length, server.mails.length], [0, 0]);
});

Deno.test("mail receiver sends no password to a server with an untrusted certificate", async () => {
  await using server = await serveMail({ login });
  const error = await assertRejects(
    () => sendOnce(`smtp://${LOGIN}@127.0.0.1:${server.port}/?${ADDRESSES}`),
    FailureError,
  );
  assertEquals([error.failure, error.retryable], ["tls", false]);
  assertEquals([server.logins.length, server.mails.length], [0, 0]);
});

Deno.test("mail receiver reports a wrong password without showing it", async () => {
  await using server = await serveMail({ login: { ...login, pass: "other" } });
  const error = await failureOf(`smtp://${LOGIN}@127.0.0.1:${server.port}/?${ADDRESSES}`);
  assertEquals([error.failure, error.retryable], ["login", false]);
  assertStringIncludes(error.message, "the server does not accept user and password (535)");
  assertEquals(server.mails.length, 0);
});

Deno.test("mail receiver may retry a refused connection", async () => {
  const error = await failureOf(`smtp://127.0.0.1:${closedPort()}/?${ADDRESSES}`);
  assertEquals([error.failure, error.retryable], ["connection", true]);
});

Deno.test("mail receiver fails if another protocol responds", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    using conn = await listener.accept();
    await conn.write(new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n"));
  })();
  const error = await failureOf(`smtp://127.0.0.1:${(listener.addr as Deno.NetAddr).port}/?${ADDRESSES}`);
  assert(error.message.length > 0);
  await serving;
  listener.close();
});

Deno.test("mail receiver retries a temporarily refused address, but not a permanently refused one", async () => {
  for (const [code, retryable] of [[450, true], [550, false]] as const) {
    await using server = await serveMail({ refused: { "b@x.example": code } });
    const error = await failureOf(`smtp://127.0.0.1:${server.port}/?from=dl@x.example&to=b@x.example`);
    assertEquals(error.retryable, retryable);
    assertStringIncludes(error.message, `(${code})`);
  }
});

Deno.test("mail receiver takes no header and no address from a label", async () => {
  await using server = await serveMail();
  const alert = alertOf({
    labels: { alertname: "x\r\nBcc: s3cr3t@x.example\r\n\r\nbody", severity: "critical" },
    annotations: { summary: "line\r\n.\r\nMAIL FROM:<evil@x.example>" },
  });
  const url = `smtp://127.0.0.1:${server.port}/?from=dl@x.example&to=b@x.example`;
  await sendOnce(url, { ca: CA }, notificationOf({ alerts: [alert], groupLabels: {} }));
  const [mail] = server.mails;
  assertEquals([server.mails.length, mail?.to], [1, ["b@x.example"]]);
  const head = mail!.text.split("\r\n\r\n")[0]!;
  assert(!/^bcc:/im.test(head));
  assertStringIncludes(head.replace(/\r\n /g, " "), "Subject: [FIRING:1] x Bcc: s3cr3t@x.example body");
});

/** What a server sends before it falls silent, one line per command of the client. */
const SILENCES = {
  "at once": [],
  "after its greeting": ["220 hello\r\n"],
  "after STARTTLS": ["220 hello\r\n", "250-hello\r\n250 STARTTLS\r\n", "220 go\r\n"],
};

for (const [when, lines] of Object.entries(SILENCES)) {
  Deno.test(`mail receiver gives up on a server that falls silent ${when}, and closes the connection`, async () => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const serving = (async () => {
      using conn = await listener.accept();
      const buffer = new Uint8Array(4096);
      for (const line of lines) {
        await conn.write(new TextEncoder().encode(line));
        if (await conn.read(buffer) === null) return;
      }
      while (await conn.read(buffer) !== null) continue;
    })();
    const { port } = listener.addr as Deno.NetAddr;
    const receivers = [parseReceiverUrl(`smtp://127.0.0.1:${port}/?${ADDRESSES}`)];
    const start = performance.now();
    const [result] = await dispatch(notificationOf(), receivers, { timeoutMs: 500, maxAttempts: 1 });
    assertEquals(result?.error, `Cannot notify "smtp://127.0.0.1:${port}/…": no answer within 500ms`);
    await serving;
    listener.close();
    // The mailer's own limits would end it after half a minute.
    assert(performance.now() - start < 20_000);
  });
}

Deno.test("mail receiver gives up on a server that never completes a mail", async () => {
  const { promise: never } = Promise.withResolvers<void>();
  await using server = await serveMail({ login, onMail: () => never });
  const receivers = [parseReceiverUrl(`smtp://${LOGIN}@127.0.0.1:${server.port}/?${ADDRESSES}`, { ca: CA })];
  const [result] = await dispatch(notificationOf(), receivers, { timeoutMs: 1500, maxAttempts: 1 });
  assertEquals(result?.ok, false);
  assertStringIncludes(result!.error!, "no answer within 2s");
});
