import { backchannelLogoutModules } from './modules/backchannel-logout.ts';
import { backchannelLogoutPlan } from './support/plans.ts';
import { describePlan } from './support/run-plan.ts';

describePlan(
  'Back-Channel Logout OP (oidcc-backchannel-rp-initiated-logout-certification-test-plan)',
  backchannelLogoutPlan,
  backchannelLogoutModules,
);
