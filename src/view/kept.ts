/** A function that gives the same answer again, unmade, as long as its inputs are the very same. It keeps one. */
export function kept<Inputs extends readonly unknown[], Answer>(
  make: (...inputs: Inputs) => Answer,
): (...inputs: Inputs) => Answer {
  let last: { readonly inputs: Inputs; readonly answer: Answer } | null = null;
  return (...inputs) => {
    const before = last?.inputs;
    if (!last || inputs.some((input, at) => input !== before?.[at]))
      last = { inputs, answer: make(...inputs) };
    return last.answer;
  };
}
