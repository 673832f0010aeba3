using Gain.Sockets;

namespace Gain.Workers;

/// <summary>How the connections of a protocol are dialled.</summary>
/// <param name="Sockets">Opens their sockets.</param>
/// <param name="TimeoutMs">How long a connect may take.</param>
internal sealed record DialSetting(OutgoingSockets Sockets, long TimeoutMs);
