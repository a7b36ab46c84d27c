import { useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ModelPage } from "../../api/shapes/model.ts";
import { readOpening } from "../library/grid_place.ts";
import type { PictureChoice } from "../pictures/picture_choice.ts";
import { CopyButton } from "./copy_button.tsx";
import { Gallery } from "./gallery.tsx";
import type { ModelMessages } from "../messages/model_en.ts";
import { ModelActions } from "./model_actions.tsx";
import { permissionLines } from "./permission_words.ts";
import { RichTextView } from "./rich_text_view.tsx";
import { SamplePrompts } from "./sample_prompts.tsx";
import { VersionFiles } from "./version_files.tsx";

/** How values are shown. */
export interface ModelFormat {
  readonly bytes: (bytes: number) => string;
  readonly date: (iso: string) => string;
}

/** What the view of a model needs of the shell. */
export interface ModelViewProps {
  readonly id: number;
  readonly words: ModelMessages;
  readonly format: ModelFormat;
  readonly pictures: PictureChoice;
  readonly load: (id: number, signal: AbortSignal) => Promise<ModelPage>;
  /** Send a request that changes something. */
  readonly post: (path: string, body: unknown) => Promise<unknown>;
  readonly isReadOnly: boolean;
  readonly canOpenFolders: boolean;
  /** Folder of the library. */
  readonly library: string;
  /** Changes with the library. */
  readonly stamp: string;
}

/** All that the library knows of one model. */
export function ModelView(props: ModelViewProps): VNode {
  const { id, words, load, stamp } = props;
  const model = useSignal<ModelPage | null>(null);
  const problem = useSignal<unknown>(null);
  useEffect(() => {
    const asking = new AbortController();
    load(id, asking.signal).then(
      (answer) => {
        model.value = answer;
        problem.value = null;
      },
      (error) => {
        if (!asking.signal.aborted) problem.value = error;
      },
    );
    return () => asking.abort();
  }, [id, stamp]);
  const shown = model.value?.id === id ? model.value : null;
  return (
    <div class="model-page">
      <WayBack id={id} words={words} />
      {shown !== null && <ModelContent key={id} {...props} model={shown} />}
      {shown === null && problem.value === null && <p class="soft">{words.loading}</p>}
      {shown === null && problem.value !== null && <ModelProblem problem={problem.value} words={words} />}
    </div>
  );
}

/** Leads to what the grid showed, and where it was left. */
function WayBack({ id, words }: { readonly id: number; readonly words: ModelMessages }): VNode {
  const opening = readOpening(id);
  const goBack = (event: MouseEvent): void => {
    if (opening === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.back();
  };
  return (
    <p class="way-back">
      <a href={opening ?? "#/library"} onClick={goBack}>← {words.back}</a>
    </p>
  );
}

function ModelProblem({ problem, words }: { readonly problem: unknown; readonly words: ModelMessages }): VNode {
  const isMissing = (problem as { readonly code?: unknown }).code === "not-found";
  const message = problem instanceof Error ? problem.message : String(problem);
  return (
    <div class="nothing" role="alert">
      <h1>{isMissing ? words.missingTitle : words.problem}</h1>
      <p>{isMissing ? words.missingText : message}</p>
    </div>
  );
}

function ModelContent({ model, ...props }: ModelViewProps & { readonly model: ModelPage }): VNode {
  const { words, format, pictures } = props;
  const [chosen, choose] = useState<number | null>(null);
  const version = model.versions.find(({ id }) => id === chosen) ??
    model.versions.find(({ held }) => held) ?? model.versions[0];
  return (
    <article>
      <ModelHead model={model} words={words} format={format} />
      <div class="model-columns">
        <div class="column">
          {version !== undefined && (
            <Card title={words.versions} note={countWords(model, words)}>
              <VersionChoice model={model} version={version} words={words} onChoose={choose} />
              <p class="soft">
                {[version.base, version.publishedAt === null ? "" : words.published(format.date(version.publishedAt))]
                  .filter(Boolean).join(" · ")}
              </p>
              {version.removedAt !== null && (
                <p class="badge" data-tone="warn">{words.versionRemoved(format.date(version.removedAt))}</p>
              )}
              <TriggerWords version={version} words={words} />
              <SamplePrompts version={version} blurFrom={pictures.blurFrom.value} words={words} />
              <h3>{words.files}</h3>
              <VersionFiles version={version} words={words} format={format} />
            </Card>
          )}
          {version !== undefined && version.pictures.length > 0 && (
            <Card title={words.gallery}>
              <Gallery key={version.id} model={model} items={version.pictures} pictures={pictures} words={words} />
            </Card>
          )}
          {version !== undefined && version.description.length > 0 && (
            <Card title={words.ofVersion}>
              <RichTextView text={version.description} />
            </Card>
          )}
          <Card title={words.description}>
            {model.description.length > 0
              ? <RichTextView text={model.description} />
              : <p class="none">{words.noDescription}</p>}
          </Card>
        </div>
        <div class="column side">
          <ModelPlace model={model} {...props} />
          <Permissions model={model} words={words} />
          {model.tags.length > 0 && (
            <Card title={words.tags}>
              <ul class="chips">
                {model.tags.map((tag) => (
                  <li key={tag}>
                    <a class="chip" href={`#/library?${new URLSearchParams({ tag })}`}>
                      <bdi>{tag}</bdi>
                    </a>
                  </li>
                ))}
              </ul>
            </Card>
          )}
        </div>
      </div>
    </article>
  );
}

function countWords({ versions }: ModelPage, words: ModelMessages): string {
  return words.versionsOf(versions.filter(({ held }) => held).length, versions.length);
}

interface CardProps {
  readonly title: string;
  readonly note?: string;
  readonly children: ComponentChildren;
}

function Card({ title, note, children }: CardProps): VNode {
  return (
    <section class="card">
      <h2>{title}{note !== undefined && <span class="count">{` ${note}`}</span>}</h2>
      {children}
    </section>
  );
}

interface HeadProps {
  readonly model: ModelPage;
  readonly words: ModelMessages;
  readonly format: ModelFormat;
}

function ModelHead({ model, words, format }: HeadProps): VNode {
  const { creator } = model;
  return (
    <header class="model-head">
      <h1>
        <bdi>{model.name}</bdi>
      </h1>
      <p class="model-facts">
        {creator === null
          ? <span class="soft">{words.noCreator}</span>
          : (
            <a href={`#/library?${new URLSearchParams({ creator })}`}>
              <bdi>{words.by(creator)}</bdi>
            </a>
          )}
        <span class="badge">{model.type}</span>
        <span class="soft">{format.bytes(model.bytes)}</span>
        <a href={model.url} target="_blank" rel="noreferrer noopener">
          {words.onCivitai}
          <span class="unseen">({words.opensTab})</span>
        </a>
      </p>
      {model.removedAt !== null && <p class="badge" data-tone="warn">{words.removed(format.date(model.removedAt))}</p>}
    </header>
  );
}

interface VersionChoiceProps {
  readonly model: ModelPage;
  readonly version: ModelPage["versions"][number];
  readonly words: ModelMessages;
  readonly onChoose: (id: number) => void;
}

function VersionChoice({ model, version, words, onChoose }: VersionChoiceProps): VNode {
  return (
    <fieldset class="versions">
      <legend class="unseen">{words.versions}</legend>
      {model.versions.map(({ id, name, held }) => (
        <label key={id} class="version">
          <input type="radio" name="version" checked={id === version.id} onChange={() => onChoose(id)} />
          <span>
            <bdi>{name}</bdi>
            <span class="tick" data-held={held} title={held ? words.held : words.notHeld}>
              <span aria-hidden="true">{held ? "✓" : "○"}</span>
              <span class="unseen">{held ? words.held : words.notHeld}</span>
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface TriggerWordsProps {
  readonly version: ModelPage["versions"][number];
  readonly words: ModelMessages;
}

function TriggerWords({ version, words }: TriggerWordsProps): VNode {
  if (version.words.length === 0) return <p class="soft">{words.noWords}</p>;
  return (
    <>
      <h3>{words.words}</h3>
      <ul class="chips">
        {version.words.map((word) => (
          <li key={word}>
            <CopyButton class="chip" text={word} name={words.word(word)} words={words} />
          </li>
        ))}
        {version.words.length > 1 && (
          <li>
            <CopyButton
              class="text-button"
              text={version.words.join(", ")}
              label={words.copyAll}
              name={words.allWords}
              words={words}
            />
          </li>
        )}
      </ul>
    </>
  );
}

function ModelPlace(props: ModelViewProps & { readonly model: ModelPage }): VNode {
  const { model, words, library } = props;
  const path = model.folder === null ? null : `${library.replace(/[/\\]+$/, "")}/${model.folder}`;
  return (
    <Card title={words.place}>
      {path === null ? <p class="none">{words.noPlace}</p> : (
        <p class="place">
          <bdi class="mono path">{path}</bdi>
          <CopyButton class="text-button" text={path} label={words.copyPath} name={words.path} words={words} />
        </p>
      )}
      {!props.isReadOnly && <ModelActions {...props} />}
    </Card>
  );
}

function Permissions({ model, words }: { readonly model: ModelPage; readonly words: ModelMessages }): VNode {
  const lines = permissionLines(model.permissions, words);
  return (
    <Card title={words.permissionsTitle}>
      {lines.length === 0 && <p class="none">{words.permissionsUnknown}</p>}
      <ul class="permissions">
        {lines.map(({ text, isAllowed }) => (
          <li key={text} data-allowed={isAllowed}>
            <span class="tick" aria-hidden="true">{isAllowed ? "✓" : "✕"}</span>
            <span class="unseen">{isAllowed ? words.allowed : words.forbidden}</span> {text}
          </li>
        ))}
      </ul>
    </Card>
  );
}
