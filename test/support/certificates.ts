/**
 * Certificates of clients, for tests only: made once with openssl, valid for a century, their private keys thrown away.
 * No test needs those: the proxy in front has made sure that its peer holds them (RFC 8705 §2).
 */

/**
 * `CN=tool.example,OU=a,O=Ministère de l’Exemple\, service \+ \"numérique\",C=FR`, with the alternative names
 * tool.example, *.wild.example, https://tool.example/id, 192.0.2.7, 2001:db8::7, tool@tool.example.
 */
export const toolCertificate = `-----BEGIN CERTIFICATE-----
MIICZTCCAgqgAwIBAgIUZyt+eg7/B6dikMEDTYQDJx8WYtEwCgYIKoZIzj0EAwIw
QzELMAkGA1UEBhMCRlIxEzARBgNVBAoMClRlc3RzIG9ubHkxHzAdBgNVBAMMFkF1
dGhvcml0eSBvZiB0aGUgdGVzdHMwIBcNMjYxMTIyMDM1MDMyWhgPMjEyNjEwMjkw
MzUwMzJaMGwxCzAJBgNVBAYTAkZSMTowOAYDVQQKDDFNaW5pc3TDqHJlIGRlIGzi
gJlFeGVtcGxlLCBzZXJ2aWNlICsgIm51bcOpcmlxdWUiMQowCAYDVQQLDAFhMRUw
EwYDVQQDDAx0b29sLmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARw
hVPL67HQL5QrtZPPhDZW8UbSzHsvd67nsB4xwDSduvYMwF1OIWJdtFMh+2rsb32q
ylLl/Am4V5/gyRfTAFsNo4GwMIGtMGsGA1UdEQRkMGKCDHRvb2wuZXhhbXBsZYIO
Ki53aWxkLmV4YW1wbGWGF2h0dHBzOi8vdG9vbC5leGFtcGxlL2lkhwTAAAIHhxAg
AQ24AAAAAAAAAAAAAAAHgRF0b29sQHRvb2wuZXhhbXBsZTAdBgNVHQ4EFgQUNy6T
h2+MGpgATx55/K+vLU0wTRQwHwYDVR0jBBgwFoAUpKaLxUPRY2nYOtHYFtMnvsBL
IZ8wCgYIKoZIzj0EAwIDSQAwRgIhAK/sOdSQKi1Mg2n/UVcBaoHmkOjed9KvVkvq
oBTpM38WAiEAqdZK7z3RQB9v1Iyy4BQxTiMnKsMj96APSw5RaS7sY+I=
-----END CERTIFICATE-----`;

/** `CN=multi+serialNumber=42,C=FR`. */
export const multiCertificate = `-----BEGIN CERTIFICATE-----
MIIBaTCCAQ4CFGcrfnoO/wenYpDBA02EAycfFmLSMAoGCCqGSM49BAMCMEMxCzAJ
BgNVBAYTAkZSMRMwEQYDVQQKDApUZXN0cyBvbmx5MR8wHQYDVQQDDBZBdXRob3Jp
dHkgb2YgdGhlIHRlc3RzMCAXDTI2MTEyMjAzNTAzMloYDzIxMjYxMDI5MDM1MDMy
WjAoMQswCQYDVQQGEwJGUjEZMAkGA1UEBRMCNDIwDAYDVQQDDAVtdWx0aTBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABH85yHu047UFxwcPOwQbWt7trybwi9t1wUc4
dkR4ba6c5NFWOrf73LnVxeBchurkUNxyfWEWZnZGDW1Z3ZR+RRowCgYIKoZIzj0E
AwIDSQAwRgIhAJKEPhNErr7QEHtEoEoO5vZmeY2qVvkHjahe9hG1bEKOAiEA75Iy
dUyn9pCoxewLzx2zLt8CYncDnqU/1uf4hf5KRzs=
-----END CERTIFICATE-----`;

/** `CN=plain`, with the alternative name plain.example. */
export const plainCertificate = `-----BEGIN CERTIFICATE-----
MIIBsjCCAVmgAwIBAgIUZyt+eg7/B6dikMEDTYQDJx8WYtMwCgYIKoZIzj0EAwIw
QzELMAkGA1UEBhMCRlIxEzARBgNVBAoMClRlc3RzIG9ubHkxHzAdBgNVBAMMFkF1
dGhvcml0eSBvZiB0aGUgdGVzdHMwIBcNMjYxMTIyMDM1MDMzWhgPMjEyNjEwMjkw
MzUwMzNaMBAxDjAMBgNVBAMMBXBsYWluMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
QgAEf6f24lhq6eZUlePZQ3t3PwtrzJnVQu5fUYQ46zE1pdTb0t4nhhDybdbiluvB
SLtODHpAKmY8mA7/oROynnk6HaNcMFowGAYDVR0RBBEwD4INcGxhaW4uZXhhbXBs
ZTAdBgNVHQ4EFgQUipA7JJf5kPV17VH8RC8hqqQHJIQwHwYDVR0jBBgwFoAUpKaL
xUPRY2nYOtHYFtMnvsBLIZ8wCgYIKoZIzj0EAwIDRwAwRAIgVCUJvzunWzJSFucO
Iv0Behp6RDPX58BUBmesX9F5XVYCIG3r3Q1d7WFapOwlXCogT1kVpAiAvYwQrE9t
3UMiDn99
-----END CERTIFICATE-----`;

/** `CN=self`, signed by itself. */
export const selfSignedCertificate = `-----BEGIN CERTIFICATE-----
MIIBdjCCARugAwIBAgIUKhCC5Hdt6bafkVqkfBQVs0jxsF4wCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEc2VsZjAgFw0yNjExMjIwMzUwMzNaGA8yMTI2MTAyOTAzNTAz
M1owDzENMAsGA1UEAwwEc2VsZjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABCUe
v/hF0GHWGSWXewCQdFrrD24mAaMcHVybO/YDZrzCQQZSqi7CLZJbrzyWJSkA4Rgb
VKBzQ+zcVrLYg/yWn5WjUzBRMB0GA1UdDgQWBBTfLgt3gUl0g6NDPlU0lYp15nCo
nTAfBgNVHSMEGDAWgBTfLgt3gUl0g6NDPlU0lYp15nConTAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0kAMEYCIQCIR7Ps384ovo698RW69DoAhWDFtvJdBlvd
XE/4IodVIwIhAKeT0vSHL9g+WltPCursCp0xX3UeqqCaQp0q1KN4+SvH
-----END CERTIFICATE-----`;

/** `CN=expired`, signed by itself, ended the day before it was made. */
export const expiredCertificate = `-----BEGIN CERTIFICATE-----
MIIBHjCBxQIUdwE5ziLVyHcp1JWUYvoTYCA14wswCgYIKoZIzj0EAwIwEjEQMA4G
A1UEAwwHZXhwaXJlZDAeFw0yNjExMjIwMzU0MDZaFw0yNjExMjEwMzU0MDZaMBIx
EDAOBgNVBAMMB2V4cGlyZWQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATGnawx
3YdOuoW2QGm+HOgWAtpe0jvf/wGpRIuPQFlwZ3f7G7zLSBqMvHlXaasYzOPdMhaR
FKyW6RCt23ss9sN9MAoGCCqGSM49BAMCA0gAMEUCICEjMsCsH3djj84Oc/5OCdnJ
Qarpiqe6Xmu+IwqNz1ucAiEAs6oLXiy/x2kinbLJoQIejPg7YInUAeIDEdvQ1Nxw
rtQ=
-----END CERTIFICATE-----`;

/** The DER bytes in base64, as `x5c` and RFC 9440 hold them. */
export const derOf = (pem: string): string => pem.replaceAll(/-----[A-Z ]+-----|\s/g, '');
