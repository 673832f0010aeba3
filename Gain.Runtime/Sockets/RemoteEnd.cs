using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>
/// The other end of a connection to be: an IP address and port, a host's name and port, or the name of a Unix
/// socket.
/// </summary>
internal readonly struct RemoteEnd
{
    // A UnixAddress or a DialName; null for an IP address.
    private readonly object? _named;

    internal RemoteEnd(GainAddress address, string? secureHost = null)
    {
        Address = address;
        SecureHost = secureHost;
        Scheme = secureHost is null ? RemoteScheme.Any : RemoteScheme.Connections;
    }

    internal RemoteEnd(GainAddress address, RemoteScheme scheme)
    {
        Address = address;
        Scheme = scheme;
    }

    internal RemoteEnd(UnixAddress address)
    {
        _named = address;
        Address = GainAddress.Unix;
        Scheme = RemoteScheme.Connections;
    }

    internal RemoteEnd(DialName name, bool isSecure = false)
    {
        _named = name;
        SecureHost = isSecure ? name.Host : null;
        Scheme = name.IsDatagram ? RemoteScheme.Datagrams : RemoteScheme.Connections;
    }

    /// <summary>What it can be dialled for.</summary>
    internal RemoteScheme Scheme { get; }

    /// <summary>The host's name, which has to be looked up; null where there is none.</summary>
    internal DialName? Name => _named as DialName;

    /// <summary>
    /// Whom a layer such as TLS is to be set up with, as a name or an IP address; null where the connection
    /// is plain.
    /// </summary>
    internal string? SecureHost { get; }

    /// <summary>The address; that of every Unix socket for one of these, and none for a name.</summary>
    internal GainAddress Address { get; }

    /// <summary>Whether it is a Unix socket.</summary>
    internal bool IsUnix => _named is UnixAddress;

    /// <summary>The family of the socket that reaches it.</summary>
    internal int Family => IsUnix ? SocketAbi.AF_UNIX
        : Address.Kind == GainAddressKind.IPv4 ? SocketAbi.AF_INET
        : SocketAbi.AF_INET6;

    /// <summary>Whether it is the same as another.</summary>
    internal bool Matches(in RemoteEnd other) =>
        Address == other.Address && SecureHost == other.SecureHost && (_named, other._named) switch
        {
            (null, null) => true,
            (UnixAddress one, UnixAddress two) => one.IsAbstract == two.IsAbstract && one.Name == two.Name,
            (DialName one, DialName two) =>
                one.Host == two.Host && one.Port == two.Port && one.Family == two.Family,
            _ => false,
        };

    /// <summary>A number that two which match have in common.</summary>
    internal int GetHash() => Address.GetHashCode() ^ (_named switch
    {
        UnixAddress unix => unix.Name.GetHashCode(),
        DialName name => name.Host.GetHashCode() ^ name.Port,
        _ => 0,
    });

    /// <summary>Fills <paramref name="storage"/>; returns how many bytes of it the address takes.</summary>
    internal uint ToSockAddr(out sockaddr_storage storage) => _named is UnixAddress unix
        ? unix.ToSockAddr(out storage)
        : (uint)EndPointConversion.ToSockAddr(Address, Family, out storage);

    public override string ToString()
    {
        string text = _named?.ToString()
            ?? $"{(Scheme == RemoteScheme.Datagrams ? "udp" : "tcp")}://{Address}";
        return SecureHost is null ? text : $"tls{text["tcp".Length..]}";
    }
}
