import type { Confidence } from "../model/inference";
import type { Recovery } from "../model/recovery";
import type { State, ViewOptions } from "../ui/state";
import { count, fixed, percent } from "../ui/words";
import { CurvesPicture, type ThresholdCurve } from "../view/curvesPicture";
import type { Picture, Prepared, Recovered } from "./desk";
import { byId, write } from "./elements";

/** A recovery takes a sort of all pairs; while trials run it may take this share of the time. */
const mostShare = 0.15;

/** How well the wiring comes out of the estimates: two curves and a few numbers, of the last picture. */
export class RecoveryView {
  private readonly curves = new CurvesPicture(byId("recovery-curves"), {
    hover() {},
    select() {},
    say: (words) => write("recovery-said", words ?? ""),
  });
  private view: ViewOptions;
  private picture: Picture | null = null;
  private prepared: Prepared | null = null;
  /** Counts experiments: an answer about an earlier one is not wanted any more. */
  private life = 0;
  private asking = false;
  private isRunning = true;
  private next = 0;
  /** What the numbers on show are about. */
  private known = "";

  constructor(
    { view }: State,
    private readonly ask: (confidence: Confidence) => Promise<Recovered | null>,
  ) {
    this.view = view;
  }

  setView({ view }: State): void {
    this.view = view;
    this.curves.setTheme(view.theme);
    void this.update();
  }

  begin(prepared: Prepared): void {
    this.prepared = prepared;
    this.picture = null;
    this.life++;
    this.asking = false;
    this.next = 0;
    this.known = "";
    this.draw(null);
  }

  show(picture: Picture): void {
    this.picture = picture;
    void this.update();
  }

  /** While trials run, the numbers follow at their leisure; afterwards they are to be of all trials. */
  setRunning(isRunning: boolean): void {
    this.isRunning = isRunning;
    void this.update();
  }

  private get wanted(): string {
    const { picture, view } = this;
    return picture ? [picture.trials, view.level, view.rate].join() : "";
  }

  private async update(): Promise<void> {
    const { wanted, life } = this;
    if (this.view.charts !== "recovery" || this.asking || wanted === "" || wanted === this.known) return;
    const begun = performance.now();
    if (this.isRunning && begun < this.next) return;
    this.asking = true;
    const { level, rate } = this.view;
    try {
      const recovered = await this.ask({ level, rate });
      if (life !== this.life) return;
      this.known = recovered ? [recovered.trials, level, rate].join() : wanted;
      this.draw(recovered);
    } finally {
      if (life === this.life) {
        this.asking = false;
        this.next = begun + (performance.now() - begun) / mostShare;
        void this.update();
      }
    }
  }

  private draw(recovered: Recovered | null): void {
    const reason = this.whyNot(recovered);
    const detection = recovered?.recovery.detection ?? null;
    byId("recovery-curves").hidden = detection === null;
    write("recovery-reason", detection === null ? reason : "");
    if (recovered && detection) this.curves.draw({ curves: curvesOf(recovered), pointName: "discoveries" });
    const numbers = numbersOf(recovered, reason);
    for (const [id, value] of Object.entries(numbers)) write(id, value);
    byId("recovery").dataset.trials = String(recovered?.trials ?? "");
    byId("recovery").dataset.area = String(detection?.roc.area ?? "");
  }

  /** Why there are no curves. */
  private whyNot(recovered: Recovered | null): string {
    const { network } = this.prepared ?? {};
    if (!network || recovered === null) return "no trials yet";
    if (recovered.recovery.detection) return "";
    if (network.source.length === 0) return "there are no arrows";
    if (network.source.length === network.neurons ** 2) return "all pairs are arrows";
    return "no effect is known yet";
  }
}

/** ROC, and precision against recall; the discoveries lie on both. */
function curvesOf({ recovery }: Recovered): ThresholdCurve[] {
  const { detection, discoveries, falsePositives } = recovery;
  if (!detection) return [];
  const { roc, precisionRecall } = detection;
  const arrows = discoveries.true + discoveries.missed;
  const others = falsePositives.pairs;
  const found = discoveries.true / arrows;
  const claims = discoveries.claimed > 0 && arrows > 0 && others > 0;
  return [
    {
      names: ["ROC", "ROC"],
      area: roc.area,
      x: roc.falsePositiveRate,
      y: roc.truePositiveRate,
      xTitles: ["false positive rate", "false"],
      yTitles: ["true positive rate", "true"],
      guess: [0, 1],
      point: claims ? { x: discoveries.false / others, y: found } : null,
    },
    {
      names: ["Precision, recall", "PR"],
      area: precisionRecall.area,
      x: precisionRecall.recall,
      y: precisionRecall.precision,
      xTitles: ["recall", "recall"],
      yTitles: ["precision", "precision"],
      guess: [arrows / (arrows + others), arrows / (arrows + others)],
      point: claims ? { x: found, y: 1 - (discoveries.falseShare ?? 0) } : null,
    },
  ];
}

/** Texts by the elements they belong to. What cannot be known is a dash with its reason. */
function numbersOf(recovered: Recovered | null, reason: string): Record<string, string> {
  if (!recovered) {
    const dash = "–";
    return {
      claimed: dash,
      "claimed-true": dash,
      "claimed-false": dash,
      "claimed-missed": dash,
      "false-share": `– ${reason}`,
      coverage: dash,
      "false-positives": dash,
      ranks: dash,
      "ranks-agreement": dash,
    };
  }
  const { recovery, agreement } = recovered;
  const { discoveries, interval, falsePositives } = recovery;
  const tested = discoveries.tested > 0;
  const some = (value: number) => (tested ? count(value) : "–");
  return {
    claimed: some(discoveries.claimed),
    "claimed-true": some(discoveries.true),
    "claimed-false": some(discoveries.false),
    "claimed-missed": some(discoveries.missed),
    "false-share":
      discoveries.falseShare === null
        ? `– ${tested ? "nothing is claimed" : "too few trials"}`
        : percent(discoveries.falseShare),
    coverage: interval.coverage === null ? "– too few trials" : percent(interval.coverage),
    "false-positives": positives(falsePositives, tested),
    ranks: recovery.spearman === null ? "–" : fixed(recovery.spearman, 3),
    "ranks-agreement": agreement === null ? `– ${reason}` : fixed(agreement, 3),
  };
}

function positives({ pairs, share }: Recovery["falsePositives"], tested: boolean): string {
  if (share !== null) return `${percent(share)} of ${count(pairs)}`;
  return `– ${tested ? "all pairs are arrows" : "too few trials"}`;
}
