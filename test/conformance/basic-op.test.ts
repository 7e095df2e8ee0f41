import { basicModules } from './modules/basic.ts';
import { basicPlan } from './support/plans.ts';
import { describePlan } from './support/run-plan.ts';

describePlan('Basic OP (oidcc-basic-certification-test-plan)', basicPlan, basicModules);
