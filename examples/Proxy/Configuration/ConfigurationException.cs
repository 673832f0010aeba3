namespace Gain.Proxy.Configuration;

/// <summary>The file cannot be used; the message names the key, its value, and what is allowed.</summary>
internal sealed class ConfigurationException(string message) : Exception(message);
