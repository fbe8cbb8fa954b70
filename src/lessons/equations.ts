import "./equations.css";
import type { Equation } from "./lesson";

// MathML as it is: seven short equations need no typesetter. Letters and signs are those of the bundled Source Serif 4
// (Latin and Greek), so that they look the same where no mathematical typeface is installed; that is also why
// "mean" and "random" are words here.

const math = (content: string, words: string): Equation => ({
  mathml: `<math xmlns="http://www.w3.org/1998/Math/MathML" display="block" alttext="${words}">${content}</math>`,
  words,
});

const open = '<mo stretchy="false">[</mo>';
const close = '<mo stretchy="false">]</mo>';
const left = '<mo stretchy="false">(</mo>';
const right = '<mo stretchy="false">)</mo>';
const given = '<mo stretchy="false" lspace="0.35em" rspace="0.35em">|</mo>';
const minus = '<mo lspace="0.35em" rspace="0.35em">−</mo>';
const plus = "<mo>+</mo>";
const equals = "<mo>=</mo>";
const comma = '<mo separator="true">,</mo>';
const arrow = '<mo stretchy="false" lspace="0.1em" rspace="0.1em">→</mo>';
const space = '<mspace width="1.6em"></mspace>';
const word = (text: string) => `<mtext>${text}</mtext>`;
const row = (...parts: string[]) => `<mrow>${parts.join("")}</mrow>`;

const name = (letter: string) => `<mi>${letter}</mi>`;
const sub = (of: string, below: string) => `<msub>${of}${below}</msub>`;
const squared = (letter: string) => `<msup>${name(letter)}<mn>2</mn></msup>`;
const now = name("t");
const next = row(name("t"), plus, "<mn>1</mn>");
const state = '<mi class="vector">x</mi>';
const noise = '<mi class="vector">ε</mi>';

const effectFrom = (from: string, to: string) => sub(name("δ"), row(name(from), arrow, name(to)));

const expected = (value: number) =>
  row(
    '<mi class="operator">E</mi>',
    open,
    name("B"),
    given,
    '<mi class="operator">do</mi>',
    left,
    row(name("A"), equals, `<mn>${value}</mn>`),
    right,
    close,
  );

const update = row(
  sub(state, next),
  equals,
  name("σ"),
  left,
  row(
    '<mi class="matrix">A</mi>',
    '<mspace width="0.15em"></mspace>',
    sub(state, now),
    plus,
    sub(noise, now),
  ),
  right,
);

const sourceNow = `<msubsup>${name("x")}${now}${name("i")}</msubsup>`;
const targetNext = `<msubsup>${name("x")}${next}${name("j")}</msubsup>`;

const meanGiven = (value: number) =>
  row(
    '<mi class="operator">mean</mi>',
    open,
    targetNext,
    given,
    sourceNow,
    equals,
    `<mn>${value}</mn>`,
    close,
  );

/** Lines one below the other, aligned at their equals signs: a column of words is narrow. */
const lines = (...rows: readonly (readonly [left: string, right: string])[]) =>
  `<mtable class="lines">${rows.map(([before, after]) => `<mtr><mtd>${before}</mtd><mtd>${row(equals, after)}</mtd></mtr>`).join("")}</mtable>`;

export const twoNeurons: Equation = math(
  lines(
    [name("B"), row(name("A"), plus, name("ε"))],
    [effectFrom("A", "B"), row(expected(1), minus, expected(0))],
  ),
  "B is A plus noise. The effect of A on B is the expected value of B when we set A to 1, minus the expected value of B when we set A to 0.",
);

export const system: Equation = math(
  update,
  "The state one step later is the sigmoid of A times the state now, plus noise.",
);

export const perturb: Equation = math(
  `<mtable>` +
    `<mtr><mtd>${row(sub(state, now), equals, word("random 0s and 1s"))}</mtd><mtd>${row(name("t"), word("&#160;even: perturb"))}</mtd></mtr>` +
    `<mtr><mtd>${update}</mtd><mtd>${word("then: respond")}</mtd></mtr>` +
    "</mtable>",
  "At even times the state is set to random zeros and ones. The state one step later is the sigmoid of A times that state, plus noise.",
);

export const oneNeuron: Equation = math(
  `<mtable class="lines"><mtr><mtd>${effectFrom("i", "j")}</mtd><mtd>${row(equals, meanGiven(1))}</mtd></mtr>` +
    `<mtr><mtd></mtd><mtd>${row(minus, meanGiven(0))}</mtd></mtr></mtable>`,
  "The effect of neuron i on neuron j is the mean of j one step after i was set to 1, minus the mean of j one step after i was set to 0.",
);

export const allNeurons: Equation = math(
  row(
    sub(name("R"), row(name("j"), name("i"))),
    equals,
    effectFrom("i", "j"),
    '<mo lspace="0.3em" rspace="0.3em">·</mo>',
    `<mfrac>${row(word("spread of perturbation&#160;"), name("i"))}${row(word("spread of outcome&#160;"), name("j"))}</mfrac>`,
  ),
  "The correlation estimate in row j, column i is the effect of neuron i on neuron j, times the spread of perturbation i, divided by the spread of outcome j. Spread is the standard deviation.",
);

export const howFar: Equation = math(
  row(
    name("T"),
    equals,
    `<mfrac>${row("<mn>4</mn>", squared("z"), squared("s"))}${squared("δ")}</mfrac>`,
    comma,
    space,
  ) + row(name("δ"), equals, `<mfrac>${name("c")}${name("N")}</mfrac>`),
  "For an effect delta to stand z standard errors clear of 0, it takes T trials: 4 times z squared times the noise s squared, divided by delta squared. And delta shrinks like 1 over N.",
);

export const doOrSee: Equation = math(
  lines(
    [
      row('<mi class="operator">see</mi>'),
      row(word("correlation"), left, sourceNow, comma, targetNext, right),
    ],
    [row('<mi class="operator">do</mi>'), effectFrom("i", "j")],
    [sub(name("ε"), name("i")), row(sub(word("own"), name("i")), plus, word("shared"))],
  ),
  "To see is to correlate source i now with target j one step later. To do is to measure the effect of neuron i on neuron j. The noise of neuron i is its own plus what all neurons share.",
);
