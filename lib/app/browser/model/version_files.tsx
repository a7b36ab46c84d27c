import type { VNode } from "preact";
import type { ModelPage } from "../../api/shapes/model.ts";
import { CopyButton } from "./copy_button.tsx";
import { sayDates } from "../frame/say_dates.ts";
import type { ModelMessages } from "../messages/model_en.ts";
import type { ModelFormat } from "./model_view.tsx";

type Version = ModelPage["versions"][number];
type File = Version["files"][number];

/** The files of a version, with their states and hashes. */
export function VersionFiles({ version, words, format }: {
  readonly version: Version;
  readonly words: ModelMessages;
  readonly format: ModelFormat;
}): VNode {
  if (version.files.length === 0) return <p class="none">{words.noFiles}</p>;
  return (
    <ul class="rows">
      {version.files.map((file) => <FileRow key={file.key ?? file.name} file={file} words={words} format={format} />)}
    </ul>
  );
}

function FileRow({ file, words, format }: {
  readonly file: File;
  readonly words: ModelMessages;
  readonly format: ModelFormat;
}): VNode {
  const hashes = Object.entries(file.hashes);
  if (file.sha256 !== null) hashes.unshift([`SHA-256 (${words.onDisk})`, file.sha256]);
  return (
    <li>
      <p class="head">
        <bdi class="title">{file.name}</bdi>
        <span class="badge" data-tone={toneOf(file.state)}>{stateWords(file, words)}</span>
        {file.removedAt !== null && file.state === "done" && (
          <span class="badge" data-tone="warn">{words.fileRemoved}</span>
        )}
        {file.type !== null && <span class="soft">{words.fileTypes[file.type] ?? file.type}</span>}
        <span class="end">{file.bytes === null ? "" : format.bytes(file.bytes)}</span>
      </p>
      {file.reason !== null && file.state !== "done" && (
        <p class="detail soft small" lang="en">{sayDates(file.reason, format.date)}</p>
      )}
      {file.path !== null && isOnDisk(file.state) && (
        <p class="detail soft mono">
          <bdi>{file.path}</bdi>
        </p>
      )}
      {hashes.length > 0 && (
        <details class="fold">
          <summary>{words.hashes(hashes.length)}</summary>
          <dl class="hashes">
            {hashes.map(([kind, value]) => (
              <div key={kind}>
                <dt>{kind}</dt>
                <dd>
                  <CopyButton text={value} name={words.hash(kind)} words={words} class="text-button mono" />
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </li>
  );
}

/** The state, and why it is not available. What is only sold has no date. */
function stateWords({ state, outcome }: File, words: ModelMessages): string {
  const cause = state === "refused" && outcome === "early-access" ? "paid" : outcome ?? "";
  const isHeldBack = state === "refused" || state === "deferred";
  return (isHeldBack ? words.causes[cause] : undefined) ?? words.fileStates[state] ?? state;
}

function isOnDisk(state: File["state"]): boolean {
  return state === "done" || state === "corrupted";
}

function toneOf(state: File["state"]): string {
  if (state === "done") return "good";
  if (state === "failed" || state === "corrupted") return "bad";
  return state === "planned" || state === "deferred" ? "warn" : "plain";
}
