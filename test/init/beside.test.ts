/** What `slipway init` takes from ecspresso's and Copilot's files, on files as they write them. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { besideIn, besideOf } from '../../cli/init/beside.ts';
import { choose } from '../../cli/init/choose.ts';
import { renderConfig } from '../../cli/init/render.ts';
import { topKeys } from '../../cli/init/top-keys.ts';

const ECSPRESSO = `region: eu-central-1 # Frankfurt
cluster: "production"
service: 'web'
service_definition: ecs-service-def.json
task_definition: ecs-task-def.json
timeout: "10m0s"
plugins:
- name: tfstate
  config:
    cluster: "{{ must_env \`OTHER\` }}"
`;
const MANIFEST = (name: string, type: string) => `# The manifest for the "${name}" service.
name: ${name}
type: ${type}

image:
  # Docker build arguments.
  build: ./Dockerfile
environments:
  production:
    count: 2
`;

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-beside-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
const lookedAt = (files: Readonly<Record<string, string>>) => {
  const { named, notes } = besideIn(folderWith(files));
  return { named: named.map(({ file, words }) => `${file}: ${words}`), notes };
};
const account = (all: Readonly<Record<string, readonly string[]>>) => ({
  clusters: async () => Object.keys(all),
  services: async (cluster: string) => all[cluster] ?? [],
});
const chosen = (
  files: Readonly<Record<string, string>>,
  all: Readonly<Record<string, readonly string[]>>,
  asked: object = {},
) => {
  const { named: beside } = besideIn(folderWith(files));
  const none = { services: [], all: false, yes: false, beside };
  return choose(account(all), { ...none, ...asked }, 'account 1');
};

test('an empty folder names nothing, and one that is called copilot need not be of Copilot', () => {
  expect(lookedAt({})).toEqual({ named: [], notes: [] });
  const manifest = MANIFEST('web', 'Backend Service');
  expect(lookedAt({ 'copilot/web/manifest.yml': manifest })).toEqual({ named: [], notes: [] });
});

describe('the config of ecspresso', () => {
  test('names one service, in YAML and in JSON; the cluster is "default" unless told', () => {
    expect(lookedAt({ 'ecspresso.yml': ECSPRESSO })).toEqual({
      named: ['ecspresso.yml: production/web'],
      notes: [],
    });
    const cluster = 'arn:aws:ecs:eu-central-1:123456789012:cluster/production';
    const json = JSON.stringify({ cluster, service: 'web' });
    expect(lookedAt({ 'ecspresso.json': json }).named).toEqual(['ecspresso.json: production/web']);
    expect(lookedAt({ 'ecspresso.yaml': 'service: web\n' }).named).toEqual([
      'ecspresso.yaml: default/web',
    ]);
  });

  test.each([
    ['cluster', 'cluster: "{{ tfstate `aws_ecs_cluster.main.arn` }}"\nservice: web\n'],
    ['service', 'cluster: production\nservice: {{ must_env "SERVICE" }}\n'],
    ['cluster and service', 'cluster: {{ env "C" "c" }}-x\nservice: "{{ env "S" "s" }}"\n'],
  ])('of which the %s is a template is left aside, in words', (what, text) => {
    expect(lookedAt({ 'ecspresso.yml': text })).toEqual({
      named: [],
      notes: [
        `ecspresso.yml is left aside: its ${what} has a template function, which only ecspresso resolves`,
      ],
    });
  });

  test('of which only the region is a template still names its service', () => {
    const text = 'region: "{{ must_env `AWS_REGION` }}"\ncluster: production\nservice: web\n';
    expect(lookedAt({ 'ecspresso.yml': text })).toEqual({
      named: ['ecspresso.yml: production/web'],
      notes: [
        'ecspresso.yml: its region has a template function, which only ecspresso resolves: that of --region or AWS_REGION is asked',
      ],
    });
  });

  test('of another region than is asked is left aside', () => {
    const found = besideIn(folderWith({ 'ecspresso.yml': ECSPRESSO }));
    expect(besideOf(found, 'eu-central-1')).toMatchObject({ named: [{ region: 'eu-central-1' }] });
    expect(besideOf(found, 'us-east-1')).toEqual({
      named: [],
      notes: ['ecspresso.yml is left aside: it says eu-central-1, and us-east-1 is asked'],
    });
  });

  test.each([
    ['ecspresso.yml', 'service: web\n{{ if true }}\n', 'a line of it is a template function'],
    [
      'ecspresso.yml',
      'service: "web\n',
      'it cannot be read: Missing closing "quote at line 2, column 1',
    ],
    ['ecspresso.yml', '[service]\n', 'it cannot be read: it is no list of "key: value"'],
    ['ecspresso.yml', 'cluster: production\n', 'it names no service'],
    ['ecspresso.yml', 'region: Frankfurt\nservice: web\n', 'its region is "Frankfurt"'],
    ['ecspresso.json', '{ "service": "web"', 'it cannot be read: '],
    ['ecspresso.json', 'null', 'it cannot be read: it is no list of "key: value"'],
    ['ecspresso.jsonnet', '{ service: "web" }', 'it is a program, and is not run'],
    ['ecspresso.yml/file', '', 'it cannot be read (EISDIR)'],
  ])('%s with the trouble %j is named with it', (file, text, why) => {
    const { named, notes } = lookedAt({ [file]: text });
    expect(named).toEqual([]);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(`${file.replace('/file', '')} is left aside: `);
    expect(notes[0]).toContain(why);
  });
});

describe('the workspace of Copilot', () => {
  const workspace = {
    'copilot/.workspace': 'application: shop\n',
    'copilot/web/manifest.yml': MANIFEST('web', 'Load Balanced Web Service'),
    'copilot/environments/test/manifest.yml': 'name: test\ntype: Environment\n',
  };
  const clusters = {
    'shop-test-Cluster-9F7Y0RLP60R7': [
      'shop-test-admin-web-Service-AAAAAAAAAAAA',
      'shop-test-web-Service-JSOH5GYBFAIB',
      'web',
    ],
    'shop-eu-live-Cluster-sgOYxnA7KJBw': ['shop-eu-live-web-Service-sqUj1grysGIw'],
    'other-test-Cluster-0A1B2C3D4E5F': ['other-test-web-Service-0A1B2C3D4E5F'],
  };

  test('names the services that Copilot made of its manifests, in each environment', async () => {
    const choices = await chosen(workspace, clusters);
    expect(choices.map(({ cluster, services }) => [cluster, ...services])).toEqual([
      ['shop-test-Cluster-9F7Y0RLP60R7', 'shop-test-web-Service-JSOH5GYBFAIB'],
      ['shop-eu-live-Cluster-sgOYxnA7KJBw', 'shop-eu-live-web-Service-sqUj1grysGIw'],
    ]);
  });

  test('has workloads that are no service of ECS, and files in trouble, told by their names', () => {
    const files = {
      ...workspace,
      'copilot/api/manifest.yml': MANIFEST('api', 'Request-Driven Web Service'),
      'copilot/night/manifest.yml': MANIFEST('night', 'Scheduled Job'),
      'copilot/moved/manifest.yml': MANIFEST('web', 'Worker Service'),
      'copilot/torn/manifest.yml': 'name: torn\n  type: Worker Service\n',
      // No name that Copilot takes: it would end the comment in the config that it is written into.
      'copilot/x\n});/manifest.yml': MANIFEST('x', 'Worker Service'),
    };
    expect(lookedAt(files)).toEqual({
      named: ['copilot/web/manifest.yml: web of the application shop'],
      notes: [
        'copilot/api/manifest.yml is left aside: it is a Request-Driven Web Service, which is no service of ECS',
        'copilot/moved/manifest.yml is left aside: its name is "web", and that of its folder "moved"',
        'copilot/night/manifest.yml is left aside: it is a Scheduled Job, which is no service of ECS',
        'copilot/torn/manifest.yml is left aside: it cannot be read: Nested mappings are not allowed in compact mappings at line 1, column 7',
      ],
    });
    expect(lookedAt({ 'copilot/.workspace': 'path: x\n' }).notes).toEqual([
      'copilot/.workspace is left aside: it names no application',
    ]);
  });

  test('of which one service is not there is told, and the others are taken', async () => {
    const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const worker = { 'copilot/worker/manifest.yml': MANIFEST('worker', 'Worker Service') };
    const choices = await chosen({ ...workspace, ...worker }, clusters);
    const words = told.mock.calls.join('');
    told.mockRestore();
    expect(choices).toHaveLength(2);
    expect(words).toBe(
      'copilot/worker/manifest.yml names worker of the application shop, which account 1 does not have\n',
    );
  });
});

describe('what a file names', () => {
  const two = { production: ['web', 'worker'], staging: ['web'] };
  const files = { 'ecspresso.yml': ECSPRESSO };

  test('is chosen without a question, and the config says which file did it', async () => {
    const choices = await chosen(files, two);
    expect(choices).toEqual([
      { cluster: 'production', services: ['web'], because: { web: ['ecspresso.yml'] } },
    ]);
    const target = {
      id: 'web',
      cluster: 'production',
      service: 'web',
      containers: [],
      others: [],
      alarms: [],
      family: 'web',
      roles: [],
    };
    const place = { account: '123456789012', region: 'eu-central-1' };
    const text = renderConfig(place, [target], 'slipway', () => ['ecspresso.yml']);
    expect(text).toContain(
      '    // Chosen by ecspresso.yml, which names it.\n    web: ecsService({\n',
    );
    expect(renderConfig(place, [target], 'slipway')).not.toContain('Chosen by');
  });

  test('gives way to what is said', async () => {
    expect(await chosen(files, two, { services: ['worker'] })).toEqual([
      { cluster: 'production', services: ['worker'] },
    ]);
    expect(await chosen(files, two, { all: true })).toHaveLength(2);
    await expect(chosen(files, two, { cluster: 'staging' })).rejects.toThrow(
      'ecspresso.yml names production/web, which the cluster staging does not have',
    );
  });

  test('and the account does not have is told with the file, and no other one is taken for it', async () => {
    await expect(chosen(files, { production: ['worker'] }, { yes: true })).rejects.toThrow(
      'ecspresso.yml names production/web, which account 1 does not have: say which with --service, or --all; there is: worker',
    );
  });
});

test('the keys of a file are those at its top, each value a text of one line or nothing', () => {
  const text = `\uFEFF---\r\n"a b": x y # why\r\nc: 'it''s'\r\nd: |\r\n  name: no\r\ne:\r\n  name: no\r\nf: "1#2"\r\ng: http://x#y\r\n`;
  expect(topKeys(text)).toEqual(
    new Map([
      ['a b', 'x y'],
      ['c', "it's"],
      ['d', undefined],
      ['e', undefined],
      ['f', '1#2'],
      ['g', 'http://x#y'],
    ]),
  );
  expect(topKeys('a: no\nb: 012\nc: &x y\nd: *x\ne: !Sub z\n')).toEqual(
    new Map([
      ['a', 'no'],
      ['b', '012'],
      ['c', 'y'],
      ['d', undefined],
      ['e', 'z'],
    ]),
  );
  expect(topKeys('a: 1\na: 2\n')).toBe('Map keys must be unique at line 2, column 1');
  expect(topKeys('a: 1\n---\na: 2\n')).toContain('multiple documents');
});
