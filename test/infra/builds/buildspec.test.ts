/** The buildspec as CodeBuild runs it: what is pushed, what is not, and what is refused before. */
import { describe, expect, test } from 'vitest';
import { BUILD_VARIABLES } from '../../../shared/aws/builds.ts';
import { COMMIT, ENVIRONMENT, PUSHED, readBuildspec, runBuild } from './code-build.ts';

const OTHER = '0123456789abcdef0123456789abcdef01234567';
const STANDING = `sha256:${'b2'.repeat(32)}`;
const REPOSITORY = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/web';
const CACHE = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/slipway/cache:slipway-shop-web';

const isBuild = ([command, first, second]: readonly string[]) =>
  command === 'docker' && first === 'buildx' && second === 'build';

test('it is YAML that exports the digest, with phases that CodeBuild knows', () => {
  const { version, env, phases } = readBuildspec();
  expect(version).toBe(0.2);
  expect(env).toEqual({ 'exported-variables': ['IMAGE_DIGEST', 'IMAGE_STOOD'] });
  expect(Object.keys(phases)).toEqual(['install', 'pre_build', 'build', 'post_build']);
});

test('it reads the variables that StartBuild sets, by their names', () => {
  const [script] = readBuildspec().phases.install?.commands ?? [];
  const { sourceKey: _, token: __, ...read } = BUILD_VARIABLES;
  for (const name of Object.values(read)) expect(script).toContain(` check ${name} `);
});

describe('the first build of a commit', () => {
  const run = runBuild();

  test('pushes one image under one tag and exports its digest', () => {
    expect(run.phases).toEqual({
      install: 'SUCCEEDED',
      pre_build: 'SUCCEEDED',
      build: 'SUCCEEDED',
      post_build: 'SUCCEEDED',
    });
    expect(run.exported).toBe(PUSHED);
  });

  test('builds once, with exactly these arguments', () => {
    expect(run.calls.filter(isBuild)).toEqual([
      [
        ...['docker', 'buildx', 'build', '--builder', 'slipway', '--progress', 'plain'],
        ...['--platform', 'linux/amd64', '--file', 'web/Dockerfile'],
        ...['--tag', `${REPOSITORY}:main-8f3c2a1b9d04`],
        ...['--label', `org.opencontainers.image.revision=${COMMIT}`],
        ...['--label', 'org.opencontainers.image.source=https://github.com/acme/shop'],
        ...['--provenance', 'mode=max'],
        ...['--attest', 'type=sbom,generator=docker/buildkit-syft-scanner:stable-1'],
        ...['--cache-from', `type=registry,ref=${CACHE}`],
        '--cache-to',
        `type=registry,ref=${CACHE},mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true`,
        ...['--metadata-file', expect.stringMatching(/slipway-metadata\.json$/)],
        ...['--push', '--', '.'],
      ],
    ]);
  });

  test('keeps no layers where there is no place for them', () => {
    const alone = runBuild({ environment: { SLIPWAY_CACHE: 'none' } });
    expect(alone.exported).toBe(PUSHED);
    expect(JSON.stringify(alone.calls)).not.toContain('--cache');
  });

  test('asks ECR first, and logs in with a password that no argument shows', () => {
    const asked = run.calls.map((call) => call.slice(0, 3).join(' '));
    expect(asked).toEqual([
      'git rev-parse HEAD',
      // Both ends of a pipe: who is written down first is chance.
      ...['aws ecr get-login-password', 'docker login --username'].sort(
        (a, b) => asked.indexOf(a) - asked.indexOf(b),
      ),
      'aws ecr batch-get-image',
      'docker buildx create',
      'git show --no-patch',
      'docker buildx build',
    ]);
    expect(JSON.stringify(run.calls)).not.toContain('the-password');
  });

  test("gives the image the commit's time, so that the same commit gives the same image", () => {
    expect(run.output).toContain('epoch 1795000000');
  });

  test('leaves nothing in the source', () => {
    expect(run.files).toEqual([]);
  });
});

test('several platforms are emulated, one is not', () => {
  const emulates = (platforms: string) =>
    runBuild({ environment: { SLIPWAY_PLATFORMS: platforms } }).calls.filter(
      ([command, first]) => command === 'docker' && first === 'run',
    );
  expect(emulates('linux/amd64,linux/arm64')).toEqual([
    ...[
      [
        'docker',
        'run',
        '--privileged',
        '--rm',
        'public.ecr.aws/example/binfmt:1',
        '--install',
        'arm64',
      ],
    ],
  ]);
  expect(emulates('linux/arm64')).toEqual([]);
});

describe('a tag that stands already', () => {
  test.each([
    ['of one platform', [COMMIT]],
    ['of two', [COMMIT, COMMIT]],
  ])(
    'from this commit, %s: nothing is pushed, and its digest is exported as one that stood',
    (_, commits) => {
      const run = runBuild({ standing: { digest: STANDING, commits } });
      expect([run.exported, run.stood]).toEqual([STANDING, 'yes']);
      expect(run.calls.filter(isBuild)).toEqual([]);
      expect(run.phases).toMatchObject({ build: 'SUCCEEDED', post_build: 'SUCCEEDED' });
    },
  );

  test.each([
    ['from another commit', [OTHER], `built from ${OTHER}, not from ${COMMIT}`],
    ['from two commits', [COMMIT, OTHER], `built from ${OTHER} ${COMMIT}`],
    ['without a label', [], 'built from an unknown commit'],
  ])('%s: the build fails and says so', (_, commits, message) => {
    const run = runBuild({ standing: { digest: STANDING, commits } });
    expect(run.phases).toMatchObject({ build: 'FAILED', post_build: 'FAILED' });
    expect(run.output).toContain(message);
    expect(run.exported).toBe('');
    expect(run.calls.filter(isBuild)).toEqual([]);
  });

  test('and was pushed by another build of this commit meanwhile: that one counts', () => {
    const standing = { digest: STANDING, commits: [COMMIT] };
    const run = runBuild({ docker: 'overtaken', standing });
    expect(run.calls.filter(isBuild)).toHaveLength(1);
    expect(run.phases).toMatchObject({ build: 'SUCCEEDED', post_build: 'SUCCEEDED' });
    expect([run.exported, run.stood]).toEqual([STANDING, 'yes']);
  });

  test('not, of what this build pushed', () => {
    const run = runBuild();
    expect([run.exported, run.stood]).toEqual([PUSHED, 'no']);
  });
});

test('a build that fails pushes nothing afterwards and exports nothing', () => {
  const run = runBuild({ docker: 'fails' });
  expect(run.phases).toEqual({
    install: 'SUCCEEDED',
    pre_build: 'SUCCEEDED',
    build: 'FAILED',
    post_build: 'FAILED',
  });
  expect(run.exported).toBe('');
  expect(run.output).toContain(
    'slipway: docker buildx build failed, see above; nothing was pushed',
  );
  expect(run.output).toContain('slipway: BUILD failed, see above; there is no digest to tell');
  const last = run.calls.findLastIndex(isBuild);
  expect(run.calls.slice(last + 1).map((call) => call.slice(0, 3).join(' '))).toEqual([
    'aws ecr batch-get-image',
  ]);
});

test('ECR that does not answer is not taken for a free tag', () => {
  const run = runBuild({ ecr: 'refuses' });
  expect(run.phases).toMatchObject({ build: 'FAILED' });
  expect(run.calls.filter(isBuild)).toEqual([]);
  expect(run.output).toContain(
    'ECR does not say whether shop/web:main-8f3c2a1b9d04 stands already',
  );
});

test('a source at another commit is not built under the label of this one', () => {
  const run = runBuild({ head: OTHER });
  expect(run.phases).toEqual({ install: 'SUCCEEDED', pre_build: 'FAILED' });
  expect(run.output).toContain(`the source is at commit ${OTHER}, expected ${COMMIT}`);
  expect(run.calls.filter(isBuild)).toEqual([]);
});

describe('hostile text', () => {
  test.each([
    ['SLIPWAY_IMAGE_TAG', 'main-$(touch pwned)'],
    ['SLIPWAY_IMAGE_TAG', 'main-`touch pwned`'],
    ['SLIPWAY_IMAGE_TAG', 'main; touch pwned'],
    ['SLIPWAY_IMAGE_TAG', 'main-1\ntouch pwned'],
    ['SLIPWAY_IMAGE_TAG', 'x'.repeat(129)],
    ['SLIPWAY_IMAGE_TAG', 'latest'],
    ['SLIPWAY_IMAGE_TAG', ''],
    ['SLIPWAY_COMMIT', 'main'],
    ['SLIPWAY_COMMIT', COMMIT.slice(1)],
    ['SLIPWAY_REPOSITORY_URI', 'evil.example.com/shop/web'],
    ['SLIPWAY_REPOSITORY_URI', `${REPOSITORY}:tag`],
    ['SLIPWAY_SOURCE', 'https://github.com/acme/shop" --output=/'],
    ['SLIPWAY_CACHE', `${CACHE},mode=min`],
    ['SLIPWAY_CONTEXT', '../..'],
    ['SLIPWAY_CONTEXT', '--output=type=local,dest=/'],
    ['SLIPWAY_DOCKERFILE', '/etc/passwd'],
    ['SLIPWAY_PLATFORMS', 'linux/amd64,linux/amd64,windows/amd64'],
    ['SLIPWAY_BUILDKIT_IMAGE', 'evil,network=host'],
  ])('in %s is refused before anything is asked: %j', (name, value) => {
    const run = runBuild({ environment: { [name]: value } });
    expect(run.phases).toEqual({ install: 'SUCCEEDED', pre_build: 'FAILED' });
    expect(run.calls).toEqual([]);
    expect(run.files).toEqual([]);
    expect(run.output).toContain(`slipway: ${name} is `);
  });

  test("in a branch's name never reaches a command", () => {
    const key = 'git/acme/shop/refs/heads/$(touch pwned);`touch pwned`"\'';
    const run = runBuild({ environment: { SLIPWAY_SOURCE_KEY: key } });
    expect(run.exported).toBe(PUSHED);
    expect(run.files).toEqual([]);
    expect(JSON.stringify(run.calls)).not.toContain('pwned');
  });

  test('all that is used is checked', () => {
    for (const name of Object.keys(ENVIRONMENT)) {
      if (name === 'SLIPWAY_SOURCE_KEY' || name === 'SLIPWAY_TOKEN') continue;
      const run = runBuild({ environment: { [name]: '$(touch pwned)' } });
      expect(run.phases.pre_build, name).toBe('FAILED');
    }
  });
});
