import { count, memory, roughly } from "../ui/words";
import { type Forecast, type LayoutChoice, mostBytes } from "./forecast";

/**
 * What a link may start by itself in the lab: some minutes in software, seconds on a graphics card. Beyond it a person
 * says so, who sees what it costs.
 *
 * Units    work, scaling: as a forecast's; bytes: of all threads together.
 */
export const budget = { work: 2e12, bytes: 2 ** 31, scaling: 1e11 };

/** What a run costs that a link may not start by itself; "" if it may. */
export function priceText(forecast: Forecast, layout: LayoutChoice): string {
  const { work, arrows, scaling } = forecast;
  const bytes = mostBytes(forecast, layout);
  if (scaling > budget.scaling)
    return (
      `The link asks for a network whose scale takes some ${roughly(scaling)} steps through its ` +
      `${count(arrows)} arrows to find; a link starts up to ${roughly(budget.scaling)} by itself: press run to start it.`
    );
  if (work <= budget.work && bytes <= budget.bytes) return "";
  return (
    `The link asks for a run of ${roughly(work)} pair-updates in up to ${memory(bytes)}; a link starts up to ` +
    `${roughly(budget.work)} in ${memory(budget.bytes)} by itself: press run to start it.`
  );
}
