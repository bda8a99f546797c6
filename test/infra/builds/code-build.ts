/**
 * CodeBuild in small: runs the commands of a buildspec in bash, phase by phase as CodeBuild does, with
 * stand-ins for docker, aws and git that write down what they were asked.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FILE = new URL('../../../infra/buildspec.yml', import.meta.url);

export interface Buildspec {
  readonly version: number;
  readonly env: { readonly 'exported-variables': readonly string[] };
  readonly phases: Readonly<Record<string, { readonly commands: readonly string[] }>>;
}

/** The parser is the one that aws-cdk-lib brings along. */
export function readBuildspec(): Buildspec {
  const yaml = createRequire(createRequire(import.meta.url).resolve('aws-cdk-lib'))('yaml') as {
    parse(text: string): Buildspec;
  };
  return yaml.parse(readFileSync(FILE, 'utf8'));
}

export const COMMIT = '8f3c2a1b9d04e5f60718293a4b5c6d7e8f901a2b';
export const PUSHED = `sha256:${'a1'.repeat(32)}`;
const REGISTRY = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';

/** What a project of the stack and StartBuild give. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  SLIPWAY_SOURCE_KEY: 'git/acme/shop/refs/heads/main',
  SLIPWAY_TOKEN: 'a-token',
  SLIPWAY_COMMIT: COMMIT,
  SLIPWAY_IMAGE_TAG: 'main-8f3c2a1b9d04',
  SLIPWAY_REPOSITORY_URI: `${REGISTRY}/shop/web`,
  SLIPWAY_SOURCE: 'https://github.com/acme/shop',
  SLIPWAY_DOCKERFILE: 'web/Dockerfile',
  SLIPWAY_CONTEXT: '.',
  SLIPWAY_PLATFORMS: 'linux/amd64',
  SLIPWAY_CACHE: `${REGISTRY}/slipway/cache:slipway-shop-web`,
  SLIPWAY_BUILDKIT_IMAGE: 'moby/buildkit:buildx-stable-1',
  SLIPWAY_SBOM_IMAGE: 'docker/buildkit-syft-scanner:stable-1',
  SLIPWAY_EMULATOR_IMAGE: 'public.ecr.aws/example/binfmt:1',
};

export interface BuildSetup {
  readonly environment?: Readonly<Record<string, string>>;
  /** The image that has the tag already; `commits`: the label of each platform. */
  readonly standing?: { readonly digest: string; readonly commits: readonly string[] };
  /** `overtaken`: it fails, because `standing` came up meanwhile. */
  readonly docker?: 'succeeds' | 'fails' | 'overtaken';
  readonly ecr?: 'answers' | 'refuses';
  readonly head?: string;
}

export interface BuildRun {
  /** In order; those that CodeBuild skipped are missing. */
  readonly phases: Readonly<Record<string, 'SUCCEEDED' | 'FAILED'>>;
  readonly exported: string;
  /** `IMAGE_STOOD` */
  readonly stood: string;
  /** Each with its arguments. */
  readonly calls: readonly (readonly string[])[];
  readonly output: string;
  /** Files that lie in the source directory afterwards. */
  readonly files: readonly string[];
}

export function runBuild(setup: BuildSetup = {}): BuildRun {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-buildspec-'));
  try {
    for (const name of ['bin', 'source', 'tmp', 'commands']) mkdirSync(join(folder, name));
    for (const [name, text] of Object.entries(STAND_INS)) {
      writeFileSync(join(folder, 'bin', name), `#!/usr/bin/env bash\n${NOTE}${text}`, {
        mode: 0o755,
      });
    }
    const { standing, docker = 'succeeds', ecr = 'answers', head = COMMIT } = setup;
    writeFileSync(join(folder, 'later'), docker === 'overtaken' ? 'yes' : '');
    if (standing !== undefined) {
      const at = docker === 'overtaken' ? 'overtaking' : 'standing';
      writeFileSync(join(folder, at), standing.digest);
      writeFileSync(join(folder, 'image'), imageJson(standing.commits));
    }
    const { stdout, stderr } = spawnSync('bash', [], {
      cwd: join(folder, 'source'),
      input: driver(folder, readBuildspec()),
      encoding: 'utf8',
      env: {
        PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
        TMPDIR: join(folder, 'tmp'),
        STAND_IN: folder,
        STAND_IN_DOCKER: docker,
        STAND_IN_ECR: ecr,
        STAND_IN_HEAD: head,
        STAND_IN_PUSHED: PUSHED,
        ...ENVIRONMENT,
        ...setup.environment,
      },
    });
    const text = (name: string) =>
      existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '';
    return {
      phases: Object.fromEntries(
        text('phases')
          .trim()
          .split('\n')
          .map((line) => line.split(' ') as [string, 'SUCCEEDED' | 'FAILED']),
      ),
      exported: text('exported'),
      stood: text('stood'),
      calls: text('calls')
        .split('\x1e')
        .slice(0, -1)
        .map((call) => call.split('\x1f').slice(0, -1)),
      output: stdout + stderr,
      files: readdirSync(join(folder, 'source')),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One shell for all commands; a phase ends with its first command that fails. */
function driver(folder: string, { phases }: Buildspec): string {
  const runs = Object.entries(phases).map(([phase, { commands }]) => {
    const files = commands.map((command, index) => {
      const file = join(folder, 'commands', `${phase}-${index}`);
      writeFileSync(file, command);
      return file;
    });
    return `run ${phase} ${files.join(' ')}`;
  });
  return `
    export CODEBUILD_BUILD_SUCCEEDING=1
    skip=
    run() {
      local phase="$1" ended=SUCCEEDED; shift
      # A phase before BUILD that fails is the end; POST_BUILD follows BUILD whatever came of it.
      if [ -n "$skip" ]; then return; fi
      for file in "$@"; do
        eval "$(cat "$file")" || { ended=FAILED; break; }
      done
      echo "$phase $ended" >> "$STAND_IN/phases"
      if [ $ended = FAILED ]; then
        CODEBUILD_BUILD_SUCCEEDING=0
        if [ "$phase" != build ]; then skip=1; fi
      fi
    }
    ${runs.join('\n    ')}
    printf %s "\${IMAGE_DIGEST-}" > "$STAND_IN/exported"
    printf %s "\${IMAGE_STOOD-}" > "$STAND_IN/stood"
  `;
}

/** As buildx prints it: of one platform the configuration, of several one for each. */
function imageJson(commits: readonly string[]): string {
  const images = commits.map((commit) => ({
    config: { Labels: { other: 'x', 'org.opencontainers.image.revision': commit } },
  }));
  const [first] = images;
  const platforms = { 'linux/amd64': images[0], 'linux/arm64': images[1] };
  return JSON.stringify(images.length > 1 ? platforms : (first ?? { config: {} }), null, 2);
}

/** In one write: both ends of a pipe are written down at the same time. */
const NOTE = `called="$(printf '%s\\x1f' "\${0##*/}" "$@"; printf '\\x1e')"; printf '%s' "$called" >> "$STAND_IN/calls"\n`;

const STAND_INS: Readonly<Record<string, string>> = {
  aws: `
    case "$1 $2" in
      'ecr get-login-password') echo the-password ;;
      'ecr batch-get-image')
        if [ "$STAND_IN_ECR" = refuses ]; then
          echo 'An error occurred (AccessDeniedException)' >&2; exit 254
        fi
        if [ -e "$STAND_IN/standing" ]; then printf '%s\\tNone\\n' "$(cat "$STAND_IN/standing")"
        else printf 'None\\tImageNotFound\\n'; fi ;;
      *) exit 252 ;;
    esac`,
  docker: `
    case "$1 $2" in
      'login --username') cat > /dev/null ;;
      'run --privileged' | 'buildx create') ;;
      'buildx imagetools') cat "$STAND_IN/image" ;;
      'buildx build')
        if [ "$STAND_IN_DOCKER" = overtaken ]; then mv "$STAND_IN/overtaking" "$STAND_IN/standing"; fi
        if [ "$STAND_IN_DOCKER" != succeeds ]; then echo 'ERROR: failed to solve' >&2; exit 1; fi
        echo "epoch $SOURCE_DATE_EPOCH"
        while [ "$1" != --metadata-file ]; do shift; done
        printf '{\\n  "containerimage.config.digest": "sha256:%064d",\\n  "containerimage.digest": "%s"\\n}\\n' \\
          0 "$STAND_IN_PUSHED" > "$2" ;;
      *) exit 1 ;;
    esac`,
  git: `
    case "$1" in
      rev-parse) echo "$STAND_IN_HEAD" ;;
      show) echo 1795000000 ;;
      *) exit 1 ;;
    esac`,
};
