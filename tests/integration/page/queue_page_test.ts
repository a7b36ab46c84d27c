import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { openCatalog } from "../../../lib/library/mod.ts";
import type { Sandbox, SandboxOptions } from "../../../lib/sandbox/mod.ts";
import { findBrowser } from "../../helpers/browser/browser.ts";
import type { Person } from "../../helpers/browser/person.ts";
import { SharedBrowser } from "../../helpers/browser/shared_browser.ts";
import { type PageStoryOptions, withPage } from "../../helpers/page_story.ts";
import { type RunningApp, sandboxWords, startApp } from "../../helpers/start_app.ts";
import { startProgram } from "../../helpers/start_program.ts";

// Debian: apt-get install chromium. Without a browser these tests are skipped.
const chromium = await findBrowser();
const browser = chromium === null ? null : await SharedBrowser.start(chromium);
const ignore = browser === null;

/** Models of some megabytes, so that each takes seconds at the lowest speed that the page offers. */
const LARGE: SandboxOptions = {
  size: { creators: 1, modelsPerCreator: 4 },
  fileBytes: { min: 5_000_000, max: 6_000_000 },
};
/** What the page says while the server does not answer. */
const LOST = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/;
const LIVE = `document.querySelector("#link").dataset.state === "live"`;
const SPEED = "#limits select";
/** The figures of what runs, as the page shows them. */
const RUNNING = /Fetching · 0 of 1 file[^·]* · [\d.]+ \S+ of [\d.]+ MiB/;

interface Named {
  readonly id: number;
  readonly name: string;
}

function modelsOf({ catalog }: Sandbox): readonly Named[] {
  return [...catalog.models()].map(({ id, name }) => ({ id, name }));
}

/** Plan a target by hand, and queue the plan as it is. */
async function add(person: Person, target: string): Promise<void> {
  await person.goTo("Add");
  await person.write("#targets", target);
  await person.click(/^(?:Show what would be fetched|Check again)$/);
  await person.click("Add to the queue");
  await person.sees("is in the queue", "#enqueued");
}

Deno.test("a person adds models: a plan by name, of which something is deselected", { ignore }, (test) => {
  const options: PageStoryOptions = {
    browser,
    sandbox: { size: "tiny", filesPerVersion: { min: 2, max: 2 }, outcomes: { earlyAccess: 0.1 } },
    words: ["--files", "all"],
  };
  return withPage(options, async ({ open, sandbox, folder }) => {
    const creators = [...sandbox.catalog.creators()].map(({ username }) => username);
    const names =
      `Array.from(document.querySelectorAll("#plan-models > li > :first-child b"), (name) => name.innerText)`;

    await test.step("bad text in the field gives a clear message", async () => {
      const person = await open("add");
      await person.click("Show what would be fetched");
      await person.sees("Paste a link or a name first.");
      await person.write("#targets", "https://example.com/nothing-of-civitai");
      await person.click("Show what would be fetched");
      await person.sees(/1 target could not be planned[\s\S]*its host "example\.com" is not Civitai/, "#plan");
      await person.write("#targets", "user:nobody-has-this-name");
      await person.click("Check again");
      await person.sees(/nobody-has-this-name/, "#plan");
      await person.sees(/There is nothing to fetch/, "#plan");
      assert(!await person.canPress("Add to the queue"));
    });

    await test.step("the plan is shown by name with sizes, and what is deselected is not fetched", async () => {
      const person = await open("add");
      const { page } = person;
      await person.write("#targets", `https://civitai.com/user/${creators[0]}`);
      await page.press("Enter", { code: 13, isWithControl: true });
      await person.sees("4 models", "#plan-count");
      assertEquals((await page.evaluate<string[]>(names)).toSorted(), [
        "Copper Machines 0",
        "Harbour Skies 2",
        "Marble Creatures 3",
        "Velvet Skies 1",
      ]);
      await person.sees("8 files, 18.5 KiB", "#plan-total");
      await person.sees(/Disk: [\d.]+ \w+ free/, "#plan");
      await person.click(/^Copper Machines 0 /, { within: "#plan-models" });
      await person.sees("3 models", "#plan-count");
      await person.sees("6 files, 14.7 KiB", "#plan-total");
      await person.click(/^word2-neg\.pt/, { within: "#plan-models" });
      await person.sees("5 files, 11.1 KiB", "#plan-total");
      await person.click("Add to the queue");
      await person.sees("“Harbour Skies 2 and 2 more” is in the queue.", "#enqueued");
      await person.click("Show the queue");
      await person.sees(/Harbour Skies 2 and 2 more\s+Done Download · 5 fetched/, "#ended");
      assertEquals((await filesOf(join(folder, "library"))).toSorted(), [
        "marbleCreatures3_v30 [fp16].safetensors",
        "marbleCreatures3_v30.safetensors",
        "upload-1-0-0.safetensors",
        "velvetSkies1_v30_trainingData.zip",
        "word2.pt",
      ]);
      await person.goTo("Library");
      await person.sees("3 models", ".found");
    });

    await test.step("a file of targets can be dropped, and what is refused is shown with why", async () => {
      const person = await open("add");
      const path = join(folder, "targets.txt");
      await Deno.writeTextFile(path, `# all of them\n${creators.map((name) => `user:${name}`).join("\n")}\n`);
      await person.drop(path, ".add-form");
      await person.page.waitFor(`document.querySelector("#targets").value.includes("user:${creators[2]}")`);
      await person.click("Show what would be fetched");
      await person.sees(/5 files \([\d.]+ KiB\) are in the library already/, "#plan");
      await person.click(/not available/, { within: "#plan-refused" });
      await person.sees(/Early access[\s\S]+\w/, "#plan-refused");
      await person.click("Add to the queue");
      await person.click("Show the queue");
      await person.sees(/\d+ fetched · 5 here already · \d+ not available/, "main");
      await person.click("What is missing");
      await person.sees(/Not available\s+\w/, "main .paths");
      const link = `document.querySelector("main .paths a").getAttribute("href")`;
      assertMatch(await person.page.evaluate<string>(link), /^#\/library\/\d+$/);
    });
  });
});

Deno.test("a person follows the queue, in two tabs, through the death of the server", { ignore }, (test) => {
  return withPage({ browser, sandbox: LARGE }, async ({ open, app, sandbox, folder, expect }) => {
    expect(LOST);
    const [one, two, three] = modelsOf(sandbox) as readonly [Named, Named, Named];
    const person = await open("queue");
    const other = await open("queue");
    const { page } = person;
    const titles = (list: string) =>
      `Array.from(document.querySelectorAll("${list} .title"), (title) => title.innerText).join()`;

    await test.step("limits count at once, progress is shown, and the tabs show the same", async () => {
      await person.sees("Nothing is queued.");
      await person.choose(SPEED, "1.0 MiB/s");
      await person.sees("The limit is changed.", "#news");
      await other.page.waitFor(`document.querySelector("${SPEED}").selectedOptions[0].text === "1.0 MiB/s"`);
      for (const { id } of [one, two, three]) await add(person, `https://civitai.com/models/${id}`);
      await person.goTo("Queue");
      for (const { page } of [person, other]) {
        await page.waitFor(`${titles("#running")} === "${one.name}"`);
        await page.waitFor(`${titles("#waiting")} === "${two.name},${three.name}"`);
      }
      await person.sees(RUNNING, "#running");
      await other.sees(RUNNING, "#running");
      assertEquals(await page.text(".views a[href='#/queue'] .mark"), "3\n3 entries not done");
    });

    await test.step("an entry is put first, paused, cancelled, resumed", async () => {
      await person.click(`Move to the front: ${three.name}`);
      await other.page.waitFor(`${titles("#waiting")} === "${three.name},${two.name}"`);
      await other.click(`Pause: ${one.name}`);
      await person.sees(new RegExp(`${three.name}[\\s\\S]+Fetching`), "#running");
      await person.sees(new RegExp(`${one.name}\\s+Download Paused`), "#waiting");
      await person.click(`Cancel: ${three.name}`);
      await person.sees(`Cancel “${three.name}”?`, "dialog");
      await person.click("Keep it");
      await page.waitFor(`document.querySelector("dialog") === null`);
      await person.sees(three.name, "#running");
      await person.click(`Cancel: ${three.name}`);
      await person.click("Cancel it");
      await person.sees(new RegExp(`${three.name}\\s+Cancelled`), "#ended");
      await person.sees(two.name, "#running");
      await person.click(`Resume: ${one.name}`);
      await other.page.waitFor(`!/Paused/.test(document.querySelector("#waiting").innerText)`);
    });

    await test.step("the server is killed: the page says so, reconnects by itself, and the entry goes on", async () => {
      await person.sees(RUNNING, "#running");
      await app.end("SIGKILL");
      for (const someone of [person, other]) await someone.sees(/^Connection lost, retrying since \d/, "#lost");
      await using again: RunningApp = await startApp({ folder, sandbox, listen: new URL(app.url).host });
      for (const { page } of [person, other]) await page.waitFor(LIVE);
      await page.waitFor(`document.querySelector("#lost") === null`);
      await person.sees("Connection to the server restored.", "#news");
      await person.sees(RUNNING, "#running");
      // The limit is that of before; without it, the rest takes an instant.
      assertEquals(await page.evaluate(`document.querySelector("${SPEED}").selectedOptions[0].text`), "1.0 MiB/s");
      await person.choose(SPEED, "No limit of its own");
      for (const { page } of [person, other]) {
        await page.waitFor(`document.querySelector("#running, #waiting") === null`);
      }
      for (const { name } of [one, two]) await other.sees(new RegExp(`${name}\\s+Done Download · 1 fetched`), "#ended");
      await other.click(`Try again: ${three.name}`);
      await person.sees(new RegExp(`${three.name}\\s+Done Download · 1 fetched`), "#ended");

      await person.click("Pause the queue");
      await other.sees("The queue is paused", "#paused-note");
      await add(person, `model:${modelsOf(sandbox)[3]!.id}`);
      await person.goTo("Queue");
      await person.sees(modelsOf(sandbox)[3]!.name, "#waiting");
      await other.click("Resume the queue");
      await person.sees(new RegExp(`${modelsOf(sandbox)[3]!.name}\\s+Done`), "#ended");
      await again.end();
    });
  });
});

Deno.test(
  "a failed entry says why, and is tried again",
  { ignore },
  () =>
    withPage({ browser }, async ({ open, app, sandbox }) => {
      const [{ id, name }] = modelsOf(sandbox) as readonly [Named];
      sandbox.setAbsent([id]);
      // The page itself queues no model that is not there.
      await app.add([`model:${id}`], { title: name });
      const person = await open("queue");
      await person.sees(new RegExp(`${name}\\s+Failed`), "#failed");
      await person.sees(`No model with id ${id}`, "#failed");
      sandbox.setAbsent([]);
      await person.click(`Try again: ${name}`);
      await person.sees(new RegExp(`${name}\\s+Done Download · 1 fetched`), "#ended");
    }),
);

Deno.test(
  "a person sees what is newer by name, and a download in a terminal that the queue waits for",
  { ignore },
  (test) => {
    const sandbox: SandboxOptions = { ...LARGE, versionsPerModel: { min: 2, max: 2 } };
    return withPage({ browser, sandbox }, async ({ open, app, sandbox, folder }) => {
      const [one, two, three] = [...sandbox.catalog.models()];
      const person = await open("updates");

      await test.step("an update is shown by name, and queued", async () => {
        const { id } = await app.add([`version:${one!.versions[1]!.id}`]);
        await app.until(id, ({ state }) => state === "done");
        // What has ended is no longer in the queue.
        await app.json("api/v1/queue/pause", { body: {} });
        await person.click("Look for updates");
        await person.sees("1 model has something newer", "#newer-title");
        await person.sees(one!.name, "#newer-list");
        await person.sees(/New:\s+v3\.0/, "#newer-list");
        await person.click(`Update ${one!.name}`);
        await person.sees("In the queue", "#newer-list");
        await person.goTo("Queue");
        await person.click("Resume the queue");
        await person.sees(new RegExp(`${one!.name}\\s+Done Update · 1 fetched · 1 here already`), "#ended");
        const link = `document.querySelector("#ended .entry a").getAttribute("href")`;
        assertEquals(await person.page.evaluate(link), `#/library/${one!.id}`);
        await person.goTo("Updates");
        await person.sees("Updated", "#newer-list");
        assert(!await person.canPress(`Update ${one!.name}`));
        await person.click("Look again");
        await person.sees("Everything is up to date");
        await person.sees("1 model was checked.", ".nothing");
      });

      await test.step("the health has its headline, also of a download in a terminal, and the queue waits for it", async () => {
        await person.goTo("Health");
        await person.sees("No downloader is running, all quiet", "#headline");
        const words = ["-o", "library", "--yes", "--limit-rate", "1M", ...sandboxWords(sandbox)];
        const run = startProgram(["download", `model:${two!.id}`, ...words], {
          folder,
          env: { CIVITAI_API_KEY: sandbox.token },
          origins: [sandbox.apiOrigin, sandbox.storageOrigin],
        });
        await person.sees(/Fetching|Downloading/, "#headline");
        await person.page.waitFor(`document.querySelectorAll("#download-list > li").length > 0`);
        await add(person, `model:${three!.id}`);
        await person.goTo("Queue");
        await person.sees(/^download \(process \d+\) works on the library since/, "#holder-note");
        await person.sees(three!.name, "#waiting");
        run.kill("SIGINT");
        await run.ended;
        await person.page.waitFor(`document.querySelector("#holder-note") === null`);
        await person.sees(new RegExp(`${three!.name}\\s+Done`), "#ended");
      });
    });
  },
);

Deno.test("ten thousand entries in the queue leave the page usable", { ignore }, () =>
  withPage({
    browser,
    async before({ folder, sandbox }) {
      const path = join(folder, "library", ".civitai-dl", "catalog.db");
      await startApp({ folder, sandbox }).then(async (app) => {
        await app.json("api/v1/queue/pause", { body: {} });
        await app.end();
      });
      using catalog = openCatalog(path);
      catalog.transaction(() => {
        for (let index = 0; index < 10_000; index++) {
          const title = `entry ${index}`;
          const targets = [`model:${modelsOf(sandbox)[0]!.id}`];
          catalog.queue.add({ kind: "download", title, targets, choice: null, except: null, key: null });
        }
      });
    },
  }, async ({ open }) => {
    const person = await open("queue");
    const { page } = person;
    const rows = `document.querySelectorAll("#waiting-list > li").length`;
    await person.sees("10,000", "#waiting-count");
    assert(await page.evaluate<number>(rows) < 80);
    assert(await page.evaluate<number>(`document.querySelectorAll("*").length`) < 2500);
    await page.press("End", { code: 35, command: "scrollToEndOfDocument" });
    await page.evaluate(`scrollTo(0, document.body.scrollHeight)`);
    await person.sees("entry 199", "#waiting-list");
    await person.click("Later");
    await person.sees("entry 200", "#waiting-list");
    await page.evaluate(`scrollTo(0, document.body.scrollHeight)`);
    await person.sees("entry 399", "#waiting-list");
    assert(await page.evaluate<number>(rows) < 80);
    const start = performance.now();
    await person.click("Move to the front: entry 399");
    await person.click("Earlier");
    await page.waitFor(`document.querySelector("#waiting-list .title")?.innerText === "entry 399"`);
    await person.click("Cancel: entry 399");
    await person.click("Cancel it");
    await person.sees(/entry 399\s+Cancelled/, "#ended");
    await person.sees("9,999", "#waiting-count");
    // It takes a second.
    assert(performance.now() - start < 15_000);
  }));

/** Names of the models' files in a library. */
async function filesOf(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory && !name.startsWith(".")) found.push(...await filesOf(join(folder, name)));
    else if (/\.(?:safetensors|pt|zip)$/.test(name)) found.push(name);
  }
  return found;
}
