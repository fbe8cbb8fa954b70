import type { MathNode } from "../lessons/lesson";

/** MathML as elements: built one by one, so that the page never reads text as markup. */
export function mathElement({ name, attributes, parts }: MathNode): Element {
  const element = document.createElementNS("http://www.w3.org/1998/Math/MathML", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...parts.map((part) => (typeof part === "string" ? part : mathElement(part))));
  return element;
}
