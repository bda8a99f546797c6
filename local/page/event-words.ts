/** One line for what AWS told. Events that our functions hear but a reader need not are told deeper. */
import type { BusEvent } from '@slipway/local-cloud/eventbridge/bus-event.ts';
import type { Told } from './entry-words.ts';
import { digestText } from './formats.ts';

export function eventWords(event: BusEvent): Told {
  const detail = new Detail(event.detail);
  switch (event['detail-type']) {
    case 'CloudWatch Alarm State Change':
      return alarmWords(detail);
    case 'ECS Deployment State Change':
      return deploymentWords(event, detail);
    case 'ECS Task State Change':
      return taskWords(detail);
    case 'ECR Image Action':
      return imageWords(detail);
    case 'ECR Image Scan':
      return scanWords(detail);
    case 'CodeBuild Build State Change':
      return buildWords(detail);
    default:
      return {
        depth: 'decisions',
        speaker: 'aws',
        tone: 'plain',
        head: event['detail-type'],
        text: [detail.text('eventName'), detail.text('reason')].filter(Boolean).join(': '),
      };
  }
}

/** What an event holds is whatever somebody sent: everything is looked at before it is used. */
class Detail {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(fields: unknown) {
    const isRecord = typeof fields === 'object' && fields !== null;
    this.#fields = isRecord ? (fields as Readonly<Record<string, unknown>>) : {};
  }

  /** Empty if it is absent, or no text. */
  text(name: string): string {
    const value = this.#fields[name];
    return typeof value === 'string' ? value : '';
  }

  within(name: string): Detail {
    return new Detail(this.#fields[name]);
  }

  entries(): readonly (readonly [string, unknown])[] {
    return Object.entries(this.#fields);
  }
}

function alarmWords(detail: Detail): Told {
  const state = detail.within('state');
  const red = state.text('value') === 'ALARM';
  return {
    depth: 'story',
    speaker: 'alarm',
    tone: red ? 'bad' : 'good',
    head: `${detail.text('alarmName')}: ${detail.within('previousState').text('value')} → ${state.text('value')}`,
    // Without what CloudWatch adds to every reason.
    text: red ? state.text('reason').replaceAll(/Threshold Crossed: | \(minimum [^)]*\)/g, '') : '',
  };
}

function deploymentWords({ resources }: BusEvent, detail: Detail): Told {
  const name = detail.text('eventName').replace('SERVICE_DEPLOYMENT_', '').toLowerCase();
  const service = String(resources?.[0] ?? '')
    .split('/')
    .at(-1);
  const reason = detail.text('reason');
  return {
    depth: 'story',
    speaker: 'ecs',
    tone: name === 'failed' ? 'bad' : name === 'completed' ? 'good' : 'busy',
    head: `${service}: deployment ${name.replaceAll('_', ' ')}`,
    text: /in progress\.$|completed\.$/.test(reason) ? '' : reason,
  };
}

function taskWords(detail: Detail): Told {
  const task = detail.text('taskArn').split('/').at(-1) ?? '';
  const stopped = detail.text('lastStatus') === 'STOPPED';
  return {
    depth: 'decisions',
    speaker: 'ecs',
    tone: 'plain',
    head: `${detail.text('group').replace(/^service:/, '')}: task ${task.slice(0, 8)} ${detail.text('lastStatus')}`,
    text: stopped ? detail.text('stoppedReason') : '',
  };
}

function imageWords(detail: Detail): Told {
  const tag = detail.text('image-tag');
  const digest = digestText(detail.text('image-digest'));
  return {
    // The step that pushed it has told the same.
    depth: 'decisions',
    speaker: 'aws',
    tone: 'plain',
    head: `ECR ${detail.text('action-type').toLowerCase()}: ${detail.text('repository-name')}${tag === '' ? '' : `:${tag}`}`,
    text: digest,
  };
}

function scanWords(detail: Detail): Told {
  const counts = detail
    .within('finding-severity-counts')
    .entries()
    .map(([severity, count]) => `${String(count)} ${severity}`);
  const status = detail.text('scan-status');
  return {
    depth: 'story',
    speaker: 'aws',
    tone: status === 'FAILED' ? 'bad' : 'plain',
    head: `scan of ${detail.text('repository-name')} ${status.toLowerCase()}`,
    text: counts.length === 0 ? 'no findings' : counts.join(', '),
  };
}

function buildWords(detail: Detail): Told {
  const status = detail.text('build-status');
  const bad = ['FAILED', 'FAULT', 'TIMED_OUT', 'STOPPED'].includes(status);
  return {
    depth: 'story',
    speaker: 'aws',
    tone: bad ? 'bad' : status === 'SUCCEEDED' ? 'good' : 'busy',
    head: `build of ${detail.text('project-name')} ${status.toLowerCase().replaceAll('_', ' ')}`,
    text: bad ? `in phase ${detail.text('current-phase')}` : '',
  };
}
