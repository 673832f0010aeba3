using Gain.Sockets;

namespace Gain.Workers;

/// <summary>How the connections of a protocol are dialled.</summary>
/// <param name="Sockets">Opens their sockets.</param>
/// <param name="TimeoutMs">How long a connect may take.</param>
/// <param name="Names">What names stand for; shared by the workers.</param>
/// <param name="AttemptDelayMs">How long after the connect to one of a name's addresses the next
/// begins.</param>
/// <param name="Redial">When they are dialled again; null for never.</param>
/// <param name="Pool">How they are kept while nobody needs them; null for not at all.</param>
internal sealed record DialSetting(
    OutgoingSockets Sockets, long TimeoutMs, NameSource Names, long AttemptDelayMs,
    RedialSetting? Redial = null,
    PoolSetting? Pool = null)
{
    /// <summary>How sockets for datagrams are dialled; null where the protocol takes none.</summary>
    public DatagramDialSetting? Datagrams { get; init; }
}
