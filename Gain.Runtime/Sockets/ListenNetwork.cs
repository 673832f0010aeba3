namespace Gain.Sockets;

/// <summary>What is spoken over IP at a listening address.</summary>
internal enum ListenNetwork
{
    /// <summary>Connections.</summary>
    Tcp,

    /// <summary>Datagrams.</summary>
    Udp,
}
