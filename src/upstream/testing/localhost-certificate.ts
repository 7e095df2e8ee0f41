/** `CN=localhost`, made once with openssl for these tests, valid for a century. Its key is public: it protects nothing. */
export const localhost = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7uP89mZGsVObekJV
K9zY5TERY9bKIYfgTbmMbG42pSihRANCAAQ0KaWUV54eA53ADcxPCwVaLqf1rv+x
xFMeWrA+i92IQD+Pcf7xmtXl7619ozRwDRXKg1kGUd0Rtb7Gxg6VfLUt
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBljCCATugAwIBAgIUcYslwJEz0KIbo2hC4N8K4wtKQDQwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjIxMzgzMFoYDzIxMjYxMDI5
MjEzODMwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQ0KaWUV54eA53ADcxPCwVaLqf1rv+xxFMeWrA+i92IQD+Pcf7xmtXl
7619ozRwDRXKg1kGUd0Rtb7Gxg6VfLUto2kwZzAdBgNVHQ4EFgQUeIrmcan1wQDt
Og/pybiq7l6/iswwHwYDVR0jBBgwFoAUeIrmcan1wQDtOg/pybiq7l6/iswwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SQAwRgIhAIIxlcVn1W4zBFkOHZW2req/f8l3tTQzGxw53Ru3+fP6AiEA0WovtJz8
XGOMIOVsJt5NiNP6t642WL3297DTo4VZSrY=
-----END CERTIFICATE-----`,
  endsAt: new Date('2126-10-29T21:38:30Z'),
} as const;
