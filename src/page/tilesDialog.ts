import { proxy } from "comlink";
import { InputError } from "../model/inputError";
import { fileSize } from "../ui/words";
import { byId, write } from "./elements";
import type { TellTiles, TileRequest, TilesDone } from "./tileRun";
import type { TilesAhead } from "./tilesAhead";
import { aheadFacts, doneText, type Fact, goingText, resultFacts, tilesLead } from "./tilesWords";

export interface TilesEvents {
  /** What it would take, and about how many seconds, NaN where nobody knows. Errors: as of tilesAhead. */
  ahead(asked: string): { readonly ahead: TilesAhead; readonly seconds: number };
  recover(request: Omit<TileRequest, "level" | "rate">, tell: TellTiles): Promise<TilesDone>;
  /** Ends it; the tiles that are done are kept. */
  end(): void;
  /** Of the file of discoveries. */
  name(): string;
  download(blob: Blob, name: string): void;
}

/** Browsers that let a page write into a file of the person's choice have this. */
type Picker = (options: {
  readonly suggestedName: string;
  readonly types: readonly { description: string; accept: Record<string, readonly string[]> }[];
}) => Promise<FileSystemFileHandle>;

/** Recovers everything in tiles: what it takes, how far it is, what came of it. It can be ended at any moment. */
export class TilesDialog {
  private readonly dialog = byId<HTMLDialogElement>("tiles");
  private readonly size = byId<HTMLInputElement>("tiles-size");
  private ahead: TilesAhead | null = null;
  private state: "asked" | "going" | "ending" | "done" = "asked";
  private edges: Blob | null = null;
  /** Of several, one that was given up included, the last one counts. */
  private call = 0;

  constructor(private readonly events: TilesEvents) {
    byId("tiles-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.go();
    });
    this.size.addEventListener("input", () => this.look());
    byId("tiles-cancel").addEventListener("click", () => this.cancel());
    byId("tiles-save").addEventListener("click", () => this.save());
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.cancel();
    });
  }

  show(): void {
    this.size.value = "";
    this.edges = null;
    byId("tiles-result").replaceChildren();
    this.look();
    this.setState("asked");
    this.dialog.showModal();
    byId("tiles-go").focus();
  }

  /** What is under way is over: there is another experiment. */
  giveUp(): void {
    this.call++;
    if (this.dialog.open) this.dialog.close();
  }

  /** More may be known by now. */
  refresh(): void {
    if (this.dialog.open && this.state === "asked") this.look();
  }

  /** What it would take, with the size that is asked for. */
  private look(): void {
    const text = this.size.value;
    this.ahead = null;
    try {
      const { ahead, seconds } = this.events.ahead(text);
      this.ahead = ahead;
      write("tiles-lead", tilesLead(ahead));
      if (text.trim() === "") this.size.placeholder = String(ahead.tileSources);
      list("tiles-ahead", aheadFacts(ahead, seconds));
      write("tiles-problem", "");
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      list("tiles-ahead", []);
      write("tiles-problem", `${error.message}.`);
    }
    byId<HTMLButtonElement>("tiles-go").disabled = this.ahead === null;
  }

  private async go(): Promise<void> {
    const { ahead } = this;
    if (!ahead || this.state !== "asked") return;
    const call = ++this.call;
    const mine = () => call === this.call;
    try {
      const edges = await this.choose();
      if (!mine()) return;
      this.setState("going");
      const begun = performance.now();
      const tell: TellTiles = (done, total) => {
        if (!mine() || this.state !== "going") return;
        byId<HTMLProgressElement>("tiles-progress").value = done / total;
        write("tiles-status", goingText(ahead, done, total, (performance.now() - begun) / 1000));
      };
      const done = await this.events.recover({ tileSources: ahead.tileSources, edges }, proxy(tell));
      if (!mine()) return;
      this.edges = done.edges;
      const where = edges ? `in ${edges.name}` : done.edges ? fileSize(done.edges.size) : "";
      list(
        "tiles-result",
        done.sources === 0
          ? []
          : [...resultFacts(done), ["edges", where, "a line a discovery, as the runner writes them"]],
      );
      write("tiles-done", doneText(done));
      this.setState("done");
    } catch (error) {
      if (!mine() || isChoiceCancelled(error)) return;
      this.setState("asked");
      write("tiles-problem", `It stopped: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** A file to write into; null where the browser has no such thing, or nobody may choose one here. */
  private async choose(): Promise<FileSystemFileHandle | null> {
    const { showSaveFilePicker } = window as { showSaveFilePicker?: Picker };
    if (!showSaveFilePicker) return null;
    return showSaveFilePicker({
      suggestedName: this.events.name(),
      types: [{ description: "discoveries", accept: { "text/csv": [".csv"] } }],
    });
  }

  private cancel(): void {
    if (this.state === "going") {
      this.setState("ending");
      this.events.end();
    } else if (this.state !== "ending") this.giveUp();
  }

  private save(): void {
    if (this.edges) this.events.download(this.edges, this.events.name());
  }

  private setState(state: TilesDialog["state"]): void {
    this.state = state;
    document.documentElement.dataset.tiles = state;
    const isGoing = state === "going" || state === "ending";
    byId("tiles-asks").hidden = state === "done";
    byId<HTMLFieldSetElement>("tiles-asks").disabled = isGoing;
    byId("tiles-going").hidden = !isGoing;
    if (state === "going") byId<HTMLProgressElement>("tiles-progress").value = 0;
    if (state === "going") write("tiles-status", "getting ready …");
    if (state === "ending") write("tiles-status", "cancelling · what is done is kept …");
    if (state !== "done") write("tiles-done", "");
    byId("tiles-go").hidden = state !== "asked";
    byId("tiles-save").hidden = state !== "done" || this.edges === null;
    write("tiles-cancel", state === "done" ? "close" : "cancel");
    byId<HTMLButtonElement>("tiles-cancel").disabled = state === "ending";
    if (state === "going") byId("tiles-cancel").focus();
    if (state === "done") byId(this.edges ? "tiles-save" : "tiles-cancel").focus();
  }
}

/** Somebody was asked for a file, and chose none. */
const isChoiceCancelled = (error: unknown) => error instanceof DOMException && error.name === "AbortError";

/** Fills a list of facts. */
function list(id: string, facts: readonly Fact[]): void {
  byId(id).replaceChildren(
    ...facts.map(([name, value, title]) => {
      const row = document.createElement("div");
      const term = document.createElement("dt");
      const what = document.createElement("dd");
      term.textContent = name;
      what.textContent = value;
      if (title) row.title = title;
      row.append(term, what);
      return row;
    }),
  );
}
