namespace Gain.Tls.Tests;

/// <summary>Runs a test over each protocol version that an endpoint can speak.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class VersionsAttribute() : ValuesAttribute(TlsVersion.Tls12, TlsVersion.Tls13);
