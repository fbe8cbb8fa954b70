import { proxy } from "comlink";
import { sessionEnding } from "../io/sessionFile";
import { count, fileSize } from "../ui/words";
import { byId, write } from "./elements";
import { mostWritten, type Writing, writings } from "./save";

/** What there is to save. */
export interface Savable {
  readonly neurons: number;
  readonly arrows: number;
  readonly pairs: number;
  readonly trials: number;
  /** Bytes of the sums. */
  readonly sumsBytes: number;
  /** Part of the files' names, after the number of neurons. */
  readonly word: string;
}

export interface SaveEvents {
  what(): Savable;
  write(writing: Writing, tell: (bytes: number) => void): Promise<Blob>;
  /** Ends what is being written. */
  end(): void;
  session(): Promise<object>;
  /** The session with its sums. */
  sums(tell: (bytes: number) => void): Promise<Blob>;
  download(blob: Blob, name: string): void;
}

type Choice = Writing | "session" | "sums";

/** What can be saved, and why not where it cannot; written in the worker, and to be ended at any moment. */
export class SaveDialog {
  private readonly dialog = byId<HTMLDialogElement>("save");
  private readonly buttons = [...this.dialog.querySelectorAll<HTMLButtonElement>("[data-save]")];
  private writing = false;
  /** Of several, one that was cancelled included, the last one counts. */
  private call = 0;

  constructor(private readonly events: SaveEvents) {
    for (const button of this.buttons)
      button.addEventListener("click", () => void this.save(button.dataset.save as Choice));
    byId("save-cancel").addEventListener("click", () => this.cancel());
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.cancel();
    });
  }

  show(): void {
    const what = this.events.what();
    for (const button of this.buttons) {
      const reason = refusal(button.dataset.save as Choice, what);
      button.disabled = reason !== "";
      const note = this.dialog.querySelector(`[data-note="${button.dataset.save}"]`);
      if (note) note.textContent = reason || sizeOf(button.dataset.save as Choice, what);
    }
    this.setWriting(false);
    write("save-problem", "");
    this.dialog.showModal();
  }

  private async save(choice: Choice): Promise<void> {
    if (this.writing) return;
    const { neurons, word } = this.events.what();
    this.setWriting(true);
    const call = ++this.call;
    try {
      const tell = proxy((bytes: number) => write("save-status", `writing · ${fileSize(bytes)}`));
      const blob =
        choice === "session"
          ? new Blob([`${JSON.stringify(await this.events.session(), null, 2)}\n`])
          : await (choice === "sums" ? this.events.sums(tell) : this.events.write(choice, tell));
      if (!this.writing || call !== this.call) return;
      const [stem, ending] =
        choice === "session"
          ? ["session", ".json"]
          : choice === "sums"
            ? ["session", sessionEnding]
            : [choice.split("-")[0], `.${writings[choice]}`];
      this.events.download(blob, `${stem}-${neurons}-neurons-${word}${ending}`);
      this.dialog.close();
    } catch (error) {
      if (this.writing && call === this.call)
        write("save-problem", error instanceof Error ? error.message : String(error));
    } finally {
      if (call === this.call) this.setWriting(false);
    }
  }

  private cancel(): void {
    if (!this.writing) this.dialog.close();
    else {
      this.events.end();
      this.setWriting(false);
      write("save-problem", "Cancelled; nothing was saved.");
    }
  }

  private setWriting(on: boolean): void {
    this.writing = on;
    write("save-status", on ? "writing …" : "");
    byId<HTMLFieldSetElement>("save-choices").disabled = on;
    if (on) byId("save-cancel").focus();
  }
}

const sizeOf = (choice: Choice, { pairs, arrows, neurons, trials, sumsBytes }: Savable): string => {
  if (choice === "effects-csv") return `${count(pairs)} lines, a pair each`;
  if (choice === "effects-npy") return `${count(pairs)} numbers, row = target`;
  if (choice === "network-npy") return `${count(neurons)} × ${count(neurons)} numbers, row = target`;
  if (choice === "session")
    return `experiment, versions, adapter, hash of the sums of ${count(trials)} trials`;
  if (choice === "sums")
    return `to go on later from trial ${count(trials)}: experiment and sums, ${fileSize(sumsBytes)}`;
  return `${count(arrows)} arrows`;
};

/** "" where it can be saved. */
function refusal(choice: Choice, { pairs, neurons, trials }: Savable): string {
  const over = (size: number, most: number, what: string) =>
    size > most ? `${count(size)} ${what}; allowed: up to ${count(most)}` : "";
  if ((choice.startsWith("effects") || choice === "sums") && trials === 0) return "no trials yet";
  if (choice === "effects-csv") return over(pairs, mostWritten.lines, "lines");
  if (choice === "effects-npy") return over(pairs, mostWritten.numbers, "numbers");
  if (choice === "network-npy") return over(neurons ** 2, mostWritten.numbers, "numbers");
  return "";
}
