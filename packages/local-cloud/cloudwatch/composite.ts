/**
 * The rule of a composite alarm: ALARM, OK and INSUFFICIENT_DATA of other alarms with AND, OR,
 * NOT, TRUE, FALSE and parentheses. AT_LEAST is refused. Source: docs, PutCompositeAlarm.
 */

import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import type { Alarm } from './state.ts';

type Rule =
  | { readonly type: 'constant'; readonly value: boolean }
  | { readonly type: 'state'; readonly value: string; readonly name: string }
  | { readonly type: 'not'; readonly inner: Rule }
  | { readonly type: 'and' | 'or'; readonly left: Rule; readonly right: Rule };

export function evaluateRule(world: World, text: string): boolean {
  const holds = (rule: Rule): boolean => {
    switch (rule.type) {
      case 'constant':
        return rule.value;
      case 'state':
        return world.cloudwatch.alarms[rule.name]?.state.value === rule.value;
      case 'not':
        return !holds(rule.inner);
      case 'and':
        return holds(rule.left) && holds(rule.right);
      case 'or':
        return holds(rule.left) || holds(rule.right);
    }
  };
  return holds(parseRule(text));
}

/** The alarms that a rule names and that exist, in the order of the rule. */
export function triggersOf(world: World, text: string): Alarm[] {
  return alarmNamesIn(text).flatMap((name) => world.cloudwatch.alarms[name] ?? []);
}

export function alarmNamesIn(text: string): string[] {
  const names = (rule: Rule): string[] => {
    switch (rule.type) {
      case 'constant':
        return [];
      case 'state':
        return [rule.name];
      case 'not':
        return names(rule.inner);
      case 'and':
      case 'or':
        return [...names(rule.left), ...names(rule.right)];
    }
  };
  return [...new Set(names(parseRule(text)))];
}

/** NOT binds closest, then AND, then OR. Throws ValidationError. */
function parseRule(text: string): Rule {
  const tokens =
    text.match(/(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"[^"]*"|[^()"]*?)\s*\)|[()]|[^\s()]+/g) ??
    [];
  let next = 0;
  const either = (): Rule => {
    let left = both();
    while (tokens[next] === 'OR') {
      next++;
      left = { type: 'or', left, right: both() };
    }
    return left;
  };
  const both = (): Rule => {
    let left = single();
    while (tokens[next] === 'AND') {
      next++;
      left = { type: 'and', left, right: single() };
    }
    return left;
  };
  const single = (): Rule => {
    const token = tokens[next++] ?? '';
    if (token === 'NOT') return { type: 'not', inner: single() };
    if (token === 'TRUE' || token === 'FALSE') return { type: 'constant', value: token === 'TRUE' };
    if (token === '(') {
      const inner = either();
      if (tokens[next++] !== ')') throw unreadable(text);
      return inner;
    }
    const match = /^(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*"?(.*?)"?\s*\)$/.exec(token);
    if (match === null) throw unreadable(text);
    const [, value = '', named = ''] = match;
    return {
      type: 'state',
      value,
      name: named.replace(/^arn:aws:cloudwatch:[^:]*:\d*:alarm:/, ''),
    };
  };
  const rule = either();
  if (next < tokens.length) throw unreadable(text);
  return rule;
}

function unreadable(text: string): AwsError {
  return new AwsError(
    'ValidationError',
    `AlarmRule must be made of ALARM(), OK(), INSUFFICIENT_DATA(), TRUE, FALSE, AND, OR, NOT and parentheses: "${text}"`,
  );
}
