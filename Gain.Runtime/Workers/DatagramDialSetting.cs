using Gain.Sockets;

namespace Gain.Workers;

/// <summary>How a protocol's sockets for datagrams are dialled.</summary>
/// <param name="sockets">Opens them.</param>
/// <param name="idleMs">How long they may neither send nor receive; 0 for any time.</param>
internal sealed class DatagramDialSetting(OutgoingSockets sockets, long idleMs)
{
    public OutgoingSockets Sockets => sockets;

    public long IdleMs => idleMs;
}
