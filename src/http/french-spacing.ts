const noBreak = '\u00a0';

/** No-break spaces where French puts a space that must not end a line: before : ; ? ! % », after «. */
export const frenchSpacing = (text: string): string =>
  text.replace(/ ([:;?!%»])/gu, `${noBreak}$1`).replace(/« /gu, `«${noBreak}`);
