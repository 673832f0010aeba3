using System.Security.Cryptography.X509Certificates;

namespace Gain.Tls;

/// <summary>Decides about the certificate of a peer, after OpenSSL has checked it.</summary>
/// <param name="certificate">The peer's certificate, for the time of the call.</param>
/// <param name="fault">Why OpenSSL would refuse it; null when it would not.</param>
/// <returns>Whether the peer is accepted: true overrules <paramref name="fault"/>.</returns>
/// <remarks>It runs on the worker's thread in the middle of the handshake, and must not block. A throw
/// refuses.</remarks>
public delegate bool TlsPeerCheck(X509Certificate2 certificate, string? fault);
