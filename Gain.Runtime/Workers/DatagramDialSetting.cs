using Gain.Sockets;

namespace Gain.Workers;

/// <summary>How a protocol's sockets for datagrams are dialled.</summary>
/// <param name="Sockets">Opens them.</param>
/// <param name="IdleMs">How long they may neither send nor receive; 0 for any time.</param>
internal sealed record DatagramDialSetting(OutgoingSockets Sockets, long IdleMs);
