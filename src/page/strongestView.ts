import { byNumber, type Called, Names, shortName } from "../model/names";
import type { State } from "../ui/state";
import { count, fixed, pairName, withError } from "../ui/words";
import { type Focus, type FocusEvents, sameFocus } from "../view/focus";
import type { Picture, Prepared } from "./desk";
import { byId, write } from "./elements";
import { exactOf } from "./lookup";

interface Row {
  readonly element: HTMLTableRowElement;
  readonly button: HTMLButtonElement;
  readonly effect: HTMLTableCellElement;
  readonly exact: HTMLTableCellElement;
  focus: Focus;
}

/**
 * The most certain effects as a table, the most certain first. Its rows stay where they are and change what they say, so
 * that the keyboard's place is not lost while trials run.
 */
export class StrongestView {
  private readonly rows: Row[] = [];
  private prepared: Prepared | null = null;
  private called: Called = byNumber;
  private picture: Picture | null = null;
  private state: State;
  private focus: Focus = null;

  constructor(
    state: State,
    private readonly events: FocusEvents,
  ) {
    this.state = state;
  }

  setView(state: State): void {
    this.state = state;
    this.draw();
  }

  begin(prepared: Prepared): void {
    this.prepared = prepared;
    this.called = prepared.names ? new Names(prepared.names).called : byNumber;
    this.picture = null;
    this.draw();
  }

  show(picture: Picture): void {
    this.picture = picture;
    this.draw();
  }

  /** What is looked at, here or in another picture. */
  highlight(focus: Focus): void {
    this.focus = focus;
    for (const row of this.rows) this.light(row);
  }

  private light({ element, button, focus }: Row): void {
    const isLit = focus !== null && sameFocus(focus, this.focus);
    element.classList.toggle("lit", isLit);
    button.ariaCurrent = isLit ? "true" : null;
  }

  private draw(): void {
    const { picture, prepared, state } = this;
    if (state.view.charts !== "strongest") return;
    const pairs = picture?.strongest ?? [];
    const truth = state.view.truth === "shown";
    while (this.rows.length < pairs.length) this.rows.push(this.makeRow());
    this.rows.forEach((row, rank) => {
      const pair = pairs[rank];
      row.element.hidden = !pair;
      row.focus = null;
      if (!pair) return;
      const { source, target, effect, standardError } = pair;
      row.focus = { kind: "pair", source, target };
      const exact = prepared && truth ? exactOf(prepared.network, prepared.exact, source, target) : null;
      set(row.button, `${shortName(this.called(source))} → ${shortName(this.called(target))}`);
      row.button.title = prepared?.names ? pairName(source, target, this.called) : "";
      set(row.effect, withError(effect, standardError));
      set(row.exact, exact === null ? "" : exact === 0 ? "0" : fixed(exact, 3));
      this.light(row);
    });
    write("strongest-note", noteOf(picture, pairs.length));
  }

  private makeRow(): Row {
    const element = byId<HTMLTableElement>("strongest-table").tBodies[0].insertRow();
    const rank = document.createElement("th");
    rank.scope = "row";
    rank.textContent = String(this.rows.length + 1);
    element.append(rank);
    const button = document.createElement("button");
    button.type = "button";
    element.insertCell().append(button);
    const row: Row = {
      element,
      button,
      effect: element.insertCell(),
      exact: element.insertCell(),
      focus: null,
    };
    element.addEventListener("pointerenter", () => this.events.hover(row.focus));
    element.addEventListener("pointerleave", () => this.events.hover(null));
    button.addEventListener("focus", () => this.events.hover(row.focus));
    button.addEventListener("blur", () => this.events.hover(null));
    element.addEventListener("click", () => this.events.select(row.focus));
    return row;
  }
}

function set(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function noteOf(picture: Picture | null, shown: number): string {
  if (!picture) return "no trials yet";
  if (shown === 0) return "nothing stands out yet";
  return shown < picture.candidates
    ? `the ${shown} most certain of ${count(picture.candidates)}`
    : "the most certain first";
}
