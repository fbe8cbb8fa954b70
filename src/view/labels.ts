import { byNumber, type Called, shortName } from "../model/names";

/** Characters of a name beside its neuron. */
const mostName = 6;

/** Neuron numbers over the graph, as text of the page: crisp at any zoom, in the page's own type. */
export class Labels {
  private readonly spans = new Map<number, HTMLSpanElement>();

  /** What the neurons are called. */
  called: Called = byNumber;

  textOf(neuron: number): string {
    return shortName(this.called(neuron), mostName);
  }

  /** Pixels from one to the next along a ring. */
  get room(): number {
    return this.called === byNumber ? 30 : 46;
  }

  constructor(private readonly host: HTMLElement) {
    host.ariaHidden = "true";
  }

  /** Shows these neurons' numbers at these points, in CSS pixels from the host's middle, y downwards. */
  show(neurons: readonly number[], at: (neuron: number) => readonly [number, number]): void {
    const wanted = new Set(neurons);
    for (const [neuron, span] of this.spans) {
      if (wanted.has(neuron)) continue;
      span.remove();
      this.spans.delete(neuron);
    }
    for (const neuron of neurons) {
      let span = this.spans.get(neuron);
      if (!span) {
        span = document.createElement("span");
        span.className = "label";
        span.textContent = this.textOf(neuron);
        this.host.append(span);
        this.spans.set(neuron, span);
      }
      const [x, y] = at(neuron);
      span.style.transform = `translate(calc(${x.toFixed(1)}px - 50%), calc(${y.toFixed(1)}px - 50%))`;
    }
  }

  /** Marks some of the numbers, for contrast on a lit disc or to make them stand out. */
  mark(name: string, marked: (neuron: number) => boolean): void {
    for (const [neuron, span] of this.spans) span.classList.toggle(name, marked(neuron));
  }
}

/** A label's box on the screen, in pixels: its middle and the length of its text. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly letters: number;
}

/** Pixels that a letter takes, and a line, with some air around. */
const [letter, line, air] = [9, 17, 4];

/** Of boxes in order of importance, which to show so that none lies on another; `most` at most. */
export function apart(boxes: readonly Box[], most: number): number[] {
  const shown: number[] = [];
  for (let at = 0; at < boxes.length && shown.length < most; at++) {
    const { x, y, letters } = boxes[at];
    const isFree = shown.every((other) => {
      const box = boxes[other];
      const wide = (letter * (letters + box.letters)) / 2 + air;
      return Math.abs(box.x - x) >= wide || Math.abs(box.y - y) >= line;
    });
    if (isFree) shown.push(at);
  }
  return shown;
}

/** Every how many neurons a number fits on a ring. */
export function labelStep(neurons: number, circumference: number, room: number): number {
  for (let power = 1; ; power *= 10)
    for (const step of [1, 2, 5])
      if ((circumference / neurons) * step * power >= room || step * power >= neurons) return step * power;
}
