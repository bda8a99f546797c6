/** What the user configured for one git repository, as the core needs it. Made by `config.ts`. */

/** The user's name of one image that a repository makes. */
export type ImageName = string;

export interface SourceRules {
  /** What is built from this repository by CodeBuild. */
  readonly images: Readonly<Record<ImageName, BuildRules>>;
  /** What others build from it; absent: nothing. */
  readonly elsewhere?: Readonly<Record<ImageName, ImageAddress>>;
  /** A build that is still running when a newer commit comes: stop it, or let it finish. */
  readonly whileBuilding: 'stop' | 'finish';
}

export interface ImageAddress {
  /** Host of the registry: `<account>.dkr.ecr.<region>.amazonaws.com`. */
  readonly registry: string;
  /** The ECR repository that receives the image. */
  readonly repository: string;
}

export interface BuildRules extends ImageAddress {
  /** The CodeBuild project that builds it. */
  readonly project: string;
}
