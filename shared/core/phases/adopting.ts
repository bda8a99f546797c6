/** What somebody else deployed, or what ran before us, becomes a place to return to. */
import {
  addCandidate,
  announce,
  because,
  type Decision,
  describeImages,
  inPhase,
  isQuarantined,
} from '../model/decision.ts';
import { imageLabel, revisionName } from '../model/image.ts';
import type { Observation, PrimaryDeployment } from '../model/observation.ts';
import type { RollbackCandidate, TargetRecord, Watching } from '../model/record.ts';

export function adopt(
  record: TargetRecord,
  phase: Watching,
  primary: PrimaryDeployment,
  observation: Observation,
): Decision {
  const name = revisionName(phase.revision);
  const resting = inPhase(record, { phase: 'idle' });
  const { images } = primary;
  if (images === undefined || Object.keys(images).length === 0) {
    return because(resting, `${name} runs, but ECS tells no digest for it: no place to return to`);
  }
  const bad = Object.values(images).find((image) => isQuarantined(record, image.digest));
  if (bad !== undefined) {
    const sentence = `${name} runs the quarantined ${imageLabel(bad)}: it is left running, and is no place to return to`;
    return because(
      announce(
        inPhase(record, { phase: 'needs-attention', because: sentence, since: observation.at }),
        'needs-attention',
        {
          at: observation.at,
          images,
          revision: phase.revision,
          because: sentence,
          next: 'push a fix, lift the quarantine, or roll back by hand',
        },
      ),
      sentence,
    );
  }
  const sentence = `${name} is steady with quiet alarms`;
  const candidate: RollbackCandidate = {
    release: `adopted ${name}`,
    revision: phase.revision,
    images,
    changed: [],
    pinned: primary.pinned ?? false,
    provenAt: observation.at,
  };
  // A person went back to a candidate: it stays the release that it is.
  const known = record.rollbackCandidates.find(
    (one) => one.revision === phase.revision && one.pinned,
  );
  const adopted = announce(addCandidate(resting, known ?? candidate), 'adopted', {
    at: observation.at,
    images,
    revision: phase.revision,
    because: `${sentence}: ${describeImages(images)}`,
    next: 'a release that fails returns here',
  });
  return because(adopted, `adopted: ${sentence}`);
}
