/** One scene of `npm run simulate:stages`, in this thread or in one of its own. */
import { type Played, play, type Scene } from './stages/play.ts';
import { answerWith } from './workers.ts';

export interface SceneTask {
  readonly scene: Scene;
  readonly withLog: boolean;
}

export async function playScene({ scene, withLog }: SceneTask): Promise<Played> {
  return await play(scene, { withLog });
}

answerWith(playScene);
