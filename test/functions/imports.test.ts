/** What a function's bundle will hold, by following its imports: see what may deploy. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FUNCTION_NAMES } from '../../shared/runtime/sizes.ts';

const root = new URL('../../', import.meta.url);

/** Packages that this file imports, itself or by others of ours; types are no imports. */
function packagesOf(file: URL, seen = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  if (seen.has(file.href)) return packages;
  seen.add(file.href);
  const text = readFileSync(file, 'utf8');
  const imports = text.matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)';$/gms);
  for (const [, from = ''] of imports) {
    if (!from.startsWith('.')) packages.add(from);
    else for (const found of packagesOf(new URL(from, file), seen)) packages.add(found);
  }
  return packages;
}

const clientsOf = (name: string) =>
  [...packagesOf(new URL(`functions/${name}.ts`, root))]
    .filter((found) => found.startsWith('@aws-sdk/'))
    .sort();

test.each(['image-pushed', 'rollout-changed', 'alarm-changed'])(
  '%s can send messages, and has no client that deploys',
  (name) => {
    expect(clientsOf(name)).toEqual(['@aws-sdk/client-sqs']);
  },
);

test('github-push reads a secret and sends messages; build-changed only sends', () => {
  expect(clientsOf('github-push')).toEqual([
    '@aws-sdk/client-secrets-manager',
    '@aws-sdk/client-sqs',
  ]);
  expect(clientsOf('build-changed')).toEqual(['@aws-sdk/client-sqs']);
});

test('feedback notes, reads a secret and sends; it reaches nothing that runs', () => {
  expect(clientsOf('feedback')).toEqual([
    '@aws-sdk/client-dynamodb',
    '@aws-sdk/client-secrets-manager',
    '@aws-sdk/client-sqs',
    '@aws-sdk/lib-dynamodb',
  ]);
});

test('only build and feedback ask GitHub, and carry Octokit', () => {
  const asks = FUNCTION_NAMES.filter((name) =>
    packagesOf(new URL(`functions/${name}.ts`, root)).has('@octokit/core'),
  );
  expect(asks).toEqual(['build', 'feedback']);
});

test('tick reads and sends', () => {
  expect(clientsOf('tick')).toEqual([
    '@aws-sdk/client-dynamodb',
    '@aws-sdk/client-ecr',
    '@aws-sdk/client-ecs',
    '@aws-sdk/client-sqs',
    '@aws-sdk/lib-dynamodb',
  ]);
});

test('only reconcile reaches the calls that change a service', () => {
  const changes = (name: string) => {
    const seen = new Set<string>();
    packagesOf(new URL(`functions/${name}.ts`, root), seen);
    return [...seen].some((file) => file.endsWith('/ecs/write.ts'));
  };
  const facing = [
    'image-pushed',
    'rollout-changed',
    'alarm-changed',
    'github-push',
    'build-changed',
  ];
  expect(['reconcile', 'tick', ...facing].filter(changes)).toEqual(['reconcile']);
});
