namespace Gain.Sockets;

/// <summary>An address that a server can be started on, parsed.</summary>
internal abstract class ServerAddress
{
    /// <summary>Reads an address; its scheme says of what kind it is.</summary>
    /// <exception cref="GainException">The address is not valid; the message says what to write
    /// instead.</exception>
    internal static ServerAddress Parse(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        int colon = address.IndexOf(':');
        return (colon < 0 ? "" : address[..colon].ToLowerInvariant()) switch
        {
            "unix" => UnixAddressParser.Parse(address, isDatagram: false),
            "unixgram" => UnixAddressParser.Parse(address, isDatagram: true),
            "systemd" => SystemdAddress.Parse(address),
            _ => ListenAddress.Parse(address),
        };
    }

    /// <summary>
    /// Whether there may be datagram sockets among those that it stands for: each worker receives from its
    /// own, whoever accepts connections.
    /// </summary>
    internal abstract bool MayHaveDatagrams { get; }

    /// <summary>Whether its connections are to be encrypted, by a layer that the server is given.</summary>
    internal virtual bool IsSecure => false;

    /// <summary>Reads one address, and others.</summary>
    /// <exception cref="GainException">An address is not valid; the message says which.</exception>
    internal static ServerAddress[] ParseAll(string address, ReadOnlySpan<string> more)
    {
        var all = new ServerAddress[1 + more.Length];
        all[0] = Parse(address);
        for (int i = 0; i < more.Length; i++)
        {
            all[i + 1] = Parse(more[i]);
        }

        return all;
    }

    /// <summary>For how many threads it has to be opened.</summary>
    internal int CountThreads(GainOptions options) =>
        options.Architecture == GainArchitecture.Reactor && !MayHaveDatagrams ? 1 : options.WorkerCount;

    /// <summary>Binds and listens on everything that the address stands for, or on nothing.</summary>
    /// <param name="workers">The number of workers; each gets sockets of its own.</param>
    /// <param name="options">The server's options, valid.</param>
    /// <exception cref="GainException">Something failed; no descriptor is left open.</exception>
    internal abstract ListenerSet Open(int workers, GainOptions options);

    /// <summary>
    /// Whether a server can listen on it twice: only where each time means another socket, as with port 0.
    /// </summary>
    internal virtual bool IsRepeatable => false;

    /// <summary>The canonical form, which parses to an equal address.</summary>
    public abstract override string ToString();
}
