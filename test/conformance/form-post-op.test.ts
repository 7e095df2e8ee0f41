import { basicModules } from './modules/basic.ts';
import { basicPlan } from './support/plans.ts';
import { describePlan } from './support/run-plan.ts';

describePlan(
  'Form Post OP (oidcc-formpost-basic-certification-test-plan)',
  basicPlan,
  basicModules,
  'form_post',
);
