namespace Gain.Sockets;

/// <summary>An option of which the kernel grants less than was asked for.</summary>
/// <param name="Name">Its name in the manual pages.</param>
/// <param name="Asked">What was asked for.</param>
/// <param name="Granted">What there is.</param>
/// <param name="Limit">The sysctl that holds it.</param>
internal sealed record GrantedOption(string Name, int Asked, int Granted, string Limit);
