using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>
/// The other end of a connection to be: an IP address and port, or the name of a Unix socket.
/// </summary>
internal readonly struct RemoteEnd
{
    private readonly UnixAddress? _unix;

    internal RemoteEnd(GainAddress address) => Address = address;

    internal RemoteEnd(UnixAddress address)
    {
        _unix = address;
        Address = GainAddress.Unix;
    }

    /// <summary>The address; that of every Unix socket for one of these.</summary>
    internal GainAddress Address { get; }

    /// <summary>Whether it is a Unix socket.</summary>
    internal bool IsUnix => _unix is not null;

    /// <summary>The family of the socket that reaches it.</summary>
    internal int Family => IsUnix ? SocketAbi.AF_UNIX
        : Address.Kind == GainAddressKind.IPv4 ? SocketAbi.AF_INET
        : SocketAbi.AF_INET6;

    /// <summary>Fills <paramref name="storage"/>; returns how many bytes of it the address takes.</summary>
    internal uint ToSockAddr(out sockaddr_storage storage) => _unix is not null
        ? _unix.ToSockAddr(out storage)
        : (uint)EndPointConversion.ToSockAddr(Address, Family, out storage);

    public override string ToString() => _unix?.ToString() ?? $"tcp://{Address}";
}
