import type { Focus } from "../view/focus";
import { allCells, type Cells, columnOf, type Pairs, type Window, wholeOf } from "../view/pixels";
import { around, parseCells, sameWindow, writeCells } from "../view/zoom";
import type { CellsOnShow } from "./desk";

/** Cells across a lens. */
const lensCells = 15;

/** Milliseconds after the last turn of the wheel: a link for each of them would fill the browser's history. */
const rest = 400;

export interface MatrixWindowEvents {
  /** Any part of the matrices, from who has them. */
  ask(cells: Cells): Promise<CellsOnShow>;
  /** The part that is to be shown now. */
  found(part: CellsOnShow): void;
  /** The single cells under the pointer; null: the pixels show them already, or nothing is pointed at. */
  magnified(part: CellsOnShow | null): void;
  /** What part a person has come to rest at, in words for a link. */
  rested(cells: string): void;
}

/** Which part of the matrices is on show, and how its pixels stand for pairs: the same for both of them. */
export class MatrixWindow {
  private pairs: Pairs | null = null;
  private shown = allCells;
  /** Of several questions the last one counts. */
  private asked = 0;
  /** The cells under the pointer, as far as a lens is needed to see them; of these one question at a time is asked. */
  private aimed: Window | null = null;
  private aiming: symbol | null = null;
  private resting: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly events: MatrixWindowEvents) {}

  get cells(): Cells {
    return this.shown;
  }

  /** Other matrices, all of which is on show, and then the part that a link asks for. */
  lay(pairs: Pairs, cells: string, pooling: Cells["pooling"]): void {
    clearTimeout(this.resting);
    this.asked++;
    this.aimed = null;
    // Who was asked about other matrices may be gone, and never answer.
    this.aiming = null;
    this.pairs = pairs;
    this.shown = allCells;
    this.take(cells, pooling);
  }

  /** The part that a link asks for. */
  take(cells: string, pooling: Cells["pooling"]): void {
    const { pairs, shown } = this;
    const window = parseCells(cells);
    const isSameWindow =
      shown.window === null || window === null ? shown.window === window : sameWindow(shown.window, window);
    if (!pairs || (isSameWindow && shown.pooling === pooling)) return;
    this.shown = { window, pooling };
    void this.show(pairs);
  }

  /** Another part, while a person zooms or drags. */
  look(window: Window): void {
    const { pairs } = this;
    if (!pairs) return;
    const whole = wholeOf(pairs);
    this.shown = { ...this.shown, window: sameWindow(window, whole) ? null : window };
    void this.show(pairs);
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.events.rested(writeCells(window, whole)), rest);
  }

  private async show(pairs: Pairs): Promise<void> {
    const call = ++this.asked;
    // Who is asked may be reading another network by now, and know none of these.
    const found = await this.events.ask(this.shown).catch(() => null);
    if (found && call === this.asked && pairs === this.pairs) this.events.found(found);
  }

  /** A pair is pointed at; `isFine` says that its cell alone cannot be seen. */
  aim(focus: Focus, isFine: boolean): void {
    const { pairs } = this;
    const column = pairs && focus?.kind === "pair" ? columnOf(pairs.sources, focus.source) : -1;
    const isSeen = !pairs || focus?.kind !== "pair" || column < 0 || !isFine;
    this.aimed = isSeen ? null : around(wholeOf(pairs), focus.target, column, lensCells);
    if (!this.aimed) this.events.magnified(null);
    else if (!this.aiming) void this.magnify();
  }

  /** Asks until the answer is about where the pointer is now. */
  private async magnify(): Promise<void> {
    const mine = Symbol();
    this.aiming = mine;
    for (let known: Window | null = null; this.aimed !== null && this.aimed !== known; ) {
      known = this.aimed;
      const found = await this.events.ask({ window: known, pooling: "largest" }).catch(() => null);
      if (this.aiming !== mine) return;
      if (found && this.aimed === known) this.events.magnified(found);
    }
    this.aiming = null;
  }
}
