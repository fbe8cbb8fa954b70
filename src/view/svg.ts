const namespace = "http://www.w3.org/2000/svg";

export type Attributes = Readonly<Record<string, string | number>>;

/** An SVG element. Numbers are kept to hundredths of a pixel, so that exports stay small. */
export function make<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes))
    element.setAttribute(key, typeof value === "number" ? String(Math.round(value * 100) / 100) : value);
  element.append(...children);
  return element;
}

/** A line of text; y is its baseline. Editors disagree on `dominant-baseline`, so nothing here uses it. */
export const label = (
  x: number,
  y: number,
  anchor: "start" | "middle" | "end",
  name: string,
  text: string,
): SVGTextElement => make("text", { x, y, "text-anchor": anchor, class: name }, text);

/** How far below its middle the baseline of digits and capitals lies, in em. */
export const halfDigit = 0.34;

/** A line of text that runs upwards beside a vertical axis, its middle at (x, y). */
export const upright = (x: number, y: number, name: string, text: string): SVGTextElement =>
  make(
    "text",
    {
      x: 0,
      y: 0,
      transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(-90)`,
      "text-anchor": "middle",
      class: name,
    },
    text,
  );

export const line = (x1: number, y1: number, x2: number, y2: number, name: string): SVGLineElement =>
  make("line", { x1, y1, x2, y2, class: name });

export const box = (
  x: number,
  y: number,
  width: number,
  height: number,
  name: string,
  more: Attributes = {},
): SVGRectElement =>
  make("rect", { x, y, width: Math.max(0, width), height: Math.max(0, height), class: name, ...more });

/** Many round dots as one element: a path of strokes without length, with round ends. */
export function dots(at: Iterable<readonly [number, number]>, diameter: number, name: string, colour = "") {
  let path = "";
  for (const [x, y] of at) path += `M${x.toFixed(1)} ${y.toFixed(1)}h0`;
  const element = make("path", { d: path, class: `dots ${name}` });
  // A style, since the sheet's stroke of a path would win over an attribute; by property, as the page's policy asks.
  element.style.strokeWidth = `${diameter.toFixed(2)}px`;
  if (colour) element.style.stroke = colour;
  return element;
}
