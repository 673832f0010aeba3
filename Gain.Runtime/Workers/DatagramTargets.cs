using Gain.Sockets;

namespace Gain.Workers;

/// <summary>What can be dialled for connections, and what for datagrams.</summary>
internal static class DatagramTargets
{
    /// <summary>Refuses a target of datagrams for a connection.</summary>
    /// <exception cref="InvalidOperationException">It is one.</exception>
    public static void RequireConnections(in RemoteEnd target)
    {
        if (target.Scheme == RemoteScheme.Datagrams)
        {
            throw new InvalidOperationException(
                $"Cannot dial a connection to {target}: datagrams have none. Use DialDatagram in a callback "
                + "or DialDatagramAsync, or dial tcp://.");
        }
    }

    /// <summary>Refuses a target of connections for datagrams.</summary>
    /// <exception cref="InvalidOperationException">It is one.</exception>
    public static void RequireDatagrams(in RemoteEnd target)
    {
        if (target.Scheme == RemoteScheme.Connections)
        {
            throw new InvalidOperationException(
                $"Cannot dial {target} for datagrams: it is for connections. Write udp://host:port, or use "
                + "Dial in a callback or DialAsync.");
        }
    }

    /// <summary>A name was dialled in a callback.</summary>
    public static InvalidOperationException IsName(in RemoteEnd target) => new(
        $"Cannot dial {target} in a callback: a name is looked up elsewhere. Use an IP address, or "
        + "server.DialDatagramAsync from another thread.");

    /// <summary>A handler has no callback for what was dialled.</summary>
    public static InvalidOperationException NoCallback(string handler, in RemoteEnd target) => new(
        $"Cannot dial {target} for datagrams: {handler} declares no OnDatagram. Add void OnDatagram("
        + "Datagram datagram, ReadOnlySpan<byte> data), or use Dial for a connection.");
}
