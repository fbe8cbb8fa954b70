/** What the person looks at: one arrow, one neuron, or nothing. The same in every picture. */
export type Focus =
  | { readonly kind: "pair"; readonly source: number; readonly target: number }
  | { readonly kind: "neuron"; readonly neuron: number }
  | null;

/** Neurons up to which a network is shown whole when one of them is looked at; of larger ones, that one's arrows. */
export const mostWhole = 100;

export const sameFocus = (a: Focus, b: Focus): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Whether an arrow is part of what is looked at; with nothing in focus, all are. */
export function touches(focus: Focus, source: number, target: number): boolean {
  if (focus === null) return true;
  if (focus.kind === "neuron") return source === focus.neuron || target === focus.neuron;
  return source === focus.source && target === focus.target;
}

export function inFocus(focus: Focus, neuron: number): boolean {
  if (focus === null) return false;
  if (focus.kind === "neuron") return focus.neuron === neuron;
  return focus.source === neuron || focus.target === neuron;
}

/** A picture tells the lab what the pointer or the keys have reached, and what was clicked. */
export interface FocusEvents {
  hover(focus: Focus): void;
  select(focus: Focus): void;
}
