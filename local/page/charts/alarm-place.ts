/**
 * In which chart an alarm's number belongs, as far as its label tells: only a number of the same
 * kind and unit may be drawn over what the revisions answered. Every other alarm has its own chart.
 */
import type { PageAlarm } from '../../server/page-state.ts';

export interface AlarmPlace {
  readonly chart: 'errors' | 'latency' | 'own';
  /** From the alarm's unit to the chart's: percent, ms, or as it is. */
  readonly factor: number;
}

const OWN: AlarmPlace = { chart: 'own', factor: 1 };

export function alarmPlace({ label = '' }: Pick<PageAlarm, 'label'>): AlarmPlace {
  const ofErrors = /\b[45]xx\b|error|fault|fail/i.test(label);
  if (ofErrors) return /%|percent/i.test(label) ? { chart: 'errors', factor: 1 } : OWN;
  // Its unit is seconds: "Application Load Balancer metrics".
  if (/^TargetResponseTime$/i.test(label)) return { chart: 'latency', factor: 1000 };
  const ofLatency = /latency|response time|duration/i.test(label);
  return ofLatency && /\bms\b|milliseconds/i.test(label) ? { chart: 'latency', factor: 1 } : OWN;
}

/** `above`, `at or above`; undefined of a comparison that has no one line. */
export function comparisonText(comparison: string | undefined): string | undefined {
  switch (comparison) {
    case 'GreaterThanThreshold':
      return 'above';
    case 'GreaterThanOrEqualToThreshold':
      return 'at or above';
    case 'LessThanThreshold':
      return 'below';
    case 'LessThanOrEqualToThreshold':
      return 'at or below';
    default:
      return undefined;
  }
}
