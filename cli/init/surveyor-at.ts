/** Whom `init` asks: the account of one's credentials, or a local AWS. There is no config yet that says. */
import { connectSurveyor, type Surveyor } from '../../shared/aws/connect/surveyor.ts';
import { localSettings } from '../connect/connection.ts';
import { note } from '../output/print.ts';

export interface SurveyedPlace {
  readonly region: string;
  readonly local: string | undefined;
  readonly as: string | undefined;
  readonly debug: boolean;
}

export function surveyorAt({ region, local, as, debug }: SurveyedPlace): Surveyor {
  const say = (message: string, facts?: object) =>
    debug ? note(`${message} ${JSON.stringify(facts ?? {})}`) : undefined;
  const aws = local === undefined ? { region } : localSettings({ region }, local, as);
  return connectSurveyor(aws, { log: { debug: say, info: say, warn: say }, now: Date.now });
}
