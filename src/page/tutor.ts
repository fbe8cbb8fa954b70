import { proxy, type Remote, wrap } from "comlink";
import type { ContestRequest, ExpectedAt } from "./contest";
import type { Desk } from "./desk";
import { hireWorker } from "./hire";

/** A worker of the lessons' own, hired when the first lesson opens: their replays never keep a run waiting. */
export class Tutor {
  private desk: Remote<Desk> | null = null;

  readonly lesson: Desk["lesson"] = (request) => this.hired.lesson(request);
  readonly rung: Desk["rung"] = (request) => this.hired.rung(request);
  readonly contest: Desk["contest"] = (request, tell) => this.hired.contest(request, proxy(tell));
  readonly expectContest = (request: ContestRequest): Promise<ExpectedAt[]> =>
    this.hired.expectContest(request);

  endContest(): void {
    void this.desk?.endContest();
  }

  private get hired(): Remote<Desk> {
    this.desk ??= wrap<Desk>(hireWorker());
    return this.desk;
  }
}
