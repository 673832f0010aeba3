using Gain.Layers;
using Gain.Sockets;

namespace Gain.Workers;

/// <summary>How connections of one of the addresses of a server's start are served.</summary>
/// <param name="Given">The address.</param>
/// <param name="Prototype">The number of the prototype that their handlers are copies of.</param>
/// <param name="Layer">What lies between their sockets and the protocol; null for nothing.</param>
/// <param name="Protocol">The protocol's name, for messages.</param>
/// <param name="ServesConnections">Whether the protocol has a callback for connections.</param>
internal sealed record ServedAddress(
    ServerAddress Given, byte Prototype, ConnectionLayer? Layer, string Protocol, bool ServesConnections);
