/**
 * A measured curve over a logarithmic axis, thinned to what the axis can show, so that
 * it stays small however long the run.
 */
export class MeasuredCurve {
  readonly trials: number[] = [];
  readonly values: number[] = [];
  private readonly least: number;

  /** total: trials at the end of the axis. */
  constructor(total: number) {
    this.least = Math.log(Math.max(2, total)) / 300;
  }

  add(trials: number, value: number): void {
    const last = this.trials.length - 1;
    const before = this.trials[last - 1];
    if (this.trials[last] === trials || (last > 0 && Math.log(this.trials[last] / before) < this.least)) {
      this.trials.pop();
      this.values.pop();
    }
    this.trials.push(trials);
    this.values.push(value);
  }
}
