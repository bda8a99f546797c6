/** What the example service is called; the example in `pipeline.config.ts` says the same. */
export const EXAMPLE = {
  account: '123456789012',
  region: 'eu-central-1',
  cluster: 'production',
  service: 'web',
  container: 'app',
  repository: 'shop/web',
  alarm: 'web-5xx',
  family: 'web',
  taskRole: 'web-task',
  executionRole: 'web-execution',
  port: 8080,
} as const;

export type ServiceNames = {
  readonly [K in keyof typeof EXAMPLE]: (typeof EXAMPLE)[K] extends number ? number : string;
};
