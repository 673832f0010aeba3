namespace Gain.Tests.Simulation.Dialled;

/// <summary>What a seed's run came to.</summary>
/// <param name="Dials">How many sockets were dialled.</param>
/// <param name="Delivered">How many datagrams were delivered.</param>
/// <param name="Sent">How many were sent.</param>
/// <param name="Strangers">How many of somebody else's arrived.</param>
/// <param name="Starvations">How often buffers ran out.</param>
/// <param name="Reasons">How many sockets ended for each reason.</param>
internal sealed record DialledResult(
    int Dials, int Delivered, long Sent, int Strangers, long Starvations, string Reasons);
