/** All courses, by name; each is a scene in its own phase, without a fault beside. */
import type { Course } from './course.ts';
import { ALARMS } from './courses-alarms.ts';
import { CALLS } from './courses-calls.ts';
import { LATE } from './courses-late.ts';
import { MIGRATIONS } from './courses-migrations.ts';
import { OWNERS } from './courses-owners.ts';
import { PEOPLE } from './courses-people.ts';
import { TRAFFIC } from './courses-traffic.ts';
import { WORDS } from './courses-words.ts';
import { FREEZES } from './freezes/courses.ts';
import { BUILDS } from './git/builds.ts';
import { CLAIMS } from './git/claims.ts';
import { COMMITS } from './git/commits.ts';
import { DEFINITIONS } from './git/definitions.ts';
import type { Scene } from './play.ts';

export const COURSES = {
  ...FREEZES,
  ...BUILDS,
  ...COMMITS,
  ...CLAIMS,
  ...DEFINITIONS,
  ...OWNERS,
  ...PEOPLE,
  ...CALLS,
  ...ALARMS,
  ...WORDS,
  ...LATE,
  ...MIGRATIONS,
  ...TRAFFIC,
} as const;

export type CourseName = keyof typeof COURSES;

export function courseOf(name: string): Course | undefined {
  return Object.hasOwn(COURSES, name) ? COURSES[name as CourseName] : undefined;
}

export function courseScenes(): readonly Scene[] {
  return (Object.keys(COURSES) as CourseName[]).map((event) => {
    const { phase }: Course = COURSES[event];
    return { phase, event, ill: 'none' };
  });
}
