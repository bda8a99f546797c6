/** The phases of a build: how long each takes, and which follows it. */
import type { BuildPhaseType } from '@aws-sdk/client-codebuild';

/**
 * Seconds, drawn. PROVISIONING was seen to take 4 to 43 s, DOWNLOAD_SOURCE 2 to 23, FINALIZING 2
 * (public events and answers); BUILD is the plan's.
 */
export const SECONDS: Readonly<Record<BuildPhaseType, readonly [number, number]>> = {
  SUBMITTED: [0, 0],
  QUEUED: [1, 1],
  PROVISIONING: [8, 43],
  DOWNLOAD_SOURCE: [2, 19],
  INSTALL: [0, 1],
  PRE_BUILD: [0, 12],
  BUILD: [60, 60],
  POST_BUILD: [0, 1],
  UPLOAD_ARTIFACTS: [0, 0],
  FINALIZING: [2, 2],
  COMPLETED: [0, 0],
};

type Next = Readonly<Record<BuildPhaseType, BuildPhaseType>>;

export const AFTER_SUCCESS: Next = {
  SUBMITTED: 'QUEUED',
  QUEUED: 'PROVISIONING',
  PROVISIONING: 'DOWNLOAD_SOURCE',
  DOWNLOAD_SOURCE: 'INSTALL',
  INSTALL: 'PRE_BUILD',
  PRE_BUILD: 'BUILD',
  BUILD: 'POST_BUILD',
  POST_BUILD: 'UPLOAD_ARTIFACTS',
  UPLOAD_ARTIFACTS: 'FINALIZING',
  FINALIZING: 'COMPLETED',
  COMPLETED: 'COMPLETED',
};

/** POST_BUILD and UPLOAD_ARTIFACTS run after a failed BUILD: docs, view-build-details-phases. */
export const AFTER_FAILURE: Next = {
  ...AFTER_SUCCESS,
  SUBMITTED: 'COMPLETED',
  QUEUED: 'COMPLETED',
  PROVISIONING: 'COMPLETED',
  DOWNLOAD_SOURCE: 'FINALIZING',
  INSTALL: 'FINALIZING',
  PRE_BUILD: 'FINALIZING',
};
