import { type Deviations, normalPart } from "../model/deviations";
import { standardErrors95 } from "../model/summary";
import { Drawing, type Frame, type Plot } from "./drawing";
import { count, fixed } from "./numbers";
import { linear, type Scale } from "./scale";
import { box, label, line, make } from "./svg";

export interface DeviationsData {
  readonly deviations: Deviations;
  /** Whose effects are judged. */
  readonly judged: "GPU" | "CPU";
  /** Of the pair that is looked at; null where nothing is, or nothing is known. */
  readonly z: number | null;
}

/**
 * How far two estimates of every effect lie apart, in standard errors: a histogram over all pairs, and the standard
 * normal curve that it must follow. Left and right arrows go from bar to bar.
 */
export class DeviationsPicture extends Drawing<DeviationsData> {
  private plot: Plot = { left: 0, right: 1, top: 0, bottom: 1 };
  private x: Scale = linear(-1, 1, 0, 1);
  private bin: number | null = null;

  protected paint({ deviations, judged }: DeviationsData, frame: Frame): void {
    const { em, width, height } = frame;
    const { pairs, low, width: step, count: counts } = deviations;
    const plot: Plot = { left: 0.8 * em, right: width - 0.8 * em, top: 0.5 * em, bottom: height - 3.2 * em };
    this.plot = plot;
    const x = linear(low, -low, plot.left, plot.right);
    this.x = x;
    const most = Math.max(
      normalPart(-step / 2, step / 2) * 1.12,
      ...Array.from(counts, (n) => n / Math.max(1, pairs)),
    );
    const y = linear(0, most, plot.bottom, plot.top);
    const bars = make("g");
    // A gap between bars that are wide enough to show one.
    const gap = x(step) - x(0) > 12 ? 1 : 0;
    counts.forEach((pairsHere, bin) => {
      const from = x(low + bin * step);
      const top = y(pairs > 0 ? pairsHere / pairs : 0);
      if (pairsHere > 0)
        bars.append(box(from, top, x(low + (bin + 1) * step) - from - gap, plot.bottom - top, "heap"));
    });
    this.body.append(bars);
    for (const edge of [-standardErrors95, standardErrors95])
      this.body.append(line(x(edge), plot.top, x(edge), plot.bottom, "grid dashed"));
    let path = "";
    for (let at = low; at <= -low + 1e-9; at += 0.1)
      path += `${path === "" ? "M" : "L"}${x(at).toFixed(1)} ${y(normalPart(at - step / 2, at + step / 2)).toFixed(1)}`;
    this.body.append(
      make("path", { d: path, class: "line" }),
      line(plot.left, plot.bottom, plot.right, plot.bottom, "axis"),
    );
    this.bottomAxis(
      frame,
      plot,
      x,
      [-4, -2, 0, 2, 4],
      (value) => fixed(value, 0),
      `${judged} − float64 model, in standard errors`,
    );
    this.paintKey(plot, frame);
  }

  private paintKey({ left, top }: Plot, { em }: Frame): void {
    // Where the picture is narrow, the curve itself has the room.
    if (left + 2.2 * em + this.widthOf("standard normal", em) > this.x(-standardErrors95)) return;
    this.body.append(
      box(left, top + 0.15 * em, 1.3 * em, 0.8 * em, "heap"),
      label(left + 1.8 * em, top + 0.9 * em, "start", "muted", "all pairs"),
      line(left, top + 2.05 * em, left + 1.3 * em, top + 2.05 * em, "line"),
      label(left + 1.8 * em, top + 2.4 * em, "start", "muted", "standard normal"),
    );
  }

  protected mark({ deviations, z }: DeviationsData, { em }: Frame): void {
    const { plot, x, bin, overlay } = this;
    const { low, width } = deviations;
    if (bin !== null) {
      const from = x(low + bin * width);
      overlay.append(box(from, plot.top, x(low + (bin + 1) * width) - from, plot.bottom - plot.top, "lit"));
    }
    if (z === null || !Number.isFinite(z)) return;
    const at = x(Math.min(-low, Math.max(low, z)));
    overlay.append(
      line(at, plot.top, at, plot.bottom, "thin"),
      make("circle", { cx: at, cy: plot.bottom, r: 0.35 * em, class: "fill-ink" }),
    );
  }

  protected describe({ deviations: { pairs, rms, outside }, judged }: DeviationsData): string {
    if (pairs === 0) return `${judged} against the float64 model: no pair can be judged yet`;
    return `${judged} minus float64 model over ${count(pairs)} pairs, in standard errors: root mean square ${fixed(rms, 3)}, expected 1; ${fixed(100 * outside, 1)} % beyond ±1.96, expected 5 %`;
  }

  protected point(x: number): void {
    const { data } = this;
    if (!data) return;
    const { low, width } = data.deviations;
    this.show(Math.floor((this.x.invert(x) - low) / width));
  }

  protected leave(): void {
    this.show(null);
  }

  protected press(key: string): boolean {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[key];
    const { data } = this;
    if (!move || !data) return false;
    const bins = data.deviations.count.length;
    this.show(Math.min(bins - 1, Math.max(0, (this.bin ?? bins / 2 - move) + move)));
    return true;
  }

  private show(bin: number | null): void {
    const { data } = this;
    if (!data) return;
    const isOne = bin !== null && bin >= 0 && bin < data.deviations.count.length;
    if (this.bin === (isOne ? bin : null)) return;
    this.bin = isOne ? bin : null;
    this.remark();
    this.events.say?.(isOne ? binSentence(data.deviations, bin) : null);
  }
}

/** "between 0.25 and 0.5 standard errors: 3,100 pairs, expected 3,098" */
function binSentence({ count: counts, low, width, pairs }: Deviations, bin: number): string {
  const from = low + bin * width;
  const [first, last] = [bin === 0, bin === counts.length - 1];
  const where = first
    ? `below ${edge(from + width)}`
    : last
      ? `above ${edge(from)}`
      : `between ${edge(from)} and ${edge(from + width)}`;
  const part = normalPart(first ? -40 : from, last ? 40 : from + width);
  return `${where} standard errors: ${count(counts[bin])} ${counts[bin] === 1 ? "pair" : "pairs"}, expected ${expectedText(part * pairs)}`;
}

const edge = (value: number): string => fixed(value, 3).replace(/\.?0+$/, "");

const expectedText = (pairs: number): string => (pairs < 10 ? fixed(pairs, 1) : count(pairs));
