// Every number the app shows, copies or announces passes through here (money, tokens, time, shares).

/** Thin space: groups digits without reading as a decimal mark in any locale. */
const THIN = "\u2009";
const MINUS = "\u2212";
const NANOS_PER_DOLLAR = 1_000_000_000;

/** `run`: one run's cost. `sum`: over several runs. `exact`: parts of a bill, which must add up. */
export type MoneyStyle = "run" | "sum" | "exact";

function grouped(whole: number): string {
  return String(whole).replace(/\B(?=(\d{3})+$)/g, THIN);
}

/** Decimal digits of a non-negative figure in nanos, rounded half up in whole numbers: no float drift. */
function fixedNanos(nanos: number, decimals: number): string {
  const unit = 10 ** (9 - decimals);
  const steps = Math.round(nanos / unit);
  const scale = 10 ** decimals;
  const whole = grouped(Math.floor(steps / scale));
  return decimals === 0 ? whole : `${whole}.${String(steps % scale).padStart(decimals, "0")}`;
}

/** How many decimals show two significant digits of a figure under a dollar, at most down to the nano. */
function decimalsForTwoDigits(nanos: number): number {
  return Math.min(9, 10 - Math.floor(Math.log10(nanos)));
}

function decimalsFor(nanos: number, style: MoneyStyle): number {
  if (nanos === 0) return 0;
  if (style === "exact") return nanos < 500 ? 9 : 6;
  if (style === "sum" && nanos >= 10_000_000) return 2;
  // Half of the last digit below the border already shows as the border itself.
  if (nanos >= 999_950_000) return 2;
  if (nanos >= 99_500) return 4;
  return decimalsForTwoDigits(nanos);
}

function signed(value: number, text: string): string {
  return value < 0 ? MINUS + text : text;
}

/** US dollars from nano-dollars. A missing price is said, never shown as zero. */
export function money(nanos: number | null, style: MoneyStyle): string {
  if (nanos === null) return "no price";
  const size = Math.abs(nanos);
  return signed(nanos, "$" + fixedNanos(size, decimalsFor(size, style)));
}

/** The costs of one row, column or axis: all with the decimals that the finest of them needs. */
export function moneyRow(values: readonly (number | null)[]): string[] {
  const decimals = Math.max(
    0,
    ...values.map((value) => (value === null ? 0 : decimalsFor(Math.abs(value), "run"))),
  );
  return values.map((value) => {
    if (value === null || value === 0) return money(value, "run");
    return signed(value, "$" + fixedNanos(Math.abs(value), decimals));
  });
}

/** The ticks of a money axis: as few decimals as tell them all apart exactly. */
export function moneyTicks(nanos: readonly number[]): string[] {
  const fine = nanos.map((value) => {
    for (let decimals = 0; decimals < 9; decimals += 1) {
      if (value % 10 ** (9 - decimals) === 0) return decimals;
    }
    return 9;
  });
  const most = Math.max(0, ...fine);
  const decimals = most === 1 ? 2 : most;
  return nanos.map((value) => "$" + fixedNanos(value, decimals));
}

function twoDigits(nanos: number, keepsZero = false): string {
  if (nanos === 0) return "$0";
  const step = 10 ** (Math.floor(Math.log10(nanos)) - 1);
  const rounded = Math.round(nanos / step) * step;
  if (rounded >= 10 * NANOS_PER_DOLLAR) return "$" + fixedNanos(rounded, 0);
  if (rounded >= NANOS_PER_DOLLAR) return "$" + fixedNanos(rounded, 2);
  const text = "$" + fixedNanos(rounded, Math.max(2, decimalsForTwoDigits(rounded)));
  // $0.14 and $0.09 side by side: a second digit that is zero goes, down to cents.
  return keepsZero ? text : text.replace(/(\.\d\d\d*?)0+$/, "$1");
}

/** An estimate: `$0.09 to $0.14`, two significant digits each; one figure where both read the same. */
export function moneyRange(low: number, high: number): string {
  const [from, to] = [twoDigits(low), twoDigits(high)];
  if (from === to) return from;
  // $0.090 beside $0.092: the zero stays where the other figure needs its place.
  const fine = (text: string): boolean => /\.\d{3}/.test(text);
  return `${twoDigits(low, fine(to))} to ${twoDigits(high, fine(from))}`;
}

/** Money as a screen reader should say it: `11.3 cents`, `1 dollar 41 cents`. */
export function moneySpoken(nanos: number | null): string {
  if (nanos === null) return "no price known";
  if (nanos === 0) return "no cost";
  if (nanos >= 999_500_000) {
    const cents = Math.round(nanos / 10_000_000);
    const dollars = Math.floor(cents / 100);
    const rest = cents % 100;
    return `${dollars} ${dollars === 1 ? "dollar" : "dollars"}${rest === 0 ? "" : ` ${rest} ${rest === 1 ? "cent" : "cents"}`}`;
  }
  const cents = nanos / 10_000_000;
  if (cents < 0.1) return "under a tenth of a cent";
  const text = cents >= 10 ? cents.toFixed(1) : cents.toFixed(2);
  const short = text.replace(/\.?0+$/, "");
  return `${short} ${short === "1" ? "cent" : "cents"}`;
}

/** A price: `$5 / 1 M`, `$2.50 / 1 k`. */
export function rate(nanos: number | null, per: number): string {
  if (nanos === null) return "no price";
  let decimals = nanos % NANOS_PER_DOLLAR === 0 ? 0 : 2;
  while (decimals > 0 && decimals < 9 && nanos % 10 ** (9 - decimals) !== 0) decimals += 1;
  const unit = per === 1_000_000 ? "1 M" : per === 1_000 ? "1 k" : grouped(per);
  return `$${fixedNanos(nanos, decimals)} / ${unit}`;
}

function trimmed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return decimals === 0 ? text : text.replace(/\.?0+$/, "");
}

/** Tokens: `4 812`, from a million `1.08 M`. `plain` for the clipboard and exports: digits only. */
export function tokens(count: number, options: { plain?: boolean } = {}): string {
  const whole = Math.round(count);
  if (options.plain) return String(whole);
  if (whole >= 1_000_000) return `${trimmed(whole / 1_000_000, 2)} M`;
  return grouped(whole);
}

/** A stretch of time: `640 ms`, `29.9 s`, `2 min 14 s`, `1 h 05 min`. */
export function duration(ms: number): string {
  const whole = Math.round(ms);
  if (whole < 1_000) return `${whole} ms`;
  const tenths = Math.round(ms / 100);
  if (tenths < 1_000) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600)
    return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
  const minutes = Math.round(ms / 60_000);
  return `${grouped(Math.floor(minutes / 60))} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** A running clock: always in seconds, so that it does not jump from unit to unit as it advances. */
export function clock(ms: number): string {
  return ms < 99_950 ? `${(Math.floor(ms / 100) / 10).toFixed(1)} s` : duration(ms);
}

/** Time as a screen reader should say it. */
export function durationSpoken(ms: number): string {
  const count = (value: number | string, unit: string): string =>
    `${value} ${unit}${String(value) === "1" ? "" : "s"}`;
  if (Math.round(ms) < 1_000) return count(Math.round(ms), "millisecond");
  const tenths = Math.round(ms / 100);
  if (tenths < 1_000) return count(trimmed(tenths / 10, 1), "second");
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600)
    return `${count(Math.floor(seconds / 60), "minute")} ${count(seconds % 60, "second")}`;
  const minutes = Math.round(ms / 60_000);
  return `${count(Math.floor(minutes / 60), "hour")} ${count(minutes % 60, "minute")}`;
}

function percentDigits(size: number): string {
  const tenths = Math.round(size * 1_000);
  return tenths >= 100 ? grouped(Math.round(size * 100)) : (tenths / 10).toFixed(1);
}

/** A share, from a fraction: `62%`, `7.7%`. A share that is there never shows as zero. */
export function percent(fraction: number): string {
  if (fraction === 0) return "0%";
  const size = Math.abs(fraction);
  if (size < 0.0005) return "<0.1%";
  return signed(fraction, `${percentDigits(size)}%`);
}

/** How far a figure is from the baseline's: `+88%`. Empty where they are the same, or there is none. */
export function delta(value: number, base: number): string {
  if (base === 0) return "";
  const change = (value - base) / Math.abs(base);
  if (Math.abs(change) < 0.0005) return "";
  return `${change > 0 ? "+" : MINUS}${percentDigits(Math.abs(change))}%`;
}

/** A multiple of the baseline's figure: `6.8×`. Empty where they are the same, or either is zero. */
export function times(value: number, base: number): string {
  if (base === 0 || value === 0 || value === base) return "";
  const ratio = value / base;
  if (Math.round(ratio * 10) >= 100) return `${grouped(Math.round(ratio))}×`;
  return `${ratio < 0.095 ? ratio.toPrecision(1) : ratio.toFixed(1)}×`;
}

/** A small count, which may be a median: `7`, `4.5`. */
export function count(value: number): string {
  return Number.isInteger(value) ? grouped(value) : value.toFixed(1);
}

/** The difference of two small counts: `+2`, `−1`, empty where equal. */
export function difference(value: number, base: number): string {
  const change = value - base;
  if (change === 0) return "";
  return `${change > 0 ? "+" : MINUS}${count(Math.abs(change))}`;
}

/** The time of day: `14:32:07`. The zone is the reader's own unless one is given. */
export function clockTime(epochMs: number, timeZone?: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(epochMs);
}

/** A day: `20 Nov`, with the year where it is not this one's. */
export function day(epochMs: number, now = Date.now(), timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const year = (ms: number): string =>
    new Intl.DateTimeFormat("en-GB", { year: "numeric", ...zone }).format(ms);
  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    ...(year(epochMs) === year(now) ? {} : { year: "numeric" }),
    ...zone,
  }).format(epochMs);
}

/** A moment of another day: `20 Nov, 14:32`. */
export function dayTime(epochMs: number, now = Date.now(), timeZone?: string): string {
  return `${day(epochMs, now, timeZone)}, ${clockTime(epochMs, timeZone).slice(0, 5)}`;
}

/** A size: `640 B`, `12.4 kB`, `1.2 MB`. */
export function bytes(count: number): string {
  if (count < 1_000) return `${count} B`;
  if (count < 999_950) return `${(count / 1_000).toFixed(1)} kB`;
  return `${(count / 1_000_000).toFixed(1)} MB`;
}
