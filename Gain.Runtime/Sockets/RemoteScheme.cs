namespace Gain.Sockets;

/// <summary>What a target can be dialled for: its scheme says, and an address alone has none.</summary>
internal enum RemoteScheme : byte
{
    /// <summary>For either: an address.</summary>
    Any = 0,

    /// <summary>tcp://, tls:// and unix://.</summary>
    Connections = 1,

    /// <summary>udp://.</summary>
    Datagrams = 2,
}
