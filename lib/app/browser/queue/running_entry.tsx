import type { VNode } from "preact";
import type { Entry } from "../../api/shapes/queue.ts";
import { useApp } from "../context.ts";
import { Badge, Progress } from "../frame/parts.tsx";
import { type ActOn, EntryButtons } from "./entry_buttons.tsx";
import { progressWords, shareOf, targetsOf } from "./entry_words.ts";

/** Files under way that are shown. */
const SHOWN = 6;

/** The entry that runs, with its progress and the files under way. */
export function RunningEntry({ entry, actOn }: { readonly entry: Entry; readonly actOn: ActOn | null }): VNode {
  const { words, format } = useApp();
  const { queue: text, frame } = words.value;
  const { title, kind, progress } = entry;
  const files = progress?.current ?? [];
  const more = files.length - SHOWN;
  return (
    <li class="entry">
      <div class="entry-head">
        <div class="entry-name">
          <p class="title">{title}</p>
          <p class="soft small">
            <Badge>{text.kinds[kind]}</Badge> {targetsOf(entry, text)}
          </p>
        </div>
        <EntryButtons entry={entry} actOn={actOn} />
      </div>
      <p class="entry-progress">
        {progress === null ? text.starting : progressWords(progress, text, format.value)}
      </p>
      <Progress label={text.progress(title)} share={shareOf(entry)} />
      {files.length > 0 && (
        <ul class="under-way" aria-label={text.current}>
          {files.slice(0, SHOWN).map(({ path, bytes, bytesDone }) => (
            <li key={path}>
              <span class="path">{path.slice(path.lastIndexOf("/") + 1)}</span>
              <span class="soft">
                {bytes === 0
                  ? format.value.bytes(bytesDone)
                  : text.bytes(format.value.bytes(bytesDone), format.value.bytes(bytes))}
              </span>
            </li>
          ))}
          {more > 0 && <li class="soft">{frame.more(format.value.number(more))}</li>}
        </ul>
      )}
    </li>
  );
}
