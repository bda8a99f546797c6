/**
 * The example service as an app of its own: `npx cdk deploy --app 'node infra/example/app.ts'`.
 * `-c tag=main-1` makes the service with that image, `-c image=published` with the one that Slipway
 * runs; without either there is all but the service. `-c certificate=<ARN>` for HTTPS, `-c
 * testers=<CIDR>` for the test listener. How traffic comes to a release, `pipeline.config.ts` says: the
 * strategy of its target of this service.
 */

import pipeline from '../../pipeline.config.ts';
import { createApp } from '../synth.ts';
import { EXAMPLE } from './names.ts';
import { ServiceStack } from './stack.ts';

const app = createApp({ outdir: process.env.CDK_OUTDIR ?? 'cdk.out/service' });
const context = (name: string): string | undefined => app.node.tryGetContext(name);
const [certificateArn, testers, tag] = [context('certificate'), context('testers'), context('tag')];
const target = Object.values(pipeline.targets).find(
  ({ cluster, service }) => cluster === EXAMPLE.cluster && service === EXAMPLE.service,
);
const strategy = target?.rules.strategy;
new ServiceStack(app, 'SlipwayExampleService', {
  names: EXAMPLE,
  ...(certificateArn && { certificateArn }),
  ...(testers && { testers }),
  ...(tag && { image: { tag } }),
  ...(strategy && { strategy }),
  ...(context('image') === 'published' && { image: { published: publishedImage() } }),
});
app.synth();

/** Read by CloudFormation at each deploy of this stack, so that it hands over what runs already. */
function publishedImage(): string {
  const { cluster, service, container } = EXAMPLE;
  return `{{resolve:ssm:/slipway/ecs/${cluster}/${service}/image/${container}}}`;
}
