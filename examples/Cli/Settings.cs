namespace Gain.Cli;

/// <summary>What the command line asks for.</summary>
internal sealed record Settings(string Handler, string Address, GainOptions Options, Secrecy? Tls = null);
