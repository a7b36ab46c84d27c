import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { type Draft, useApp } from "../context.ts";
import { Button } from "../frame/parts.tsx";

/** Largest file of targets, in bytes. */
const MAX_FILE_BYTES = 5_000_000;
const VERSIONS = ["all", "latest"] as const;
const PICTURES = ["some", "none", "all"] as const;

/** What {@linkcode TargetsField} shows. */
export interface TargetsFieldProps {
  readonly draft: Draft;
  readonly onDraft: (changed: Partial<Draft>) => void;
  readonly onPlan: () => void;
  readonly isBusy: boolean;
}

/** The field for anything that can be fetched, which also takes a text file, and the options that matter. */
export function TargetsField({ draft, onDraft, onPlan, isBusy }: TargetsFieldProps): VNode {
  const { words, about } = useApp();
  const { add: text } = words.value;
  const creators = about.value?.sandboxCreators ?? [];
  const isOver = useSignal(false);
  const isTooLarge = useSignal(false);
  const take = async (files: FileList | null | undefined): Promise<void> => {
    const [file] = files ?? [];
    if (file === undefined) return;
    isTooLarge.value = file.size > MAX_FILE_BYTES;
    if (isTooLarge.value) return;
    append(await file.text());
  };
  const append = (targets: string): void => {
    const before = draft.text.trim();
    onDraft({ text: `${before}${before === "" ? "" : "\n"}${targets}`, plan: null });
  };
  return (
    <form
      class="card add-form"
      data-over={String(isOver.value)}
      onSubmit={(event) => {
        event.preventDefault();
        onPlan();
      }}
      onDragOver={(event) => {
        event.preventDefault();
        isOver.value = true;
      }}
      onDragLeave={() => isOver.value = false}
      onDrop={(event) => {
        isOver.value = false;
        if (event.dataTransfer === null || event.dataTransfer.files.length === 0) return;
        event.preventDefault();
        void take(event.dataTransfer.files);
      }}
    >
      <label for="targets" class="field-title">{text.label}</label>
      <p id="targets-hint" class="soft">{text.hint}</p>
      <textarea
        id="targets"
        class="field targets"
        rows={4}
        spellcheck={false}
        autocomplete="off"
        placeholder={text.placeholder}
        aria-describedby="targets-hint"
        value={draft.text}
        onInput={({ currentTarget }) => onDraft({ text: currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          if (!isBusy) onPlan();
        }}
      />
      {creators.length > 0 && (
        <div id="examples" class="examples">
          <p class="soft">{text.sandbox}</p>
          {creators.map((name) => (
            <button key={name} type="button" class="chip" onClick={() => append(`user:${name}`)}>
              {`user:${name}`}
            </button>
          ))}
        </div>
      )}
      <p class="soft file-line">
        <label class="text-button file-choice">
          <input
            type="file"
            accept=".txt,.csv,.list,text/plain"
            onChange={({ currentTarget }) => void take(currentTarget.files)}
          />
          <span>{text.choose}</span>
        </label>{" "}
        <span class="drop-hint">{text.drop}</span>
      </p>
      {isTooLarge.value && <p class="warn" role="alert">{text.tooLarge}</p>}
      <div class="fields">
        <Option
          label={text.versions}
          value={draft.versions}
          choices={VERSIONS}
          names={text.versionChoices}
          onChoice={(versions) => onDraft({ versions })}
        />
        <Option
          label={text.pictures}
          value={draft.pictures}
          choices={PICTURES}
          names={text.pictureChoices}
          onChoice={(pictures) => onDraft({ pictures })}
        />
        <Button
          text={draft.plan === null ? text.show : text.showAgain}
          type="submit"
          tone={draft.plan?.state === "ready" ? "plain" : "main"}
          isDisabled={isBusy}
        />
      </div>
    </form>
  );
}

interface OptionProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly Value[];
  readonly names: Readonly<Record<Value, string>>;
  readonly onChoice: (value: Value) => void;
}

function Option<Value extends string>({ label, value, choices, names, onChoice }: OptionProps<Value>): VNode {
  const choose = (chosen: string): void => {
    const known = choices.find((choice) => choice === chosen);
    if (known !== undefined) onChoice(known);
  };
  return (
    <label class="field-label">
      <span>{label}</span>
      <select class="field" value={value} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        {choices.map((choice) => <option key={choice} value={choice}>{names[choice]}</option>)}
      </select>
    </label>
  );
}
