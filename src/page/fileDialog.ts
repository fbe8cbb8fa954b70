import { proxy } from "comlink";
import { type Columns, type Role, roles } from "../io/columns";
import { type Glance, mostFields } from "../io/glance";
import type { Direction } from "../io/npy";
import type { Format, ReadOptions } from "../io/readNetwork";
import { type Session, type SessionHead, sessionEnding } from "../io/sessionFile";
import type { Scale } from "../io/weigh";
import type { Experiment } from "../model/experiment";
import type { Places } from "../model/places";
import { count, duration, fileSize } from "../ui/words";
import type { Preparation } from "./desk";
import { byId, write } from "./elements";
import { type HiredDesk, hireDesk } from "./hire";
import type { OpenedFile } from "./openedFile";
import { lookingPatience, type Patience, readingPatience, TimeCap } from "./timeCap";

export interface FileEvents {
  /**
   * A file was read, by this desk, which is the page's from now on.
   *
   * Errors   InputError if its network does not fit: then the desk is not taken.
   */
  opened(hired: HiredDesk, file: OpenedFile): void;
  /** The file whose network is on show, if it is from one. */
  onShow(): OpenedFile | null;
  /**
   * Places in a table for the network on show.
   *
   * Errors   InputError: file, row and column.
   */
  readPlaces(table: File, tell: (now: Preparation) => void): Promise<Places>;
  /** Ends that. */
  endPlaces(): void;
  /** Errors   InputError if the page cannot go on with this session. */
  fits(head: SessionHead, name: string): void;
  /**
   * A session was read.
   *
   * Returns  whether it is on show; false: its network's file has to be opened first, and is wanted now.
   */
  resume(session: Session): boolean;
  /** The network on show has these places from now on. */
  placed(places: Places): void;
}

/** What a link, or a session, asks for, of a network that is in a file. */
export interface Wanted extends Pick<Experiment, "file" | "fileHash"> {
  readonly by: "link" | "session";
}

/** GABA and glutamate, as FlyWire's tables and others spell them. */
const negative = ["GABA", "GLUT", "GLUTAMATE", "GLU"];

const directionWords: Record<Direction | "", string> = {
  "": "Nothing in such a file says whether its rows or its columns are the sources.",
  "rows-are-targets": "Row i, column j: the arrow from j to i, as everywhere in this lab.",
  "rows-are-sources": "Row i, column j: the arrow from i to j, as in most graph libraries.",
};

const formatWords: Record<Format, string> = { csv: "a table", npy: "a NumPy matrix", graphml: "a graph" };

/**
 * Opens a network from a file: what the file looks like, what has to be asked, the reading and its end. A worker of its
 * own reads, so that it can be ended at any moment and the network on show does not notice until all is there.
 */
export class FileDialog {
  private readonly dialog = byId<HTMLDialogElement>("open");
  private readonly input = byId<HTMLInputElement>("open-file");
  private readonly places = byId<HTMLInputElement>("open-places");
  private wanted: Wanted | null = null;
  private file: File | null = null;
  private look: Glance | null = null;
  private hired: HiredDesk | null = null;
  /** Of what the hired desk does. */
  private cap: TimeCap | null = null;
  private reading = false;
  /** Of several tables of places for the network on show, the last one counts. */
  private placing: symbol | null = null;
  /** It was read, and is not what the link asks for. */
  private other: OpenedFile | null = null;
  private session: Session | null = null;

  constructor(private readonly events: FileEvents) {
    byId("open-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.go();
    });
    byId("open-cancel").addEventListener("click", () => this.cancel());
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.cancel();
    });
    this.dialog.addEventListener("close", () => {
      this.end();
      // They are of that network, not of the next one.
      this.places.value = "";
    });
    this.input.addEventListener("change", () => {
      const [file] = this.input.files ?? [];
      if (file) void this.choose(file, null);
    });
    this.places.addEventListener("change", () => this.asked());
    byId("open-asks").addEventListener("change", ({ target }) => {
      if (target === this.select("open-format") && this.file)
        void this.choose(this.file, this.select("open-format").value as Format);
      else this.asked();
    });
    document.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = this.isFree ? "copy" : "none";
    });
    document.addEventListener("drop", (event) => {
      const [file] = event.dataTransfer?.files ?? [];
      if (!file) return;
      event.preventDefault();
      if (this.isFree) this.show(file);
    });
  }

  /** What a link asks for; null when it has it, or is not wanted any more. */
  want(wanted: Wanted | null): void {
    this.wanted = wanted;
  }

  show(file: File | null = null): void {
    this.sayWanted();
    if (!this.dialog.open) this.dialog.showModal();
    if (file) {
      this.input.value = "";
      void this.choose(file, null);
    }
  }

  private sayWanted(): void {
    const { wanted } = this;
    byId("open-wanted").hidden = wanted === null;
    const which = wanted?.file ? `the file ${JSON.stringify(wanted.file)}` : "a file";
    write(
      "open-wanted",
      wanted ? `The ${wanted.by} is about a network in ${which}, which only you can open.` : "",
    );
  }

  /** A file that is dropped now can be taken. */
  private get isFree(): boolean {
    return !this.reading && (this.dialog.open || document.querySelector("dialog[open]") === null);
  }

  private async choose(file: File, format: Format | null): Promise<void> {
    this.end();
    this.file = file;
    this.look = null;
    const hired = this.hire();
    byId("open-asks").hidden = true;
    byId("open-table").hidden = true;
    byId<HTMLButtonElement>("open-go").disabled = true;
    write("open-about", `${file.name}, ${fileSize(file.size)} …`);
    if (file.name.endsWith(sessionEnding)) return this.chooseSession(file, hired);
    this.limit(file, lookingPatience);
    try {
      const look = await hired.desk.glance(file, format);
      this.cap?.end();
      if (this.hired === hired) this.lookAt(file, look);
    } catch (error) {
      if (this.hired !== hired) return;
      write("open-about", `${file.name}, ${fileSize(file.size)}`);
      this.cap?.end();
      // Of another format it may be.
      this.showAsks(null);
      this.refuse(error);
    }
  }

  /** A session says itself what it is; all of it is read before it may take the place of anything. */
  private async chooseSession(file: File, hired: HiredDesk): Promise<void> {
    const about = `${file.name}, ${fileSize(file.size)}`;
    this.limit(file, readingPatience);
    try {
      const head = await hired.desk.readHead(file);
      if (this.hired !== hired) return;
      this.events.fits(head, file.name);
      const session = await hired.desk.readSession(file);
      if (this.hired !== hired) return;
      this.cap?.end();
      this.session = session;
      const { neurons, seed, trials } = head.experiment;
      write(
        "open-about",
        `${about}: a session of ${count(neurons)} neurons, seed ${seed}, after ${count(head.trials.to)} of ${count(trials)} trials`,
      );
      byId<HTMLButtonElement>("open-go").disabled = false;
    } catch (error) {
      if (this.hired !== hired) return;
      this.cap?.end();
      write("open-about", about);
      this.refuse(error);
    }
  }

  private resume(session: Session): void {
    let isShown = false;
    try {
      isShown = this.events.resume(session);
    } catch (error) {
      this.refuse(error);
      return;
    }
    if (isShown) {
      this.dialog.close();
      return;
    }
    this.end();
    this.file = null;
    this.input.value = "";
    byId<HTMLButtonElement>("open-go").disabled = true;
    this.sayWanted();
  }

  private showAsks(format: Format | null): void {
    byId("open-asks").hidden = false;
    for (const row of byId("open-asks").querySelectorAll<HTMLElement>("[data-of]"))
      row.hidden = !row.dataset.of?.split(" ").includes(format ?? "");
  }

  private lookAt(file: File, look: Glance): void {
    this.look = look;
    const { format, shape, width } = look;
    const what = shape
      ? `${formatWords.npy} of ${count(shape.neurons)} × ${count(shape.neurons)} numbers (${shape.type})`
      : format === "csv"
        ? `${formatWords.csv} of ${count(width)} ${width === 1 ? "column" : "columns"}${width > mostFields ? `, the first ${mostFields} of them here` : ""}`
        : formatWords[format];
    write("open-about", `${file.name}, ${fileSize(file.size)}: ${what}`);
    this.showAsks(format);
    this.select("open-format").value = format;
    byId<HTMLInputElement>("open-header").checked = look.columns?.header ?? false;
    byId<HTMLInputElement>("open-negative").checked = look.columns?.isFlyWire ?? false;
    this.select("open-direction").value = "";
    this.select("open-scale").value = look.columns?.isFlyWire ? "singular-value" : "as-given";
    for (const role of roles) this.select(`open-${role}`).replaceChildren(...this.columnChoices(role));
    for (const role of roles) this.select(`open-${role}`).value = placeOf(look.columns, role);
    this.asked();
  }

  /** Which columns there are to choose from, by name and number. */
  private columnChoices(role: Role): HTMLOptionElement[] {
    const { rows, width } = this.look!;
    const none = role === "source" || role === "target" ? "which? …" : noneWords[role];
    const named = byId<HTMLInputElement>("open-header").checked;
    const columns = Array.from({ length: Math.min(width, mostFields) }, (_, at) =>
      option(String(at + 1), named ? `${at + 1}: ${rows[0]?.[at] ?? ""}` : `column ${at + 1}`),
    );
    return [option("", none), ...columns];
  }

  /** Something was answered: shows what follows from it. */
  private asked(): void {
    const { look } = this;
    if (this.reading || this.session) return;
    this.other = null;
    write("open-problem", "");
    write("open-go", "open");
    if (!look) {
      byId<HTMLButtonElement>("open-go").disabled = !this.arePlacesAlone;
      return;
    }
    if (look.format === "csv") {
      for (const role of roles) {
        const chosen = this.select(`open-${role}`).value;
        this.select(`open-${role}`).replaceChildren(...this.columnChoices(role));
        this.select(`open-${role}`).value = chosen;
      }
      byId("open-negative-row").hidden = this.select("open-transmitter").value === "";
    }
    this.showTable(look);
    const direction = this.select("open-direction").value as Direction | "";
    write("open-direction-words", directionWords[direction]);
    const isSaid =
      look.format === "npy"
        ? direction !== ""
        : look.format === "graphml" || ["source", "target"].every((role) => this.columnOf(role as Role) >= 0);
    byId<HTMLButtonElement>("open-go").disabled = !isSaid;
  }

  /** From 0; -1: none. */
  private columnOf(role: Role): number {
    return Number(this.select(`open-${role}`).value || 0) - 1;
  }

  /** The first rows, each column under what it is read as. */
  private showTable({ format, rows }: Glance): void {
    const host = byId("open-table");
    host.hidden = format !== "csv" || rows.length === 0;
    if (host.hidden) return;
    const table = document.createElement("table");
    const isNamed = byId<HTMLInputElement>("open-header").checked;
    const head = table.createTHead().insertRow();
    const width = Math.max(...rows.map((row) => row.length));
    for (let column = 0; column < width; column++) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent =
        roles.filter((role) => this.columnOf(role) === column).join(", ") || String(column + 1);
      cell.classList.toggle("chosen", cell.textContent !== String(column + 1));
      head.append(cell);
    }
    const body = table.createTBody();
    rows.forEach((row, at) => {
      const line = body.insertRow();
      line.classList.toggle("names", isNamed && at === 0);
      for (const field of row) line.insertCell().textContent = field;
    });
    host.replaceChildren(table);
  }

  /** The table of places, if one was chosen. */
  private get table(): File | null {
    return this.places.files?.[0] ?? null;
  }

  /** Places are to be had for the network on show, which need not be read again. */
  private get arePlacesAlone(): boolean {
    const shown = this.events.onShow();
    if (!this.table || !shown) return false;
    if (!this.file) return true;
    return this.file === shown.file && JSON.stringify(this.options()) === JSON.stringify(shown.options);
  }

  private async readPlacesAlone(table: File): Promise<void> {
    this.setReading(true);
    const call = Symbol();
    this.placing = call;
    this.limit(table, readingPatience);
    const begun = performance.now();
    try {
      const places = await this.events.readPlaces(table, (now) => {
        if (this.placing !== call) return;
        this.cap?.sign();
        this.tell(now, begun);
      });
      if (this.placing !== call) return;
      this.events.placed(places);
      this.dialog.close();
    } catch (error) {
      if (this.placing !== call) return;
      this.end();
      this.refuse(error);
    }
  }

  private options(): ReadOptions {
    const format = this.select("open-format").value as Format;
    const scale = this.select("open-scale").value as Scale;
    if (format === "npy")
      return { format, scale, direction: this.select("open-direction").value as Direction };
    if (format === "graphml") return { format, scale };
    const chosen = roles.flatMap((role): (readonly [Role, string | null])[] => {
      const value = this.select(`open-${role}`).value;
      if (value !== "") return [[role, value] as const];
      // A source and a target there must be; of the others "none" is an answer.
      return role === "source" || role === "target" ? [] : [[role, null] as const];
    });
    const isNegative =
      byId<HTMLInputElement>("open-negative").checked && this.select("open-transmitter").value !== "";
    return {
      ...{ format, scale, header: byId<HTMLInputElement>("open-header").checked },
      columns: Object.fromEntries(chosen),
      ...(isNegative && { negative }),
    };
  }

  private async go(): Promise<void> {
    const { file, other, table, session } = this;
    if (this.reading) return;
    if (session) return this.resume(session);
    if (table && this.arePlacesAlone) return this.readPlacesAlone(table);
    if (!file) return;
    if (other) return this.hand(other);
    const hired = this.hired ?? this.hire();
    const options = this.options();
    this.setReading(true);
    this.limit(file, readingPatience);
    try {
      const tell = proxy(this.teller(hired));
      const facts = await hired.desk.read(file, options, tell);
      const placed = table && { places: await hired.desk.readPlaces(table, tell) };
      if (this.hired !== hired) return;
      this.cap?.end();
      this.setReading(false);
      const read = { ...facts, ...placed, file, options };
      const { fileHash = "" } = this.wanted ?? {};
      if (fileHash === "" || fileHash === facts.about.fileHash) return this.hand(read);
      this.other = read;
      write("open-go", "open anyway");
      write(
        "open-problem",
        `${file.name} read like this is another network (${short(facts.about.fileHash)}…) than that of the ${this.wanted?.by ?? "link"} (${short(fileHash)}…); allowed: the same file, read in the same way, or open it anyway.`,
      );
    } catch (error) {
      if (this.hired !== hired) return;
      this.end();
      this.refuse(error);
    }
  }

  private hand(read: OpenedFile): void {
    const { hired } = this;
    if (!hired) return;
    try {
      this.events.opened(hired, read);
      this.hired = null;
      this.dialog.close();
    } catch (error) {
      this.refuse(error);
    }
  }

  private teller(hired: HiredDesk): (now: Preparation) => void {
    const begun = performance.now();
    return (now) => {
      if (this.hired !== hired) return;
      this.cap?.sign();
      this.tell(now, begun);
    };
  }

  private tell({ work, share }: Preparation, begun: number): void {
    byId<HTMLProgressElement>("open-progress").value = share ?? 0;
    const elapsed = (performance.now() - begun) / 1000;
    const left = work === "reading" && share ? (elapsed * (1 - share)) / share : 0;
    const what = work === "scale" ? "scaling the weights" : share === 1 ? "sorting the arrows" : "reading";
    const parts = [
      what,
      share === null || share === 1 ? "…" : `${Math.floor(100 * share)} %`,
      left > 2 ? `${duration(left)} left` : "",
    ];
    write("open-status", parts.filter(Boolean).join(" · "));
  }

  /** While it reads, the reading is what ends; else the dialog. */
  private cancel(): void {
    if (!this.reading) this.dialog.close();
    else {
      this.end();
      write("open-problem", "Cancelled; the network on show stays.");
    }
  }

  /** What the desk does with a file has so long. */
  private limit(file: File, patience: Patience): void {
    this.cap?.end();
    this.cap = new TimeCap(file.name, patience, (error) => {
      this.end();
      this.refuse(error);
    });
  }

  /** Nothing is read any more. */
  private end(): void {
    this.cap?.end();
    this.hired?.worker.terminate();
    this.hired = null;
    if (this.placing) this.events.endPlaces();
    this.placing = null;
    this.other = null;
    this.session = null;
    this.setReading(false);
    write("open-go", "open");
    write("open-problem", "");
  }

  private refuse(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    write("open-problem", `${message.replace(/\.?$/, "")}; the network on show stays.`);
  }

  private setReading(on: boolean): void {
    this.reading = on;
    byId("open-reading").hidden = !on;
    byId<HTMLProgressElement>("open-progress").value = 0;
    write("open-status", "");
    for (const id of ["open-asks", "open-file", "open-places", "open-go"])
      byId<HTMLInputElement | HTMLFieldSetElement>(id).disabled = on;
    // What had the focus cannot have it any more.
    if (on) byId("open-cancel").focus();
  }

  private hire(): HiredDesk {
    this.hired = hireDesk((error) => this.refuse(error));
    return this.hired;
  }

  private select(id: string): HTMLSelectElement {
    return byId<HTMLSelectElement>(id);
  }
}

const noneWords: Record<Exclude<Role, "source" | "target">, string> = {
  weight: "none: each row counts 1",
  sign: "none",
  transmitter: "none",
};

const placeOf = (columns: Columns | null, role: Role): string => {
  const at = columns?.[role] ?? null;
  return at === null ? "" : String(at + 1);
};

function option(value: string, text: string): HTMLOptionElement {
  const made = document.createElement("option");
  made.value = value;
  made.textContent = text;
  return made;
}

const short = (hash: string) => hash.slice(0, 8);
