/** The one next call for a source. A value: print it, test it, or carry it out. */
import type { CommitSha } from './record.ts';
import type { BuildRules, ImageName } from './rules.ts';

export type SourceAction = StartBuild | StopBuild;

/** CodeBuild StartBuild. Asked twice within five minutes with one token, it starts one build. */
export interface StartBuild {
  readonly type: 'StartBuild';
  readonly image: ImageName;
  readonly rules: BuildRules;
  readonly commit: CommitSha;
  readonly tag: string;
  readonly token: string;
}

/** CodeBuild StopBuild. */
export interface StopBuild {
  readonly type: 'StopBuild';
  readonly id: string;
}
