import { intervalHalfWidth } from "../model/inference";
import { css, diverging, niceEnd, opacity } from "./colours";
import { Drawing, type Frame, type Plot } from "./drawing";
import type { Focus } from "./focus";
import { labelStep } from "./labels";
import { count, fixed, stepOf, tickText, withError } from "./numbers";
import { linear, type Scale, ticks } from "./scale";
import { box, label, line, make } from "./svg";

/**
 * What one source does to every target.
 *
 * Shapes   effect, standardError, exact: [targets]
 * Units    outcome (0…1) per perturbation.
 * Missing  NaN in effect or standardError.
 */
export interface BarsData {
  readonly source: number;
  readonly effect: ArrayLike<number>;
  readonly standardError: ArrayLike<number>;
  /** Degrees of freedom of the standard errors. */
  readonly freedom: number;
  /** The exact effects, once they are revealed. */
  readonly exact: ArrayLike<number> | null;
  /** The largest magnitude of the axis and of the colours; kept for a whole run so that nothing jumps. */
  readonly scale: number;
}

/**
 * Lesson 4: bars of one source's effect on every target with 95 % intervals, and the exact effects as outlines once
 * they are revealed. Left and right arrows go from target to target.
 */
export class Bars extends Drawing<BarsData> {
  private plot: Plot = { left: 0, right: 1, top: 0, bottom: 1 };
  private scale: Scale = linear(0, 1, 0, 1);

  protected paint(data: BarsData, frame: Frame): void {
    const { em, width, height, theme } = frame;
    const { body } = this;
    const targets = data.effect.length;
    const plot: Plot = { left: 5.2 * em, right: width - 0.8 * em, top: 2.6 * em, bottom: height - 3.3 * em };
    this.plot = plot;
    const [low, high] = rangeOf(data);
    const scale = linear(low, high, plot.bottom, plot.top);
    this.scale = scale;
    const values = ticks(low, high, Math.min(10, Math.max(3, (plot.bottom - plot.top) / (3 * em))));
    this.leftAxis(
      frame,
      plot,
      scale,
      values,
      (value) => tickText(value, stepOf(values)),
      `effect from neuron ${data.source}, outcome per perturbation`,
    );
    const slot = (plot.right - plot.left) / targets;
    const step = labelStep(targets, plot.right - plot.left, (targets > 100 ? 3 : 2) * em);
    const named = Array.from({ length: Math.ceil(targets / step) }, (_, index) => index * step);
    this.bottomAxis(frame, plot, (target) => this.middle(target), named, String, "to neuron");
    const key = this.paintKey(data, plot, frame);
    const title = [`from neuron ${data.source} to each neuron`, `from neuron ${data.source}`].find(
      (words) => plot.left + this.widthOf(words, em, 600) + 0.8 * em <= key,
    );
    if (title) body.append(label(plot.left, 1.25 * em, "start", "strong", title));
    const clip = `${this.id}-clip`;
    body.append(
      make(
        "clipPath",
        { id: clip },
        box(plot.left, plot.top, plot.right - plot.left, plot.bottom - plot.top, ""),
      ),
    );
    const inside = make("g", { "clip-path": `url(#${clip})` });
    body.append(inside);
    const zero = scale(0);
    const halfWidth = intervalHalfWidth(0.95, data.freedom);
    const bar = Math.min(0.62 * slot, 7 * em);
    for (let target = 0; target < targets; target++) {
      const effect = data.effect[target];
      const error = data.standardError[target];
      const middle = this.middle(target);
      if (Number.isNaN(effect)) {
        inside.append(label(middle, zero - 0.4 * em, "middle", "muted", slot > 6 * em ? "missing" : "?"));
        continue;
      }
      const y = scale(effect);
      inside.append(
        box(middle - bar / 2, Math.min(y, zero), bar, Math.abs(y - zero), "effect-bar", {
          fill: css(diverging(theme, effect / data.scale)),
          // Certainty is opacity, as in the graph; a bar stays visible as a claim even in the mist.
          "fill-opacity": 0.25 + 0.75 * opacity(error > 0 ? Math.abs(effect) / error : 10),
          stroke: css(diverging(theme, Math.sign(effect) * Math.max(0.55, Math.abs(effect) / data.scale))),
          "stroke-width": slot > em ? 1.5 : 0,
        }),
      );
      const reach = halfWidth * error;
      if (reach > 0 && slot > 0.5 * em) {
        const [top, bottom] = [scale(effect + reach), scale(effect - reach)];
        const cap = Math.min(0.5 * em, bar / 3);
        inside.append(
          line(middle, top, middle, bottom, "line"),
          line(middle - cap, top, middle + cap, top, "line"),
          line(middle - cap, bottom, middle + cap, bottom, "line"),
        );
      }
      if (data.exact) {
        const exact = scale(data.exact[target]);
        const wide = Math.min(bar * 1.28, 0.94 * slot);
        inside.append(
          box(middle - wide / 2, Math.min(exact, zero), wide, Math.abs(exact - zero), "outline dashed"),
          line(middle - wide / 2, exact, middle + wide / 2, exact, "line"),
        );
      }
    }
    body.append(line(plot.left, zero, plot.right, zero, "axis"));
  }

  /** Returns where it begins. */
  private paintKey({ exact }: BarsData, plot: Plot, { em }: Frame): number {
    const { body } = this;
    const y = 1.25 * em;
    const right = plot.right;
    const parts = exact ? ["exact effect", "95 % interval"] : ["95 % interval"];
    let x = right;
    for (const part of parts) {
      body.append(label(x, y, "end", "muted", part));
      x -= this.widthOf(part, em) + 0.5 * em;
      if (part === "exact effect")
        body.append(box(x - 1.1 * em, y - 0.85 * em, 1.1 * em, 0.95 * em, "outline dashed"));
      else
        body.append(
          line(x - 0.5 * em, y - 0.95 * em, x - 0.5 * em, y + 0.2 * em, "line"),
          line(x - 0.8 * em, y - 0.95 * em, x - 0.2 * em, y - 0.95 * em, "line"),
          line(x - 0.8 * em, y + 0.2 * em, x - 0.2 * em, y + 0.2 * em, "line"),
        );
      x -= 2.2 * em;
    }
    return x;
  }

  private middle(target: number): number {
    const { left, right } = this.plot;
    const targets = this.data?.effect.length ?? 1;
    return left + ((target + 0.5) / targets) * (right - left);
  }

  protected mark(data: BarsData, { em }: Frame): void {
    const { focus, overlay, plot, scale } = this;
    const targets = data.effect.length;
    const target = targetOf(focus, data.source);
    if (target === null || target >= targets) return;
    const slot = (plot.right - plot.left) / targets;
    const middle = this.middle(target);
    overlay.append(box(middle - slot / 2, plot.top, slot, plot.bottom - plot.top, "lit"));
    const effect = data.effect[target];
    if (Number.isNaN(effect)) return;
    const error = data.standardError[target];
    const exact = data.exact?.[target];
    const reach = intervalHalfWidth(0.95, data.freedom) * error;
    const top = Math.max(effect + (reach > 0 ? reach : 0), exact ?? 0, 0);
    const y = Math.max(plot.top + 1.2 * em, scale(top) - 0.6 * em);
    const text = error > 0 ? withError(effect, error) : fixed(effect, 3);
    const room = 0.27 * em * text.length;
    const x = Math.min(plot.right - room, Math.max(plot.left + room, middle));
    overlay.append(label(x, y, "middle", "strong halo", text));
    overlay.append(label(middle, plot.bottom + 1.25 * em, "middle", "strong halo", String(target)));
  }

  protected describe({ source, effect, standardError, exact }: BarsData): string {
    const order = Array.from({ length: effect.length }, (_, target) => target)
      .filter((target) => !Number.isNaN(effect[target]))
      .sort((a, b) => Math.abs(effect[b]) - Math.abs(effect[a]));
    const missing = effect.length - order.length;
    const strongest = order
      .slice(0, 3)
      .map((target) => {
        const error = standardError[target];
        const value = error > 0 ? withError(effect[target], error) : fixed(effect[target], 3);
        const truth = exact ? `, exact ${fixed(exact[target], 3)}` : "";
        return `neuron ${target} ${value}${truth}`;
      })
      .join("; ");
    return (
      `Bars: effect of neuron ${source} on each of ${count(effect.length)} ${effect.length === 1 ? "neuron" : "neurons"}, ` +
      `from neuron ${source} to each target. ${order.length > 0 ? `Largest: ${strongest}.` : "No effect is known yet."}` +
      `${missing > 0 ? ` ${count(missing)} missing.` : ""}${exact ? "" : " The exact effects are hidden."}`
    );
  }

  protected point(x: number): void {
    const { data, plot, events } = this;
    if (!data) return;
    const target = Math.floor(((x - plot.left) / (plot.right - plot.left)) * data.effect.length);
    events.hover(
      target < 0 || target >= data.effect.length ? null : { kind: "pair", source: data.source, target },
    );
  }

  protected leave(): void {
    this.events.hover(null);
  }

  protected press(key: string): boolean {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[key];
    const { data } = this;
    if (!move || !data) return false;
    const at = targetOf(this.focus, data.source) ?? -move;
    const target = Math.max(0, Math.min(data.effect.length - 1, at + move));
    this.events.hover({ kind: "pair", source: data.source, target });
    return true;
  }
}

/** Which bar a focus lights: a pair of this source, or a neuron as a target. */
function targetOf(focus: Focus, source: number): number | null {
  if (focus?.kind === "pair") return focus.source === source ? focus.target : null;
  // The source itself, lit as such elsewhere, is not meant as a target.
  return focus?.kind === "neuron" && focus.neuron !== source ? focus.neuron : null;
}

/**
 * The axis holds the intervals as far as they reach, within one scale below 0 and two above: what a few trials
 * scatter further is cut. It goes in a few steps as the intervals shrink, and then stays.
 */
function rangeOf({ effect, standardError, freedom, exact, scale }: BarsData): [number, number] {
  const halfWidth = intervalHalfWidth(0.95, freedom);
  let low = 0;
  let high = 0;
  for (let target = 0; target < effect.length; target++) {
    if (Number.isNaN(effect[target])) continue;
    const reach = halfWidth * standardError[target] || 0;
    low = Math.min(low, effect[target] - reach, exact?.[target] ?? 0);
    high = Math.max(high, effect[target] + reach, exact?.[target] ?? 0);
  }
  const end = (value: number, least: number, most: number) =>
    Math.min(most, Math.max(least, niceEnd(1.05 * value)));
  return [-end(-low, 0.25 * scale, scale), end(high, 1.4 * scale, 2 * scale)];
}
