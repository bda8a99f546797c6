/** Could the newest image start with the task definition of its commit? */
import { describeVersion, type ObservedFile } from '../../shared/core/model/definition/file.ts';
import { type Check, failed, ok, skipped } from './check.ts';

/** `image`: `shop/web:main-2` */
export function definitionFileCheck(name: string, image: string, seen: ObservedFile): Check {
  switch (seen.state) {
    case 'read':
      return ok(name, `${image} would bring ${describeVersion(seen)}`);
    case 'none':
      return skipped(name, `${image}: ${seen.because}, so it would start with what runs`);
    case 'refused':
      return failed(name, `${image} could not start: ${seen.because}`, 'mend the file, and push');
    case 'unknown':
      return skipped(name, `${seen.because}; your own GITHUB_TOKEN is what it is read with here`);
  }
}
