/** Counts as people read them. Says nothing that was not counted. */

/** "of 550 requests to web:8, 136 failed (24.7 %)" */
export function failed(whom: string, requests: number, errors: number): string {
  return `of ${count(requests)} requests to ${whom}, ${count(errors)} failed (${rate(errors, requests)})`;
}

export function rate(errors: number, requests: number): string {
  return percent(requests === 0 ? 0 : errors / requests);
}

/** "24.7 %"; below a tenth of a percent its first digit: "0.03 %". */
export function percent(share: number): string {
  const hundredths = share * 100;
  if (hundredths === 0) return '0 %';
  return `${hundredths < 0.1 ? hundredths.toPrecision(1) : Number(hundredths.toFixed(1))} %`;
}

/** "11,400" */
export function count(number: number): string {
  return String(Math.round(number)).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
