/**
 * What `reconcile` may ask so that the gates can judge, and of which commit an image is: only for targets
 * whose config names a gate, or whose images our sources build.
 */
import type { Target } from '../../shared/config/config.ts';
import type { Permission } from './permission.ts';
import type { Scope } from './scope.ts';

export function gateReads(scope: Scope, targets: readonly Target[]): readonly Permission[] {
  const scanned = targets.filter(({ rules }) => rules.scan !== undefined);
  const signed = targets.filter(({ rules }) => rules.signature !== undefined);
  const built = builtTargets(targets);
  const repositoriesOf = (kinds: readonly string[]) =>
    `the repositories of targets ${kinds.join(', or ')}${scope.repositoryNote}`;
  const on = repositoriesOf(['with such a gate']);
  return [
    ...(scanned.length === 0
      ? []
      : [
          {
            function: 'reconcile' as const,
            actions: ['ecr:DescribeImageScanFindings'],
            on,
            resources: scope.repositories(scanned),
            why: 'asks what the scan of an image found',
          },
          {
            function: 'reconcile' as const,
            actions: ['inspector2:ListFindings', 'inspector2:ListCoverage'],
            on: 'all of Inspector: it cannot be scoped to a repository',
            resources: ['*'],
            why: 'asks what an enhanced scan found',
            implied:
              'ECR asks Inspector with the role of its caller (image-scanning-enhanced-iam); nothing is asked where scans are basic',
          },
        ]),
    ...(scanned.length + signed.length + built.length === 0
      ? []
      : [
          {
            function: 'reconcile' as const,
            actions: ['ecr:BatchGetImage'],
            on: repositoriesOf([
              ...(scanned.length + signed.length > 0 ? ['with such a gate'] : []),
              ...(built.length > 0 ? ['that sources build'] : []),
            ]),
            resources: scope.repositories([...scanned, ...signed, ...built]),
            why: 'finds the manifest of the platform, what signs an image, and where its labels are',
          },
        ]),
    ...(signed.length + built.length === 0
      ? []
      : [
          {
            function: 'reconcile' as const,
            actions: ['ecr:GetDownloadUrlForLayer'],
            on: repositoriesOf([
              ...(signed.length > 0 ? ['with such a gate'] : []),
              ...(built.length > 0 ? ['that sources build'] : []),
            ]),
            resources: scope.repositories([...signed, ...built]),
            why: 'reads what was signed, and the label with the commit',
          },
        ]),
  ];
}

/** Those whose images are ordered by the commits that they were built from. */
export function builtTargets(targets: readonly Target[]): readonly Target[] {
  return targets.filter(({ rules }) =>
    Object.values(rules.containers).some(({ builtFrom }) => builtFrom !== undefined),
  );
}
