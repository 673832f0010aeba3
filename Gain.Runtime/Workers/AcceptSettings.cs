namespace Gain.Workers;

/// <summary>How a worker treats clients that a limit keeps out.</summary>
/// <param name="LimitPolicy">What happens at the limit on connections.</param>
/// <param name="Farewell">What those are sent who are refused by a limit.</param>
/// <param name="MaxParked">The sockets that may wait between the accept and their turn.</param>
internal sealed record AcceptSettings(
    ConnectionLimitPolicy LimitPolicy, ReadOnlyMemory<byte> Farewell, int MaxParked);
