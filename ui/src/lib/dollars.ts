// Amounts as a person types them, in whole nano-dollars: no float touches money.

const NANOS = 1_000_000_000;
/** Far above what anybody sets, and far below where a number loses its last digit. */
const MOST_DOLLARS = 1_000_000;

/** Nano-dollars of "12.50", "$0.05" or "1 000"; null for nothing, undefined for what is no amount. */
export function readDollars(text: string): number | null | undefined {
  const plain = text.replaceAll(/[\s\u2009_$]/g, "").replace(",", ".");
  if (plain === "") return null;
  const match = /^(\d{1,7})(?:\.(\d{0,9}))?$/.exec(plain);
  if (!match) return undefined;
  const dollars = Number(match[1]);
  const part = Number((match[2] ?? "").padEnd(9, "0"));
  if (dollars > MOST_DOLLARS) return undefined;
  return dollars * NANOS + part;
}

/** As it is typed: `12.5` for 12 500 000 000 nano-dollars. */
export function writeDollars(nanos: number | null): string {
  if (nanos === null) return "";
  const part = String(nanos % NANOS)
    .padStart(9, "0")
    .replace(/0+$/, "");
  const whole = String(Math.floor(nanos / NANOS));
  if (part === "") return whole;
  return `${whole}.${part.padEnd(2, "0")}`;
}
