/** What the person looks at: one arrow, one neuron, or nothing. The same in every picture. */
export type Focus =
  | { readonly kind: "pair"; readonly source: number; readonly target: number }
  | { readonly kind: "neuron"; readonly neuron: number }
  | null;

export const sameFocus = (a: Focus, b: Focus): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A picture tells the lab what the pointer or the keys have reached, and what was clicked. */
export interface FocusEvents {
  hover(focus: Focus): void;
  select(focus: Focus): void;
}
