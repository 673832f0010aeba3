namespace Gain.Workers;

/// <summary>Where one of a server's sockets is bound.</summary>
/// <param name="Address">The address, as a client can be given it.</param>
/// <param name="Place">The socket's place among the listeners of each thread.</param>
internal readonly record struct BoundAddress(string Address, int Place);
