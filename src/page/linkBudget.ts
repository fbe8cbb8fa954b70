import { memory, roughly } from "../ui/words";
import type { Forecast } from "./forecast";

/**
 * What a link may start by itself in the lab: some minutes in software, seconds on a graphics card. Beyond it a person
 * says so, who sees what it costs.
 *
 * Units    work: as a forecast's, about a pair-update; bytes: of all threads together.
 */
export const budget = { work: 2e12, bytes: 2 ** 31 };

const isAffordable = ({ work, bytes }: Forecast): boolean => work <= budget.work && bytes <= budget.bytes;

/** What a run costs that a link may not start by itself; "" if it may. */
export function priceText(forecast: Forecast): string {
  if (isAffordable(forecast)) return "";
  const { work, bytes } = forecast;
  return (
    `The link asks for a run of ${roughly(work)} pair-updates in up to ${memory(bytes)}; a link starts up to ` +
    `${roughly(budget.work)} in ${memory(budget.bytes)} by itself: press run to start it.`
  );
}
