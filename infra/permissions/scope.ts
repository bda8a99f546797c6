/** ARNs of what the targets use, as narrow as a policy has room for. */
import type { Pipeline, Target } from '../../shared/config/config.ts';
import { clusterArn, serviceArn } from '../../shared/parsing/names.ts';
import { arnIn, hookRoleName, roleArn } from '../names.ts';

export class Scope {
  readonly #pipeline: Pipeline;
  readonly #named: boolean;
  readonly note: string;
  readonly repositoryNote: string;
  readonly familyNote: string;

  constructor(pipeline: Pipeline, services: 'named' | 'by cluster') {
    this.#pipeline = pipeline;
    this.#named = services === 'named';
    this.note = this.#named ? '' : ' (by cluster)';
    this.repositoryNote = this.#named ? '' : ' (by the first part of their names)';
    this.familyNote = this.#named ? '' : ' (by the first part of their names, up to a hyphen)';
  }

  clusters(targets: readonly Target[]): readonly string[] {
    return unique(targets.map(({ cluster }) => clusterArn(this.#pipeline, cluster)));
  }

  /** Services, or what hangs below them. A cluster that holds one of `except` is not taken whole. */
  services(
    targets: readonly Target[],
    type: 'service' | 'service-deployment' | 'service-revision',
    except: readonly Target[] = [],
  ): readonly string[] {
    const mixed = new Set(except.map(({ cluster }) => cluster));
    return unique(
      targets.map(({ cluster, service }) => {
        const name = this.#named || mixed.has(cluster) ? service : '*';
        const below = type === 'service' ? '' : '/*';
        return serviceArn(this.#pipeline, cluster, name)
          .replace(':service/', `:${type}/`)
          .concat(below);
      }),
    );
  }

  /** With which ECS asks `lifecycle-hook`. */
  hookRole(): string {
    return roleArn(this.#pipeline, hookRoleName(this.#pipeline));
  }

  repositories(targets: readonly Target[]): readonly string[] {
    const names = targets.flatMap(({ rules }) =>
      Object.values(rules.containers).map(({ repository }) => repository),
    );
    const scoped = this.#named ? names : names.map((name) => beginning(name, '/'));
    return unique(scoped).map((name) => arnIn(this.#pipeline, 'ecr', `repository/${name}`));
  }

  logStreams(groups: readonly string[]): readonly string[] {
    return groups.map((name) => arnIn(this.#pipeline, 'logs', `log-group:${name}:log-stream:*`));
  }

  /** Revisions have numbers that nobody knows before. */
  families(names: readonly string[]): readonly string[] {
    const scoped = this.#named ? names : names.map((name) => beginning(name, '-'));
    return unique(scoped).map((name) => arnIn(this.#pipeline, 'ecs', `task-definition/${name}:*`));
  }
}

/** `shop/web` to `shop/*`; a name without the separator stays whole. */
function beginning(name: string, separator: '/' | '-'): string {
  const end = name.indexOf(separator);
  return end < 0 ? name : `${name.slice(0, end + 1)}*`;
}

export function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
