import "./equations.css";
import type { Equation, MathNode } from "./lesson";

// MathML as it is: seven short equations need no typesetter. Letters and signs are those of the bundled Source Serif 4
// (Latin and Greek), so that they look the same where no mathematical typeface is installed; that is also why
// "mean" and "random" are words here.

type Part = MathNode | string;

const node = (name: string, ...parts: Part[]): MathNode => ({ name, attributes: {}, parts });
const having = (attributes: MathNode["attributes"], { name, parts }: MathNode): MathNode => ({
  name,
  attributes,
  parts,
});

const math = (parts: readonly MathNode[], words: string): Equation => ({
  mathml: having({ display: "block", alttext: words }, node("math", ...parts)),
  words,
});

const fence = (letter: string, more: MathNode["attributes"] = {}) =>
  having({ stretchy: "false", ...more }, node("mo", letter));
const spaced = (letter: string, space: string) =>
  having({ lspace: space, rspace: space }, node("mo", letter));
const open = fence("[");
const close = fence("]");
const left = fence("(");
const right = fence(")");
const given = fence("|", { lspace: "0.35em", rspace: "0.35em" });
const minus = spaced("−", "0.35em");
const plus = node("mo", "+");
const equals = node("mo", "=");
const comma = having({ separator: "true" }, node("mo", ","));
const arrow = fence("→", { lspace: "0.1em", rspace: "0.1em" });
const space = (width: string) => having({ width }, node("mspace"));
const word = (text: string) => node("mtext", text);
const row = (...parts: MathNode[]) => node("mrow", ...parts);

const name = (letter: string) => node("mi", letter);
const number = (value: number) => node("mn", String(value));
const operator = (text: string) => having({ class: "operator" }, name(text));
const vector = (letter: string) => having({ class: "vector" }, name(letter));
const matrix = (letter: string) => having({ class: "matrix" }, name(letter));
const sub = (of: MathNode, below: MathNode) => node("msub", of, below);
const squared = (letter: string) => node("msup", name(letter), number(2));
const fraction = (above: MathNode, below: MathNode) => node("mfrac", above, below);
const now = name("t");
const next = row(name("t"), plus, number(1));
const state = vector("x");
const noise = vector("ε");

const effectFrom = (from: string, to: string) => sub(name("δ"), row(name(from), arrow, name(to)));

const expected = (value: number) =>
  row(
    operator("E"),
    open,
    name("B"),
    given,
    operator("do"),
    left,
    row(name("A"), equals, number(value)),
    right,
    close,
  );

const update = row(
  sub(state, next),
  equals,
  name("σ"),
  left,
  row(matrix("A"), space("0.15em"), sub(state, now), plus, sub(noise, now)),
  right,
);

const sourceNow = node("msubsup", name("x"), now, name("i"));
const targetNext = node("msubsup", name("x"), next, name("j"));

const meanGiven = (value: number) =>
  row(operator("mean"), open, targetNext, given, sourceNow, equals, number(value), close);

const table = (...rows: readonly (readonly MathNode[])[]) =>
  node("mtable", ...rows.map((cells) => node("mtr", ...cells.map((cell) => node("mtd", cell)))));

/** Lines one below the other, aligned at their equals signs: a column of words is narrow. */
const aligned = (...rows: readonly (readonly MathNode[])[]) => having({ class: "lines" }, table(...rows));
const lines = (...rows: readonly (readonly [left: MathNode, right: MathNode])[]) =>
  aligned(...rows.map(([before, after]) => [before, row(equals, after)]));

export const twoNeurons: Equation = math(
  [
    lines(
      [name("B"), row(name("A"), plus, name("ε"))],
      [effectFrom("A", "B"), row(expected(1), minus, expected(0))],
    ),
  ],
  "B is A plus noise. The effect of A on B is the expected value of B when we set A to 1, minus the expected value of B when we set A to 0.",
);

export const system: Equation = math(
  [update],
  "The state one step later is the sigmoid of A times the state now, plus noise.",
);

export const perturb: Equation = math(
  [
    table(
      [row(sub(state, now), equals, word("random 0s and 1s")), row(name("t"), word("\u00a0even: perturb"))],
      [update, word("then: respond")],
    ),
  ],
  "At even times the state is set to random zeros and ones. The state one step later is the sigmoid of A times that state, plus noise.",
);

export const oneNeuron: Equation = math(
  [aligned([effectFrom("i", "j"), row(equals, meanGiven(1))], [row(), row(minus, meanGiven(0))])],
  "The effect of neuron i on neuron j is the mean of j one step after i was set to 1, minus the mean of j one step after i was set to 0.",
);

export const allNeurons: Equation = math(
  [
    row(
      sub(name("R"), row(name("j"), name("i"))),
      equals,
      effectFrom("i", "j"),
      spaced("·", "0.3em"),
      fraction(
        row(word("spread of perturbation\u00a0"), name("i")),
        row(word("spread of outcome\u00a0"), name("j")),
      ),
    ),
  ],
  "The correlation estimate in row j, column i is the effect of neuron i on neuron j, times the spread of perturbation i, divided by the spread of outcome j. Spread is the standard deviation.",
);

export const howFar: Equation = math(
  [
    row(
      name("T"),
      equals,
      fraction(row(number(4), squared("z"), squared("s")), squared("δ")),
      comma,
      space("1.6em"),
    ),
    row(name("δ"), equals, fraction(name("c"), name("N"))),
  ],
  "For an effect delta to stand z standard errors clear of 0, it takes T trials: 4 times z squared times the noise s squared, divided by delta squared. And delta shrinks like 1 over N.",
);

export const doOrSee: Equation = math(
  [
    lines(
      [row(operator("see")), row(word("correlation"), left, sourceNow, comma, targetNext, right)],
      [row(operator("do")), effectFrom("i", "j")],
      [sub(name("ε"), name("i")), row(sub(word("own"), name("i")), plus, word("shared"))],
    ),
  ],
  "To see is to correlate source i now with target j one step later. To do is to measure the effect of neuron i on neuron j. The noise of neuron i is its own plus what all neurons share.",
);
