/** Where GitHub delivers: a function URL, which costs nothing but the invocations. */
import { CfnOutput, aws_lambda as lambda } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Open to everybody, since GitHub has no credentials of AWS: it signs what it sends instead, and the
 * function believes nothing that is not signed.
 */
export function createWebhook(scope: Construct, receiver: lambda.Function): void {
  const { url } = receiver.addFunctionUrl({
    authType: lambda.FunctionUrlAuthType.NONE,
    // The answer is one line; a stream has nothing to add, and shared/edge reads one shape only.
    invokeMode: lambda.InvokeMode.BUFFERED,
  });
  new CfnOutput(scope, 'GitHubWebhook', {
    value: url,
    description: 'Payload URL of the webhook on GitHub. What is not signed is refused.',
  });
}
