using Gain.Tls.OpenSsl;

namespace Gain.Tls;

/// <summary>The context of a server name, and the certificate in it.</summary>
internal readonly record struct NamedContext(SslContextHandle Handle, CertificateContent Certificate);
