import type { Fapi2Checks } from '../support/fapi2-run.ts';
import { fapi2DpopModules } from './fapi2-dpop.ts';
import { fapi2HappyModules } from './fapi2-happy.ts';
import { fapi2RequestModules } from './fapi2-requests.ts';
import { fapi2TokenModules } from './fapi2-tokens.ts';

export const fapi2Modules: Fapi2Checks = {
  ...fapi2HappyModules,
  ...fapi2DpopModules,
  ...fapi2RequestModules,
  ...fapi2TokenModules,
};
