import { rpInitiatedLogoutModules } from './modules/rp-initiated-logout.ts';
import { rpInitiatedLogoutPlan } from './support/plans.ts';
import { describePlan } from './support/run-plan.ts';

describePlan(
  'RP-Initiated Logout OP (oidcc-rp-initiated-logout-certification-test-plan)',
  rpInitiatedLogoutPlan,
  rpInitiatedLogoutModules,
);
