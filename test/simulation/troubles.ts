/** What AWS does to calls of one kind for a while: an hour of throttling, a permission taken away. */

export type TroubleKind = 'throttled' | 'refused' | 'down';

export interface Trouble {
  /** `UpdateService`, `DescribeAlarms`, …; `save` and its like are the table's. */
  readonly operation: string;
  readonly kind: TroubleKind;
  readonly from: number;
  readonly to: number;
}

export class Troubles {
  readonly #all: Trouble[] = [];

  add(trouble: Trouble): void {
    this.#all.push(trouble);
  }

  /** When the last of them ends; 0: there is none. */
  endAt(): number {
    return Math.max(0, ...this.#all.map(({ to }) => to));
  }

  /** What a call of this name gets now; undefined: its answer. */
  of(operation: string, now: number): Error | undefined {
    const trouble = this.#all.find(
      (one) => one.operation === operation && now >= one.from && now < one.to,
    );
    if (trouble === undefined) return undefined;
    switch (trouble.kind) {
      case 'throttled':
        return throttled();
      case 'refused':
        return Object.assign(
          new Error(`User is not authorized to perform ${operation} because no policy allows it`),
          { name: 'AccessDeniedException', $fault: 'client', $metadata: { httpStatusCode: 400 } },
        );
      case 'down':
        return Object.assign(new Error('Service Unavailable'), {
          name: 'ServerException',
          $fault: 'server',
          $metadata: { httpStatusCode: 500, attempts: 3 },
        });
    }
  }
}

export function throttled(): Error {
  return Object.assign(new Error('Rate exceeded'), {
    name: 'ThrottlingException',
    $metadata: { httpStatusCode: 400, attempts: 3 },
  });
}
