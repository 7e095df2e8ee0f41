import { z } from 'zod';

/** What a User-Agent says of itself, as far as its owner would: nothing that tells two people apart. */
export const deviceSchema = z.object({ browser: z.string().optional(), system: z.string().optional() });
export type Device = z.output<typeof deviceSchema>;

/** The first that matches names it: Edge, Opera and Samsung Internet also call themselves Chrome, Chrome also Safari. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\b(?:OPR|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\bHeadlessChrome\/|\b(?:Chrome|CriOS)\//, 'Chrome'],
  [/\bChromium\//, 'Chromium'],
  [/\bVersion\/[\d.]+.* Safari\//, 'Safari'],
];

/** Android before Linux, iPhone before Mac: they also name those. */
const systems: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

export function deviceOf(userAgent: string): Device {
  // Whoever sends more than this is no browser; and no pattern reads a long line.
  const text = userAgent.slice(0, 400);
  const browser = named(browsers, text);
  const system = named(systems, text);
  return {
    ...(browser === undefined ? {} : { browser }),
    ...(system === undefined ? {} : { system }),
  };
}

function named(table: readonly (readonly [RegExp, string])[], text: string): string | undefined {
  return table.find(([pattern]) => pattern.test(text))?.[1];
}
