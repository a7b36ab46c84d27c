/// <reference lib="dom" />
import { signal } from "@preact/signals";
import { render, type VNode } from "preact";
import { libraryEnglish } from "../../../lib/app/page/library/messages_en.ts";
import { libraryJapanese } from "../../../lib/app/page/library/messages_ja.ts";
import { LibraryStore } from "../../../lib/app/page/library/library_store.ts";
import { LibraryView } from "../../../lib/app/page/library/library_view.tsx";
import { modelEnglish } from "../../../lib/app/page/model/messages_en.ts";
import { modelJapanese } from "../../../lib/app/page/model/messages_ja.ts";
import { ModelView } from "../../../lib/app/page/model/model_view.tsx";
import { PictureChoice } from "../../../lib/app/page/pictures/picture_choice.ts";

// The views of the library without the frame of the page; this is bundled for the browser of the tests.

async function request<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`/api/v1/${path}`, init);
  const answer = response.status === 204 ? undefined : await response.json();
  if (response.ok) return answer;
  throw Object.assign(new Error(answer.detail), { code: answer.code });
}

const isJapanese = location.search === "?ja";
const isReadOnly = location.search === "?read-only";
document.documentElement.lang = isJapanese ? "ja" : "en";
const hash = signal(location.hash);
addEventListener("hashchange", () => hash.value = location.hash);
const store = new LibraryStore((path, init) => request(path, init));
const pictures = new PictureChoice(signal(4));
const stamp = signal("");
Object.assign(globalThis, {
  refreshViews() {
    stamp.value += "+";
    return store.refresh();
  },
});

function View(): VNode {
  const [path = "", params = ""] = hash.value.split("?");
  const id = /^#\/library\/(\d+)$/.exec(path)?.[1];
  if (id !== undefined) {
    const headers = { "content-type": "application/json" };
    return (
      <ModelView
        key={id}
        id={Number(id)}
        words={isJapanese ? modelJapanese : modelEnglish}
        format={{ bytes: (bytes) => `${bytes} B`, date: (iso) => iso.slice(0, 10) }}
        pictures={pictures}
        load={(model, signal) => request(`models/${model}`, { signal })}
        post={(place, body) => request(place, { method: "POST", headers, body: JSON.stringify(body) })}
        isReadOnly={isReadOnly}
        canOpenFolders
        library="/data/library"
        stamp={stamp.value}
      />
    );
  }
  const show = (next: string, way: "push" | "replace"): void => {
    const address = `#/library${next === "" ? "" : `?${next}`}`;
    if (way === "push") {
      location.hash = address;
      return;
    }
    history.replaceState(history.state, "", address);
    hash.value = address;
  };
  const words = isJapanese ? libraryJapanese : libraryEnglish;
  return <LibraryView store={store} words={words} pictures={pictures} params={params} onParams={show} />;
}

const main = document.getElementById("main");
if (main !== null) render(<View />, main);
