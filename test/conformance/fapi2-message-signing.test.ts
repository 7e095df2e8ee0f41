import { fapi2Modules } from './modules/fapi2.ts';
import { describeFapi2 } from './support/fapi2-run.ts';

const plan = 'FAPI 2.0 Message Signing (fapi2-message-signing-final-test-plan)';
const signed = { request: 'signed', response: 'jarm' } as const;

describeFapi2(plan, { authentication: 'private_key_jwt', binding: 'dpop', ...signed }, fapi2Modules);
describeFapi2(plan, { authentication: 'tls_client_auth', binding: 'mtls', ...signed }, fapi2Modules);
